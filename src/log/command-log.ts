import type { LineSink } from "./line-sink.ts";
import { shortenPayload } from "./shorten-payload.ts";
import type { TrafficListener, TrafficPayload } from "./traffic-listener.ts";

/**
 * `commands.jsonl`: every command in, every status out, and the states of a command's life, so that `grep ID` tells its
 * whole story. `ts` is UTC; `duration_ms` counts from the moment the command was received.
 */
export class CommandLog implements TrafficListener {
  readonly #sink: LineSink;

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  received(id: string | null, command: string | null, payload: TrafficPayload): void {
    this.#write({ dir: "in", cmd: command, id, payload: shortenPayload(payload) });
    this.#write({ id, state: "received", duration_ms: 0 });
  }

  /** `durationMs`: how long it waited for its turn. */
  processing(id: string | null, durationMs: number): void {
    this.#write({ id, state: "processing", duration_ms: roundMs(durationMs) });
  }

  completed(id: string | null, durationMs: number): void {
    this.#write({ id, state: "completed", duration_ms: roundMs(durationMs) });
  }

  failed(id: string | null, durationMs: number): void {
    this.#write({ id, state: "failed", duration_ms: roundMs(durationMs) });
  }

  sent(status: string, replyTo: string | null, payload: TrafficPayload): void {
    this.#write({ dir: "out", status, reply_to: replyTo, payload: shortenPayload(payload) });
  }

  #write(record: object): void {
    this.#sink.write(JSON.stringify({ ts: new Date().toISOString(), ...record }));
  }
}

/** To the microsecond. */
function roundMs(durationMs: number): number {
  return Math.round(durationMs * 1000) / 1000;
}
