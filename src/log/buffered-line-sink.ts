import type { LineSink } from "./line-sink.ts";

/** Lines that may wait for their target, bytes. */
export const WAITING_BYTES_MAX = 1024 * 1024;
/** Bytes handed to the target at once, as whole lines: one line or up to this. */
const BATCH_BYTES_MAX = 64 * 1024;

/** What finally holds the lines: a file, a pipe. One append at a time. */
export interface LineTarget {
  /** Appends whole lines; a rejection means that none of them is there and that trying again is worth it. */
  append(lines: Uint8Array): Promise<void>;
  /** After the last append. */
  close(): Promise<void>;
}

export interface BufferedLineSinkOptions {
  readonly target: LineTarget;
  /** After a failed append, time until the next one, ms. */
  readonly retryMs: number;
  /** Longest that `close()` waits for the target, ms. */
  readonly closeMs: number;
  /** The target began to fail. Not called again before an append has succeeded. */
  readonly onTrouble: (error: unknown) => void;
  /** The target is known to fail already: its first failures are no news. */
  readonly inTrouble?: boolean;
}

/**
 * Lines wait here until their target has them, in order.
 *
 * Bound: 1 MiB. Once it is full, newer lines are dropped and counted until all that wait are written; then one line
 * tells how many were lost, at the place where they are missing.
 */
export class BufferedLineSink implements LineSink {
  readonly #options: BufferedLineSinkOptions;
  #state: "open" | "closing" | "closed" = "open";
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #lostLines = 0;
  #inTrouble: boolean;
  #draining: Promise<void> | undefined;
  #endPause: (() => void) | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: BufferedLineSinkOptions) {
    this.#options = options;
    this.#inTrouble = options.inTrouble ?? false;
  }

  write(line: string): void {
    if (this.#state !== "open") return;
    const bytes = Buffer.from(line.endsWith("\n") ? line : `${line}\n`);
    if (this.#lostLines > 0 || this.#waitingBytes + bytes.length > WAITING_BYTES_MAX) {
      this.#lostLines++;
    } else {
      this.#enqueue(bytes);
    }
    this.#draining ??= this.#drain();
  }

  /** Writes what waits, with one last attempt at a failing target, and closes it; gives up at `closeMs`. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= this.#finish();
    return this.#closed;
  }

  async #finish(): Promise<void> {
    this.#state = "closing";
    this.#endPause?.();
    const { promise: timeout, resolve: giveUp } = Promise.withResolvers<void>();
    const timer = setTimeout(giveUp, this.#options.closeMs);
    const finished = Promise.resolve(this.#draining).then(() => this.#options.target.close());
    await Promise.race([finished.catch(() => {}), timeout]);
    clearTimeout(timer);
    this.#state = "closed";
  }

  async #drain(): Promise<void> {
    // Lines of the same turn of the event loop share a batch.
    await Promise.resolve();
    while (this.#state !== "closed" && (this.#waiting.length > 0 || this.#lostLines > 0)) {
      if (this.#waiting.length === 0) this.#enqueueLossNotice();
      const isLastAttempt = this.#state === "closing";
      if (await this.#appendBatch()) continue;
      if (isLastAttempt) break;
      await this.#pause();
    }
    this.#draining = undefined;
  }

  #enqueue(line: Buffer): void {
    this.#waiting.push(line);
    this.#waitingBytes += line.length;
  }

  #enqueueLossNotice(): void {
    const notice = { ts: new Date().toISOString(), level: "warn", lost_lines: this.#lostLines, msg: "lines were lost" };
    this.#enqueue(Buffer.from(`${JSON.stringify(notice)}\n`));
    this.#lostLines = 0;
  }

  /** Appends the next lines; false when the target did not take them. */
  async #appendBatch(): Promise<boolean> {
    let lineCount = 0;
    let byteCount = 0;
    for (const line of this.#waiting) {
      if (lineCount > 0 && byteCount + line.length > BATCH_BYTES_MAX) break;
      lineCount++;
      byteCount += line.length;
    }
    try {
      await this.#options.target.append(Buffer.concat(this.#waiting.slice(0, lineCount), byteCount));
    } catch (error) {
      if (!this.#inTrouble) this.#options.onTrouble(error);
      this.#inTrouble = true;
      return false;
    }
    this.#inTrouble = false;
    this.#waiting.splice(0, lineCount);
    this.#waitingBytes -= byteCount;
    return true;
  }

  /** Until it is time to try again, or `close()`. Does not keep the process alive. */
  #pause(): Promise<void> {
    if (this.#state !== "open") return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#options.retryMs).unref();
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
