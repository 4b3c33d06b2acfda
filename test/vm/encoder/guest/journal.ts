import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { JournalEvent } from "../journal.ts";

type Note = JournalEvent extends infer Event ? (Event extends JournalEvent ? Omit<Event, "at_ms"> : never) : never;

/** The record of one case: `journal.jsonl` in a folder of its own. */
export class Journal implements Disposable {
  readonly folder: string;
  readonly #fd: number;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.folder = folder;
    this.#fd = openSync(join(folder, "journal.jsonl"), "a");
  }

  note(note: Note): void {
    const event = { ...note, at_ms: Math.round(performance.now() * 10) / 10 };
    writeSync(this.#fd, `${JSON.stringify(event)}\n`);
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }

  /** A file beside it. */
  keep(name: string, bytes: Uint8Array | string): void {
    writeFileSync(join(this.folder, name), bytes);
  }
}
