import type { TrafficEntry } from "../../src/debug/viewer-messages.ts";

/** One line of the list, newest last. `key` is unique for as long as the page is open. */
export type TrafficItem = EntryItem | HoleItem | RestartItem;

export interface EntryItem {
  readonly type: "entry";
  readonly key: string;
  readonly entry: TrafficEntry;
  /** Of a command: the statuses that reply to it, in order. */
  readonly replies: TrafficEntry[];
  /** Of a status: the command that it replies to, if that is known here. */
  readonly command: TrafficEntry | undefined;
}

/** Entries that did not reach this page: from `first` to `last`. */
interface HoleItem {
  readonly type: "hole";
  readonly key: string;
  readonly first: number;
  readonly last: number;
}

/** Here the module began anew; what is above is from before. */
interface RestartItem {
  readonly type: "restart";
  readonly key: string;
}

/** The host's traffic, bounded: beyond `itemsMax` the oldest goes. Pairs a command with its replies by their id. */
export class TrafficLog {
  readonly #itemsMax: number;
  #items: TrafficItem[] = [];
  #run = 0;
  #lastSequence = 0;
  /** Of this run of the module, by sequence: to tell what was sent again after reconnecting from another run's. */
  #entries = new Map<number, TrafficEntry>();
  /** By their id; a host may send one twice. */
  #commands = new Map<string, EntryItem[]>();

  constructor(itemsMax = 2000) {
    this.#itemsMax = itemsMax;
  }

  get items(): readonly TrafficItem[] {
    return this.#items;
  }

  add(entries: readonly TrafficEntry[]): void {
    for (const entry of entries) this.#addEntry(entry);
    this.#forget(this.#items.length - this.#itemsMax);
  }

  #addEntry(entry: TrafficEntry): void {
    if (entry.sequence <= this.#lastSequence) {
      if (this.#isKnown(entry)) return;
      this.#beginRun();
    }
    if (this.#lastSequence > 0 && entry.sequence > this.#lastSequence + 1) {
      const [first, last] = [this.#lastSequence + 1, entry.sequence - 1];
      this.#items.push({ type: "hole", key: `${this.#run}-hole-${first}`, first, last });
    }
    this.#lastSequence = entry.sequence;
    this.#entries.set(entry.sequence, entry);
    this.#items.push(this.#pair(entry));
  }

  #pair(entry: TrafficEntry): EntryItem {
    const key = `${this.#run}-${entry.sequence}`;
    const sameId = entry.id === null ? [] : (this.#commands.get(entry.id) ?? []);
    // Replies come in the order of the commands: this one is for the first that has none.
    const waiting = sameId.find(({ replies }) => replies.length === 0) ?? sameId.at(-1);
    const asked = entry.direction === "out" ? waiting : undefined;
    asked?.replies.push(entry);
    const item: EntryItem = { type: "entry", key, entry, replies: [], command: asked?.entry };
    if (entry.direction === "in" && entry.id !== null) this.#commands.set(entry.id, [...sameId, item]);
    return item;
  }

  /** An old entry that is not kept any more counts as known: the module repeats its newest 500, we keep more. */
  #isKnown(entry: TrafficEntry): boolean {
    const known = this.#entries.get(entry.sequence);
    if (known !== undefined) return known.at === entry.at && known.monotonic_ms === entry.monotonic_ms;
    const [oldest] = this.#entries.values();
    return oldest !== undefined && entry.sequence < oldest.sequence && entry.monotonic_ms <= oldest.monotonic_ms;
  }

  #beginRun(): void {
    this.#run++;
    this.#lastSequence = 0;
    this.#entries = new Map();
    this.#commands = new Map();
    if (this.#items.length > 0) this.#items.push({ type: "restart", key: `${this.#run}-restart` });
  }

  #forget(count: number): void {
    if (count <= 0) return;
    for (const item of this.#items.splice(0, count)) {
      if (item.type !== "entry") continue;
      const { id, sequence } = item.entry;
      if (id !== null) this.#forgetCommand(id, item);
      if (this.#entries.get(sequence) === item.entry) this.#entries.delete(sequence);
    }
  }

  #forgetCommand(id: string, item: EntryItem): void {
    const others = this.#commands.get(id)?.filter((command) => command !== item) ?? [];
    if (others.length > 0) this.#commands.set(id, others);
    else this.#commands.delete(id);
  }
}
