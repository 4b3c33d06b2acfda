import assert from "node:assert/strict";
import { FdWriter } from "../log/fd-writer.ts";

/** A line of this many bytes (with its `\n`) or more ends RPi Logger's reader for good. */
export const OUTPUT_LINE_BYTES_LIMIT = 64 * 1024;
/** Reports and warnings that may wait. */
export const DROPPABLE_LINES_MAX = 256;
/** What may wait, in lines and bytes, before the queue is congested. */
export const WAITING_LINES_MAX = 1000;
export const WAITING_BYTES_MAX = 4 * 1024 * 1024;

interface WaitingLine {
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

export interface OutputQueueOptions {
  /** Where the lines go: 1, stdout. */
  readonly fd: number;
  /** The host is gone: called once. */
  readonly onClosed: () => void;
}

/**
 * The only way to stdout: lines in the order of `push`, written without ever blocking the JavaScript thread.
 *
 * Bound: droppable lines (reports, warnings) wait 256 at most, beyond that the oldest of them is dropped and counted.
 * Replies and facts are never dropped; instead `isCongested` is true while more than 1,000 lines or 4 MiB wait, and
 * whoever reads commands pauses until `whenDrained()`: no new commands, no new replies. Once the host is gone (`EPIPE`,
 * `EBADF`) everything is discarded.
 */
export class OutputQueue {
  readonly #writer: FdWriter;
  readonly #onClosed: () => void;
  #state: "idle" | "writing" | "closed" = "idle";
  #kept: WaitingLine[] = [];
  #droppable: WaitingLine[] = [];
  #waitingBytes = 0;
  #pushedLines = 0;
  #droppedLines = 0;
  /** Called at every change of what waits. */
  readonly #watchers = new Set<() => void>();

  constructor({ fd, onClosed }: OutputQueueOptions) {
    this.#writer = new FdWriter(fd);
    this.#onClosed = onClosed;
  }

  /** Takes one line, without its `\n`, of less than 64 KiB. */
  push(line: string, { droppable }: { droppable: boolean }): void {
    assert(!line.includes("\n"), "a line to stdout must not contain a line end");
    const bytes = Buffer.from(`${line}\n`);
    assert(
      bytes.length < OUTPUT_LINE_BYTES_LIMIT,
      `a line to stdout has ${bytes.length} bytes, must be below ${OUTPUT_LINE_BYTES_LIMIT}`,
    );
    if (this.#state === "closed") return;
    (droppable ? this.#droppable : this.#kept).push({ sequence: this.#pushedLines++, bytes });
    this.#waitingBytes += bytes.length;
    if (this.#droppable.length > DROPPABLE_LINES_MAX) {
      this.#takeFrom(this.#droppable);
      this.#droppedLines++;
    }
    if (this.#state === "idle") void this.#writeWaiting();
  }

  /** Droppable lines that were dropped so far. */
  get droppedLines(): number {
    return this.#droppedLines;
  }

  get isCongested(): boolean {
    return this.#kept.length + this.#droppable.length > WAITING_LINES_MAX || this.#waitingBytes > WAITING_BYTES_MAX;
  }

  /** Resolves when the queue is not congested (any more), when the host is gone, or on abort. */
  whenDrained(signal?: AbortSignal): Promise<void> {
    return this.#until(() => !this.isCongested, signal);
  }

  /** True when all lines are written; false when they are not after `timeoutMs`, or never will be: the host is gone. */
  async flush(timeoutMs: number): Promise<boolean> {
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), timeoutMs);
    await this.#until(() => this.#state !== "writing", timeout.signal);
    clearTimeout(timer);
    return this.#state === "idle";
  }

  async #writeWaiting(): Promise<void> {
    this.#state = "writing";
    for (let bytes = this.#takeNext(); bytes !== undefined; bytes = this.#takeNext()) {
      this.#notify();
      try {
        await this.#writer.write(bytes);
      } catch {
        this.#close();
        return;
      }
    }
    this.#state = "idle";
    this.#notify();
  }

  #takeNext(): Uint8Array | undefined {
    const [kept] = this.#kept;
    const [droppable] = this.#droppable;
    const droppableIsNext = droppable !== undefined && (kept === undefined || droppable.sequence < kept.sequence);
    return this.#takeFrom(droppableIsNext ? this.#droppable : this.#kept);
  }

  #takeFrom(lines: WaitingLine[]): Uint8Array | undefined {
    const bytes = lines.shift()?.bytes;
    this.#waitingBytes -= bytes?.length ?? 0;
    return bytes;
  }

  #close(): void {
    this.#state = "closed";
    this.#kept = [];
    this.#droppable = [];
    this.#waitingBytes = 0;
    this.#notify();
    this.#onClosed();
  }

  #notify(): void {
    for (const watcher of this.#watchers) watcher();
  }

  #until(condition: () => boolean, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!condition() && !signal?.aborted) return;
        this.#watchers.delete(check);
        signal?.removeEventListener("abort", check);
        resolve();
      };
      this.#watchers.add(check);
      signal?.addEventListener("abort", check);
      check();
    });
  }
}
