import type { CapturedFrame } from "../capture/captured-frame.ts";
import type { DropReason } from "./frame-ledger.ts";
import type { Recorder } from "./recorder.ts";

type Held =
  | { readonly kind: "frame"; readonly frame: CapturedFrame; readonly inputIntervalNs: number }
  | { readonly kind: "bad"; readonly args: readonly [DropReason, number, number | null] };

/** Holds the newest of what comes until the recorder that it is for is ready: so that it begins with the frame that came next. */
export class LeadIn implements Recorder {
  readonly #framesMax: number;
  readonly #held: Held[] = [];
  #frameCount = 0;

  /** Beyond `framesMax` the oldest frame is let go, and what came before it. */
  constructor(framesMax: number) {
    this.#framesMax = framesMax;
  }

  offer(frame: CapturedFrame, inputIntervalNs: number): void {
    this.#held.push({ kind: "frame", frame: frame.retain(), inputIntervalNs });
    this.#frameCount++;
    while (this.#frameCount > this.#framesMax) this.#letGoOfOldest();
  }

  /** Of these as many are remembered as frames are. */
  offerBad(...args: readonly [DropReason, number, number | null]): void {
    this.#held.push({ kind: "bad", args });
    if (this.#held.length > 2 * this.#framesMax) this.#letGoOfOldest();
  }

  /** In their order; it holds nothing afterwards. */
  handOver(recorder: Recorder): void {
    for (const held of this.#held.splice(0)) {
      if (held.kind === "frame") recorder.offer(held.frame, held.inputIntervalNs);
      else recorder.offerBad(...held.args);
      if (held.kind === "frame") held.frame.release();
    }
    this.#frameCount = 0;
  }

  discard(): void {
    while (this.#held.length > 0) this.#letGoOfOldest();
  }

  #letGoOfOldest(): void {
    const oldest = this.#held.shift();
    if (oldest?.kind !== "frame") return;
    oldest.frame.release();
    this.#frameCount--;
  }
}
