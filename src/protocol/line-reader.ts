/** Longest line, bytes before its `\n`. */
export const LINE_BYTES_MAX = 1024 * 1024;

/**
 * What a line of the stream turned out to be. `byteCount` of a bad line: its bytes without the line's end; of one that
 * is too long: the bytes at which it was given up (`LINE_BYTES_MAX` + 1).
 */
export type LineItem =
  | { readonly kind: "line"; readonly text: string }
  | { readonly kind: "bad"; readonly reason: "too_long" | "invalid_utf8"; readonly byteCount: number };

/**
 * The lines of a byte stream: framing only, no meaning. The items do not depend on how the bytes are split into chunks.
 *
 * `\n` ends a line, a `\r` before it is dropped, as is a byte order mark at a line's start; lines of only white space
 * are skipped; what stands after the last `\n` is a line too. A line beyond `LINE_BYTES_MAX` is reported as soon as it
 * passes the limit and skipped up to its `\n`; memory stays within that limit plus one chunk and its lines. Nothing is
 * read ahead: a caller that pauses, pauses the stream.
 *
 * Ends with the stream, throws what the stream throws. Aborting ends it at once; an unfinished line is then no line.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<LineItem, void, undefined> {
  const splitter = new LineSplitter();
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    while (!signal?.aborted) {
      const next = await (signal ? nextUnlessAborted(iterator, signal) : iterator.next());
      if (next === "aborted") return;
      // Not yield*, which costs several promises even for no items.
      for (const item of next.done ? splitter.end() : splitter.push(next.value)) yield item;
      if (next.done) return;
    }
  } finally {
    // Not awaited: where a read is still under way, this waits for it.
    iterator.return?.().catch(() => {});
  }
}

function nextUnlessAborted<Value>(
  iterator: AsyncIterator<Value>,
  signal: AbortSignal,
): Promise<IteratorResult<Value> | "aborted"> {
  return new Promise((resolve, reject) => {
    const onAbort = () => resolve("aborted");
    signal.addEventListener("abort", onAbort, { once: true });
    iterator
      .next()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", onAbort));
  });
}

const NEW_LINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Cuts chunks at line ends. The unfinished line lies in one growing buffer: small chunks need no more room. */
class LineSplitter {
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  #unfinished = new Uint8Array(1024);
  #unfinishedBytes = 0;
  /** The line under way was too long and is skipped up to its end. */
  #skipping = false;

  push(chunk: Uint8Array): LineItem[] {
    const items: LineItem[] = [];
    let start = 0;
    while (start < chunk.length) {
      const newLine = chunk.indexOf(NEW_LINE, start);
      const end = newLine === -1 ? chunk.length : newLine;
      if (!this.#skipping) this.#take(chunk.subarray(start, end), newLine !== -1, items);
      if (newLine !== -1) this.#skipping = false;
      start = end + 1;
    }
    return items;
  }

  end(): LineItem[] {
    const items: LineItem[] = [];
    if (!this.#skipping) this.#take(new Uint8Array(0), true, items);
    return items;
  }

  /** Takes the line's next piece, which holds no line end. */
  #take(piece: Uint8Array, isLast: boolean, items: LineItem[]): void {
    if (this.#unfinishedBytes + piece.length > LINE_BYTES_MAX) {
      items.push({ kind: "bad", reason: "too_long", byteCount: LINE_BYTES_MAX + 1 });
      this.#unfinishedBytes = 0;
      this.#skipping = true;
    } else if (!isLast) {
      this.#keep(piece);
    } else {
      const line = this.#unfinishedBytes === 0 ? piece : this.#keep(piece);
      this.#unfinishedBytes = 0;
      const item = this.#decode(line);
      if (item !== undefined) items.push(item);
    }
  }

  #keep(piece: Uint8Array): Uint8Array {
    const byteCount = this.#unfinishedBytes + piece.length;
    if (byteCount > this.#unfinished.length) {
      const larger = new Uint8Array(Math.min(LINE_BYTES_MAX, Math.max(byteCount, 2 * this.#unfinished.length)));
      larger.set(this.#unfinished.subarray(0, this.#unfinishedBytes));
      this.#unfinished = larger;
    }
    this.#unfinished.set(piece, this.#unfinishedBytes);
    this.#unfinishedBytes = byteCount;
    return this.#unfinished.subarray(0, byteCount);
  }

  #decode(line: Uint8Array): LineItem | undefined {
    const bytes = line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
    let text: string;
    try {
      text = this.#decoder.decode(bytes);
    } catch {
      return { kind: "bad", reason: "invalid_utf8", byteCount: bytes.length };
    }
    return text.trim() === "" ? undefined : { kind: "line", text };
  }
}
