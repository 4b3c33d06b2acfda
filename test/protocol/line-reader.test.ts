import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { LINE_BYTES_MAX, type LineItem, readLines } from "../../src/protocol/line-reader.ts";

async function itemsOf(chunks: AsyncIterable<Uint8Array>): Promise<LineItem[]> {
  const items: LineItem[] = [];
  for await (const item of readLines(chunks)) items.push(item);
  return items;
}

async function* each(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

function* pieces(bytes: Uint8Array, pieceBytes: number): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += pieceBytes) yield bytes.subarray(start, start + pieceBytes);
}

const read = (...chunks: (string | number[])[]) =>
  itemsOf(each(chunks.map((chunk) => (typeof chunk === "string" ? Buffer.from(chunk) : Uint8Array.from(chunk)))));
const line = (text: string): LineItem => ({ kind: "line", text });
const tooLong: LineItem = { kind: "bad", reason: "too_long", byteCount: LINE_BYTES_MAX + 1 };

describe("readLines", () => {
  test("ends lines at \\n, drops a \\r before it and keeps one inside", async () => {
    expect(await read("a\nb\r\nc\rd\n")).toEqual([line("a"), line("b"), line("c\rd")]);
  });

  test("takes what stands after the last \\n as a line", async () => {
    expect(await read("a\nlast")).toEqual([line("a"), line("last")]);
  });

  test("skips lines of only white space", async () => {
    expect(await read("\n\r\n \t\n a \n  ")).toEqual([line(" a ")]);
  });

  test("finds no line in an empty stream", async () => {
    expect(await read()).toEqual([]);
  });

  test("removes a byte order mark at a line's start, nowhere else", async () => {
    expect(await read("\uFEFF{}\n\uFEFFa\uFEFFb\n")).toEqual([line("{}"), line("a\uFEFFb")]);
  });

  test("passes NUL on", async () => {
    expect(await read("a\0b\n")).toEqual([line("a\0b")]);
  });

  test("puts a character together that was split between chunks", async () => {
    expect(await read([0xc3], [0xa9, 0x0a])).toEqual([line("é")]);
  });

  test("reports invalid UTF-8 once per line, with its bytes, and goes on", async () => {
    // a lone byte, a truncated sequence, an overlong slash, a surrogate
    for (const bad of [[0xff], [0xe2, 0x82], [0xc0, 0xaf], [0xed, 0xa0, 0x80]]) {
      const item: LineItem = { kind: "bad", reason: "invalid_utf8", byteCount: 1 + bad.length };
      expect(await read("a\n", [0x62, ...bad], "\r\nc\n")).toEqual([line("a"), item, line("c")]);
    }
  });

  test("takes a line of the longest length and refuses one byte more", async () => {
    const longest = "x".repeat(LINE_BYTES_MAX);
    expect(await read(`${longest}\nb\n`)).toEqual([line(longest), line("b")]);
    expect(await read(`${longest}x\nb\n`)).toEqual([tooLong, line("b")]);
    expect(await read(longest, "x")).toEqual([tooLong]);
  });

  test("reports a line that is too long before it ends", async () => {
    const endless = (async function* () {
      for (;;) yield Buffer.alloc(65536, "x");
    })();
    for await (const item of readLines(endless)) {
      expect(item).toEqual(tooLong);
      break;
    }
  });

  test("does not read ahead of its caller", async () => {
    let chunksRead = 0;
    const source = (async function* () {
      for (;;) yield Buffer.from(`${++chunksRead}\n`);
    })();
    const lines = readLines(source);
    await lines.next();
    await lines.next();
    expect(chunksRead).toBe(2);
  });

  test("closes the stream when its caller stops", async () => {
    let closed = false;
    const source = (async function* () {
      try {
        for (;;) yield Buffer.from("a\n");
      } finally {
        closed = true;
      }
    })();
    for await (const _ of readLines(source)) break;
    expect(closed).toBe(true);
  });

  test("ends on abort while it waits for bytes, without the unfinished line", async () => {
    const silent = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Buffer.from("a\nunfinish")),
    });
    const abort = new AbortController();
    const items: LineItem[] = [];
    for await (const item of readLines(silent, abort.signal)) {
      items.push(item);
      setTimeout(() => abort.abort());
    }
    expect(items).toEqual([line("a")]);
  });

  test("throws what the stream throws, after the lines before it", async () => {
    const broken = (async function* () {
      yield Buffer.from("a\nb");
      throw new Error("the device is gone");
    })();
    const items: LineItem[] = [];
    const reading = (async () => {
      for await (const item of readLines(broken)) items.push(item);
    })();
    expect(await reading.catch(String)).toBe("Error: the device is gone");
    expect(items).toEqual([line("a")]);
  });

  test("reads a child's real stdout", async () => {
    await using child = Bun.spawn(["printf", "one\\r\\ntwo\\nthree"], { stdout: "pipe" });
    expect(await itemsOf(child.stdout)).toEqual([line("one"), line("two"), line("three")]);
  });
});

describe("readLines, however the bytes are split", () => {
  const invalid = fc.constantFrom([0xff], [0xc3], [0xed, 0xa0, 0x80], [0x80]);
  const segment = fc.oneof(
    { weight: 6, arbitrary: fc.string({ unit: "binary", maxLength: 12 }).map((text) => [...Buffer.from(text)]) },
    { weight: 2, arbitrary: fc.constantFrom([0x0d], [0x20], [0x00], [0xef, 0xbb, 0xbf]) },
    { weight: 1, arbitrary: invalid },
    { weight: 6, arbitrary: fc.constantFrom([0x0a], [0x0d, 0x0a], [0x0a, 0x0a]) },
  );
  const stream = fc.array(segment, { maxLength: 40 }).map((segments) => Uint8Array.from(segments.flat()));

  test("yields the same lines", async () => {
    const splits = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(stream, splits, async (bytes, pieceSizes) => {
        expect(await itemsOf(each(split(bytes, pieceSizes)))).toEqual(await itemsOf(each([bytes])));
      }),
      { numRuns: 500 },
    );
  });

  test("yields what cutting the whole text at \\n yields", async () => {
    const text = fc
      .array(fc.constantFrom("a", "é", "😀", "\0", " ", "{}", "\n", "\r\n"), { maxLength: 60 })
      .map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 7 }), async (whole, pieceBytes) => {
        const expected = whole.split(/\r?\n/).filter((candidate) => candidate.trim() !== "");
        expect(await itemsOf(each(pieces(Buffer.from(whole), pieceBytes)))).toEqual(expected.map(line));
      }),
    );
  });

  test("yields the same lines around the longest length", async () => {
    const lineBytes = fc.array(fc.integer({ min: LINE_BYTES_MAX - 2, max: LINE_BYTES_MAX + 3 }), {
      minLength: 1,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(lineBytes, fc.integer({ min: 1000, max: 2 * LINE_BYTES_MAX }), async (lengths, pieceBytes) => {
        const bytes = Buffer.from(lengths.map((length) => "x".repeat(length)).join("\n"));
        const items = await itemsOf(each(pieces(bytes, pieceBytes)));
        expect(items.map((item) => (item.kind === "line" ? item.text.length : item.reason))).toEqual(
          lengths.map((length) => (length > LINE_BYTES_MAX ? "too_long" : length)),
        );
      }),
      { numRuns: 30 },
    );
  });

  test("takes linear time: lines of 1 MB, byte by byte or in 64 KiB pieces", async () => {
    // Copying what is kept at every byte would move 500 GB per line.
    for (const [byteCount, pieceBytes] of [
      [10_000_000, 65536],
      [2_000_000, 1],
    ] as const) {
      const bytes = Buffer.alloc(byteCount, "x");
      for (let at = 999_999; at < byteCount; at += 1_000_000) bytes[at] = 0x0a;
      const items = await itemsOf(each(pieces(bytes, pieceBytes)));
      expect(items).toEqual(Array.from({ length: byteCount / 1_000_000 }, () => line("x".repeat(999_999))));
    }
  }, 30_000);
});

/** Cuts `bytes` into pieces of these sizes, over and over; empty ones too. */
function* split(bytes: Uint8Array, pieceSizes: readonly number[]): Generator<Uint8Array> {
  let start = 0;
  for (let turn = 0; start < bytes.length; turn++) {
    // A round of zeros would never end.
    const size = pieceSizes[turn % pieceSizes.length] || (turn % pieceSizes.length === 0 ? 1 : 0);
    yield bytes.subarray(start, start + size);
    start += size;
  }
}
