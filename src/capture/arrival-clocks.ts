import { monotonicNs, realtimeNs } from "../native/clocks.ts";

/** The clocks at a frame's arrival, for sources without a camera; the monotonic one never stands still. */
export class ArrivalClocks {
  #lastNs = 0n;

  read(): { monotonicNs: bigint; realtimeNs: bigint } {
    const nowNs = monotonicNs();
    this.#lastNs = nowNs > this.#lastNs ? nowNs : this.#lastNs + 1n;
    return { monotonicNs: this.#lastNs, realtimeNs: realtimeNs() };
  }
}
