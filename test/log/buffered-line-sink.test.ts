import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { BufferedLineSink, WAITING_BYTES_MAX } from "../../src/log/buffered-line-sink.ts";
import { FdTarget } from "../../src/log/fd-target.ts";
import { RotatingFile } from "../../src/log/rotating-file.ts";
import { parseRecord } from "./parse-record.ts";
import { Pipe } from "./pipe.ts";
import { mayMount, SmallDisk } from "./small-disk.ts";
import { TemporaryDirectory } from "./temporary-directory.ts";
import { waitUntil } from "./wait-until.ts";

/** A sink to `log` in a directory of its own; `block()` puts a directory in the file's place. */
class FileSink implements Disposable {
  readonly #directory = new TemporaryDirectory();
  readonly path: string;
  readonly troubles: unknown[] = [];
  readonly sink: BufferedLineSink;

  constructor({ retryMs = 5, inTrouble = false, directory = this.#directory.path } = {}) {
    this.path = join(directory, "log");
    this.sink = new BufferedLineSink({
      target: new RotatingFile({ path: this.path, bytesMax: 100_000_000, filesMax: 2 }),
      retryMs,
      closeMs: 500,
      onTrouble: (error) => this.troubles.push(error),
      inTrouble,
    });
  }

  block(): void {
    mkdirSync(this.path);
  }

  unblock(): void {
    rmdirSync(this.path);
  }

  readLines(): string[] {
    return readFileSync(this.path, "utf8").trimEnd().split("\n");
  }

  [Symbol.dispose](): void {
    this.#directory[Symbol.dispose]();
  }
}

describe("BufferedLineSink", () => {
  test("writes lines in order, with one line end each, before close resolves", async () => {
    using file = new FileSink();
    for (let number = 0; number < 1000; number++) file.sink.write(number % 2 ? `${number}` : `${number}\n`);
    await file.sink.close();
    expect(file.readLines()).toEqual(Array.from({ length: 1000 }, (_, number) => `${number}`));
  });

  test("writes without being closed", async () => {
    using file = new FileSink();
    for (const text of ["a", "b"]) {
      file.sink.write(text);
      await waitUntil("the line in the file", () => existsSync(file.path) && file.readLines().at(-1) === text);
    }
    await file.sink.close();
  });

  test("tells the first error once, keeps the lines and writes them when it can again", async () => {
    using file = new FileSink();
    file.block();
    file.sink.write("a");
    await waitUntil("the trouble", () => file.troubles.length > 0);
    file.sink.write("b");
    file.unblock();
    await waitUntil("the lines", () => existsSync(file.path) && file.readLines().length === 2);
    expect(file.readLines()).toEqual(["a", "b"]);
    expect(file.troubles.length).toBe(1);
    await file.sink.close();
  });

  test("does not tell what is known", async () => {
    using file = new FileSink({ inTrouble: true });
    file.block();
    file.sink.write("a");
    await file.sink.close();
    expect(file.troubles).toEqual([]);
  });

  test("drops the newest lines when full, and says how many at the place where they are missing", async () => {
    using file = new FileSink();
    file.block();
    const line = "x".repeat(999);
    const linesMax = Math.floor(WAITING_BYTES_MAX / 1000);
    for (let number = 0; number < linesMax + 7; number++) file.sink.write(line);
    // There is room for this one, but it would hide where the others are missing.
    file.sink.write("short");
    await waitUntil("the trouble", () => file.troubles.length > 0);
    file.unblock();
    await waitUntil("the notice", () => existsSync(file.path) && file.readLines().length > linesMax);
    file.sink.write("after");
    await file.sink.close();
    const lines = file.readLines();
    expect(lines.slice(0, linesMax).every((one) => one === line)).toBe(true);
    expect(parseRecord(lines[linesMax] ?? "")).toMatchObject({ level: "warn", lost_lines: 8 });
    expect(lines.slice(linesMax + 1)).toEqual(["after"]);
  });

  test.skipIf(!mayMount)("writes every line once and whole when a full disk has room again", async () => {
    using disk = new SmallDisk("64k");
    using file = new FileSink({ directory: disk.path });
    const lines = Array.from({ length: 500 }, (_, number) => `${number}`.padStart(999, "0"));
    for (const line of lines) file.sink.write(line);
    await waitUntil("the trouble", () => file.troubles.length > 0);
    expect(file.readLines().every((line) => line.length === 999)).toBe(true);
    disk.resize("1m");
    await file.sink.close();
    expect(file.readLines()).toEqual(lines);
  });

  test("counts a line that is larger than all that may wait as lost", async () => {
    using file = new FileSink();
    file.sink.write("x".repeat(WAITING_BYTES_MAX));
    await file.sink.close();
    expect(file.readLines().map((line) => parseRecord(line)["lost_lines"])).toEqual([1]);
  });

  test("tries once more at close, however long the pause would last", async () => {
    using file = new FileSink({ retryMs: 1_000_000 });
    file.block();
    file.sink.write("a");
    await waitUntil("the trouble", () => file.troubles.length > 0);
    file.unblock();
    await file.sink.close();
    expect(file.readLines()).toEqual(["a"]);
  });

  test("gives up at close when the last attempt fails", async () => {
    using file = new FileSink({ retryMs: 1_000_000 });
    file.block();
    file.sink.write("a");
    await file.sink.close();
    await file.sink.close();
    file.sink.write("after close");
    file.unblock();
    expect(existsSync(file.path)).toBe(false);
  });

  test("closes in bounded time when nobody reads the pipe", async () => {
    using pipe = new Pipe();
    pipe.fill("-");
    const sink = new BufferedLineSink({ target: new FdTarget(pipe.writeFd), retryMs: 5, closeMs: 20, onTrouble() {} });
    sink.write("a");
    await sink.close();
    expect(pipe.read()).not.toContain("a");
  });

  test("discards everything once the pipe's reader is gone", async () => {
    using pipe = new Pipe();
    const troubles: unknown[] = [];
    const sink = new BufferedLineSink({
      target: new FdTarget(pipe.writeFd),
      retryMs: 1_000_000,
      closeMs: 1_000_000,
      onTrouble: (error) => troubles.push(error),
    });
    pipe.closeReader();
    for (let number = 0; number < 10; number++) sink.write("x".repeat(WAITING_BYTES_MAX / 4));
    await sink.close();
    expect(troubles).toEqual([]);
  });
});
