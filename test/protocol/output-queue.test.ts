import { describe, expect, test } from "bun:test";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import {
  DROPPABLE_LINES_MAX,
  OUTPUT_LINE_BYTES_LIMIT,
  OutputQueue,
  WAITING_BYTES_MAX,
  WAITING_LINES_MAX,
} from "../../src/protocol/output-queue.ts";
import { Pipe } from "../log/pipe.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { waitUntil } from "../log/wait-until.ts";

const fact = { droppable: false };
const report = { droppable: true };
const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, index) => index + from);

/** Reads the pipe until it has seen this text, a little at a time. */
async function readUntil(pipe: Pipe, last: string, bytesMax?: number): Promise<string> {
  let text = "";
  await waitUntil(`${last.slice(0, 20)} in the pipe`, () => {
    text += pipe.read(bytesMax);
    return text.endsWith(last);
  });
  return text;
}

/** A queue whose first line, `held`, is stuck in a full pipe: what is pushed next waits. */
function stuckQueue(pipe: Pipe, onClosed = () => {}): OutputQueue {
  pipe.fill("-");
  const queue = new OutputQueue({ fd: pipe.writeFd, onClosed });
  queue.push("held", fact);
  return queue;
}

describe("OutputQueue", () => {
  test("writes lines in order and whole through a pipe that is read a little at a time", async () => {
    using pipe = new Pipe();
    const queue = new OutputQueue({ fd: pipe.writeFd, onClosed() {} });
    const lines = numbers(20).map((number) => `${number}:${"é".repeat(number * 1600)}`);
    for (const line of lines) queue.push(line, fact);
    queue.push("end", fact);
    const text = Buffer.from(await readUntil(pipe, "end\n", 3000), "latin1").toString();
    expect(text).toBe([...lines, "end", ""].join("\n"));
    expect(await queue.flush(1000)).toBe(true);
  });

  test("drops the oldest reports beyond the bound, no fact, and keeps the order", async () => {
    using pipe = new Pipe();
    const queue = stuckQueue(pipe);
    for (const number of numbers(DROPPABLE_LINES_MAX + 100)) {
      queue.push(`report ${number}`, report);
      queue.push(`fact ${number}`, fact);
    }
    const text = await readUntil(pipe, `fact ${DROPPABLE_LINES_MAX + 99}\n`);
    const expected = numbers(DROPPABLE_LINES_MAX + 100).flatMap((number) =>
      number < 100 ? [`fact ${number}`] : [`report ${number}`, `fact ${number}`],
    );
    expect(text.replace(/^-+/, "").trimEnd().split("\n")).toEqual(["held", ...expected]);
    expect(queue.droppedLines).toBe(100);
  });

  test("is congested by too many lines until enough of them are written", async () => {
    using pipe = new Pipe();
    const queue = stuckQueue(pipe);
    for (const number of numbers(WAITING_LINES_MAX)) queue.push(`fact ${number}`, fact);
    expect(queue.isCongested).toBe(false);
    await queue.whenDrained();
    queue.push("one more", fact);
    expect(queue.isCongested).toBe(true);
    let drained = false;
    const draining = queue.whenDrained().then(() => (drained = true));
    await Promise.resolve();
    expect(drained).toBe(false);
    await readUntil(pipe, "one more\n");
    await draining;
    expect(queue.isCongested).toBe(false);
  });

  test("is congested by too many bytes until enough of them are written", async () => {
    using pipe = new Pipe();
    const queue = stuckQueue(pipe);
    const lineBytes = 64_000;
    for (const _ of numbers(Math.floor(WAITING_BYTES_MAX / lineBytes))) queue.push("x".repeat(lineBytes - 1), fact);
    expect(queue.isCongested).toBe(false);
    queue.push("x".repeat(lineBytes - 1), fact);
    expect(queue.isCongested).toBe(true);
    queue.push("end", fact);
    await readUntil(pipe, "end\n");
    await queue.whenDrained();
    expect(queue.isCongested).toBe(false);
  });

  test("stops waiting for room on abort", async () => {
    using pipe = new Pipe();
    const queue = stuckQueue(pipe);
    for (const number of numbers(WAITING_LINES_MAX + 1)) queue.push(`fact ${number}`, fact);
    const abort = new AbortController();
    const draining = queue.whenDrained(abort.signal);
    abort.abort();
    await draining;
    await queue.whenDrained(AbortSignal.abort());
    expect(queue.isCongested).toBe(true);
  });

  test("refuses a line of 64 KiB with its line end, and one that holds a line end", async () => {
    using pipe = new Pipe();
    const queue = new OutputQueue({ fd: pipe.writeFd, onClosed() {} });
    const longest = "é".repeat((OUTPUT_LINE_BYTES_LIMIT - 2) / 2);
    expect(() => queue.push(`${longest}x`, fact)).toThrow(/65536 bytes/);
    expect(() => queue.push("a\nb", fact)).toThrow(/line end/);
    queue.push(longest, fact);
    expect((await readUntil(pipe, "\n")).length).toBe(OUTPUT_LINE_BYTES_LIMIT - 1);
  });

  test("flush is false when the time is up before all is written, and true once it is", async () => {
    using pipe = new Pipe();
    const queue = stuckQueue(pipe);
    expect(await queue.flush(30)).toBe(false);
    const flushing = queue.flush(5000);
    await readUntil(pipe, "held\n");
    expect(await flushing).toBe(true);
  });

  test("tells once that the host is gone, and discards everything from then on", async () => {
    using pipe = new Pipe();
    let closedCalls = 0;
    const queue = stuckQueue(pipe, () => closedCalls++);
    for (const number of numbers(WAITING_LINES_MAX + 1)) queue.push(`fact ${number}`, fact);
    const draining = queue.whenDrained();
    const flushing = queue.flush(5000);
    pipe.closeReader();
    await draining;
    expect(await flushing).toBe(false);
    for (const number of numbers(WAITING_LINES_MAX + 1)) queue.push(`too late ${number}`, fact);
    expect(await queue.flush(5000)).toBe(false);
    expect({ closedCalls, isCongested: queue.isCongested }).toEqual({ closedCalls: 1, isCongested: false });
  });

  test("takes a descriptor that is not open for a host that is gone", async () => {
    using directory = new TemporaryDirectory();
    const fd = openSync(directory.file("closed"), "w");
    closeSync(fd);
    const { promise: closed, resolve: onClosed } = Promise.withResolvers<void>();
    new OutputQueue({ fd, onClosed }).push("line", fact);
    await closed;
  });

  test("appends to a file that stdout was redirected to", async () => {
    using directory = new TemporaryDirectory();
    const path = directory.file("out");
    await Bun.write(path, "before\n");
    const fd = openSync(path, "a");
    const queue = new OutputQueue({ fd, onClosed() {} });
    for (const number of numbers(3)) queue.push(`${number}`, fact);
    expect(await queue.flush(1000)).toBe(true);
    closeSync(fd);
    expect(readFileSync(path, "utf8")).toBe("before\n0\n1\n2\n");
  });

  test("leaves the thread pool free however many pipes are unread", async () => {
    using directory = new TemporaryDirectory();
    using pipes = new DisposableStack();
    for (const _ of numbers(availableParallelism() + 1)) stuckQueue(pipes.use(new Pipe()));
    await Bun.write(directory.file("other"), "readable");
    expect(await readFile(directory.file("other"), "utf8")).toBe("readable");
  });
});

describe("a program whose stdout nobody reads", () => {
  const program = join(import.meta.dir, "unread-output-program.ts");

  /** Bun.spawn would read the output at once; node:child_process waits for somebody who wants it. */
  async function leavesAtSigterm(stdout: number | "pipe"): Promise<void> {
    const child = spawn(process.execPath, [program], { stdio: ["ignore", stdout, "pipe"] });
    const exited = once(child, "exit");
    try {
      await once(child.stderr ?? child, "data");
      const before = performance.now();
      child.kill("SIGTERM");
      expect(await exited).toEqual([0, null]);
      expect(performance.now() - before).toBeLessThan(1000);
    } finally {
      child.kill("SIGKILL");
    }
  }

  test("leaves within a second of SIGTERM when it is a pipe", async () => {
    using pipe = new Pipe();
    await leavesAtSigterm(pipe.writeFd);
  });

  test("leaves within a second of SIGTERM when it is a socket, where a write holds a thread of the pool", async () => {
    await leavesAtSigterm("pipe");
  });
});
