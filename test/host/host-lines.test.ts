import { expect, test } from "bun:test";
import { type HostLine, readHostLines } from "./host-lines.ts";

/** What a host reads of these chunks; the pipe stays open where `end` is not said. */
async function linesOf(chunks: readonly string[], { end }: { end: boolean }): Promise<HostLine[]> {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(Buffer.from(chunk));
      if (end) controller.close();
    },
  });
  return await Array.fromAsync(readHostLines(stream));
}

test("a host reads lines however they are cut, and what stands after the last one as unfinished", async () => {
  const read = await linesOf(["a", "b\n\nc", "\n", "d"], { end: true });
  const texts = read.map((line) => [line.kind, line.kind === "too_long" ? "" : Buffer.from(line.bytes).toString()]);
  expect(texts).toEqual([
    ["line", "ab"],
    ["line", ""],
    ["line", "c"],
    ["unfinished", "d"],
  ]);
});

test("a line of 64 KiB with its end, or so much of one, is the last thing that a host reads", async () => {
  const longest = "x".repeat(65_534);
  const good = await linesOf([`${longest}\n`, "next\n"], { end: true });
  expect(good.map(({ kind }) => kind)).toEqual(["line", "line"]);
  expect(await linesOf([`${longest}x\n`, "next\n"], { end: false })).toEqual([{ kind: "too_long", byteCount: 65_536 }]);
  expect(await linesOf([longest, "xx", "\n"], { end: false })).toEqual([{ kind: "too_long", byteCount: 65_536 }]);
});
