import { shorten } from "../errors.ts";
import { shortenPayload } from "../log/shorten-payload.ts";
import type { TrafficListener, TrafficPayload } from "../log/traffic-listener.ts";
import type { TrafficEntry } from "./viewer-messages.ts";

/** What a viewer gets to see at most when it connects. The oldest goes first. */
const ENTRIES_MAX = 500;
/** Of a payload: a path, twice. So the ring is bounded: 500 entries of this. */
const PAYLOAD_CHARACTERS_MAX = 8192;
const NAME_CHARACTERS_MAX = 200;
/** Of one message, but for its last entry. */
const MESSAGE_CHARACTERS = 32_768;

/** A message with traffic, ready to be sent, and the sequence of the entry after it. */
export interface TrafficChunk {
  readonly text: string;
  readonly next: number;
}

/** The host's last commands and statuses, as JSON made once. Viewers read it at their own pace; who is slow finds holes. */
export class TrafficRing implements TrafficListener {
  readonly #monotonicMs: () => number;
  readonly #onEntry: () => void;
  readonly #entries: string[] = [];
  /** Of the next entry. */
  #sequence = 1;

  /** `onEntry`: there is something to read. */
  constructor(monotonicMs: () => number, onEntry: () => void) {
    this.#monotonicMs = monotonicMs;
    this.#onEntry = onEntry;
  }

  received(id: string | null, command: string | null, payload: TrafficPayload): void {
    this.#add("in", command, id, payload);
  }

  sent(status: string, replyTo: string | null, payload: TrafficPayload): void {
    this.#add("out", status, replyTo, payload);
  }

  /** What came from entry `sequence` on, as much as one message takes; undefined: nothing did. */
  from(sequence: number): TrafficChunk | undefined {
    const oldest = this.#sequence - this.#entries.length;
    const first = Math.max(sequence, oldest);
    const texts: string[] = [];
    let characters = 0;
    for (let next = first; next < this.#sequence && characters < MESSAGE_CHARACTERS; next++) {
      const text = this.#entries[next - oldest] ?? "";
      texts.push(text);
      characters += text.length;
    }
    // A TrafficMessage, put together of entries that are JSON already.
    const text = `{"kind":"traffic","entries":[${texts.join(",")}]}`;
    return texts.length === 0 ? undefined : { text, next: first + texts.length };
  }

  #add(direction: "in" | "out", name: string | null, id: string | null, payload: TrafficPayload): void {
    const entry: TrafficEntry = {
      sequence: this.#sequence++,
      at: new Date().toISOString(),
      monotonic_ms: this.#monotonicMs(),
      direction,
      name: name === null ? null : shorten(name, NAME_CHARACTERS_MAX),
      id: id === null ? null : shorten(id, NAME_CHARACTERS_MAX),
      payload: shortenPayload(payload, PAYLOAD_CHARACTERS_MAX),
    };
    this.#entries.push(JSON.stringify(entry));
    if (this.#entries.length > ENTRIES_MAX) this.#entries.shift();
    this.#onEntry();
  }
}
