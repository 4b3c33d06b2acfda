import { describe, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { RotatingFile } from "../../src/log/rotating-file.ts";
import { TemporaryDirectory } from "./temporary-directory.ts";

const lines = (...texts: string[]) => Buffer.from(texts.map((text) => `${text}\n`).join(""));
const numberedLine = (number: number) => `${number}`.padStart(9, "0");

function* range(from: number, to: number): Generator<number> {
  for (let number = from; number < to; number++) yield number;
}

describe("RotatingFile", () => {
  test("keeps the current file and its predecessors, no more than it may, none beyond the size", async () => {
    using directory = new TemporaryDirectory();
    const file = new RotatingFile({ path: directory.file("a.log"), bytesMax: 105, filesMax: 3 });
    for (const number of range(0, 45)) await file.append(lines(numberedLine(number)));
    await file.close();
    // 10 lines of 10 bytes fit.
    const expected = { "a.log": range(40, 45), "a.log.1": range(30, 40), "a.log.2": range(20, 30) };
    expect(readdirSync(directory.path).toSorted()).toEqual(Object.keys(expected));
    for (const [name, numbers] of Object.entries(expected)) {
      expect(readFileSync(directory.file(name), "utf8")).toBe(`${[...numbers].map(numberedLine).join("\n")}\n`);
    }
  });

  test("counts what an earlier process left in the file", async () => {
    using directory = new TemporaryDirectory();
    writeFileSync(directory.file("a.log"), lines("x".repeat(90)));
    const file = new RotatingFile({ path: directory.file("a.log"), bytesMax: 100, filesMax: 2 });
    await file.append(lines("123456789"));
    await file.close();
    expect(readFileSync(directory.file("a.log"), "utf8")).toBe("123456789\n");
    expect(statSync(directory.file("a.log.1")).size).toBe(91);
  });

  test("takes an append that is larger than a file, in a file of its own", async () => {
    using directory = new TemporaryDirectory();
    const file = new RotatingFile({ path: directory.file("a.log"), bytesMax: 10, filesMax: 4 });
    for (const text of ["a", "b".repeat(50), "c"]) await file.append(lines(text));
    await file.close();
    const sizes = ["a.log", "a.log.1", "a.log.2"].map((name) => statSync(directory.file(name)).size);
    expect(sizes).toEqual([2, 51, 2]);
  });

  test("makes its directory, and makes it again when it was removed", async () => {
    using directory = new TemporaryDirectory();
    const logDir = directory.file("made/for/logs");
    const file = new RotatingFile({ path: join(logDir, "a.log"), bytesMax: 1000, filesMax: 2 });
    for (const text of ["first", "second"]) {
      await file.append(lines(text));
      expect(readFileSync(join(logDir, "a.log"), "utf8")).toBe(`${text}\n`);
      rmSync(logDir, { recursive: true });
    }
    await file.close();
  });

  test("loses nothing when two processes share a log", async () => {
    using directory = new TemporaryDirectory();
    const options = { path: directory.file("a.log"), bytesMax: 100, filesMax: 20 };
    const files = [new RotatingFile(options), new RotatingFile(options)];
    for (const number of range(0, 60)) await files[number % 2]?.append(lines(numberedLine(number)));
    for (const file of files) await file.close();
    const texts = readdirSync(directory.path).map((name) => readFileSync(directory.file(name), "utf8"));
    expect(texts.join("").trimEnd().split("\n").toSorted()).toEqual([...range(0, 60)].map(numberedLine));
    expect(texts.length).toBe(6);
  });

  test("ends a line that a crash cut short before it adds another", async () => {
    using directory = new TemporaryDirectory();
    writeFileSync(directory.file("a.log"), '{"torn":');
    const file = new RotatingFile({ path: directory.file("a.log"), bytesMax: 1000, filesMax: 2 });
    await file.append(lines("whole"));
    await file.close();
    expect(readFileSync(directory.file("a.log"), "utf8")).toBe('{"torn":\nwhole\n');
  });

  test("fails while a directory is in its place, and goes on when it is gone", async () => {
    using directory = new TemporaryDirectory();
    const path = directory.file("a.log");
    mkdirSync(path);
    const file = new RotatingFile({ path, bytesMax: 1000, filesMax: 2 });
    expect(await file.append(lines("a")).catch(codeOf)).toBe("EISDIR");
    rmSync(path, { recursive: true });
    await file.append(lines("b"));
    await file.close();
    expect(readFileSync(path, "utf8")).toBe("b\n");
  });

  test("fails on a full device, does not rotate because of it, and goes on when there is room", async () => {
    using directory = new TemporaryDirectory();
    const path = directory.file("a.log");
    symlinkSync("/dev/full", path);
    const file = new RotatingFile({ path, bytesMax: 1, filesMax: 2 });
    for (const text of ["a", "b"]) expect(await file.append(lines(text)).catch(codeOf)).toBe("ENOSPC");
    expect(existsSync(`${path}.1`)).toBe(false);
    rmSync(path);
    await file.append(lines("c"));
    await file.close();
    expect(readFileSync(path, "utf8")).toBe("c\n");
  });

  test("cuts off again what a disk without room took of an append", async () => {
    using directory = new TemporaryDirectory();
    const path = directory.file("a.log");
    // A limit on the size of files needs no privilege: the kernel takes what still fits, as at a full disk.
    // sh counts in 512 bytes.
    const program = join(import.meta.dir, "limited-file-program.ts");
    const limited = ["sh", "-c", 'trap "" XFSZ; ulimit -S -f 8; exec "$@"', "sh", process.execPath, program, path];
    const { stdout, stderr } = Bun.spawnSync(limited);
    expect({ stdout: stdout.toString(), stderr: stderr.toString() }).toEqual({
      stdout: "EFBIG 3003 EFBIG 3003",
      stderr: "",
    });
    const file = new RotatingFile({ path, bytesMax: 10_000, filesMax: 2 });
    await file.append(lines("there is room again"));
    await file.close();
    expect(readFileSync(path, "utf8")).toBe(`${`${"x".repeat(1000)}\n`.repeat(3)}there is room again\n`);
  });
});

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : error;
}
