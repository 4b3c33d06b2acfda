import { describe, expect, test } from "bun:test";
import {
  closeSync,
  fstatSync,
  openSync,
  readSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type LogOptions, openLogs } from "../../src/log/open-logs.ts";
import { parseRecord } from "./parse-record.ts";
import { Pipe } from "./pipe.ts";
import { TemporaryDirectory } from "./temporary-directory.ts";
import { waitUntil } from "./wait-until.ts";

/** Starts the program that logs `lineCount` lines and then writes `done` to stdout. */
function startProgram<const Stderr extends number | "pipe">(
  options: LogOptions & { lineCount: number },
  stderr: Stderr,
) {
  const program = join(import.meta.dir, "logging-program.ts");
  return Bun.spawn([process.execPath, program, JSON.stringify(options)], { stdout: "pipe", stderr });
}

/** What a run of that program wrote. */
async function run(options: LogOptions & { lineCount: number }) {
  await using child = startProgram(options, "pipe");
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { stdout, stderr: stderr.split("\n").filter((line) => line !== "") };
}

const linesOf = (path: string) => readFileSync(path, "utf8").trimEnd().split("\n");

describe("openLogs", () => {
  test("logs JSON lines to stderr, from the level on, and nothing to stdout", async () => {
    const { stdout, stderr } = await run({ level: "info", consoleLogging: true, lineCount: 3 });
    expect(stdout).toBe("done");
    const records = stderr.map(parseRecord);
    expect(records).toMatchObject([0, 1, 2].map((number) => ({ level: "info", number, msg: "a line" })));
    for (const { ts } of records) expect(new Date(String(ts)).toISOString()).toBe(String(ts));
  });

  test("is silent with neither console nor directory", async () => {
    expect(await run({ level: "trace", consoleLogging: false, lineCount: 3 })).toEqual({ stdout: "done", stderr: [] });
  });

  test("writes the three files into a directory that it makes, and nothing to stderr", async () => {
    using directory = new TemporaryDirectory();
    const logDir = directory.file("made/logs");
    const { stderr } = await run({ level: "info", consoleLogging: false, logDir, lineCount: 500 });
    expect(stderr).toEqual([]);
    expect(readdirSync(logDir).toSorted()).toEqual(["commands.jsonl", "csicameras.log", "frame_drops.jsonl"]);
    for (const name of readdirSync(logDir)) {
      const records = linesOf(join(logDir, name)).map((line) => parseRecord(line)["number"]);
      expect(records).toEqual(Array.from({ length: 500 }, (_, number) => number));
    }
  });

  test("bounds the log to 5 files of 10 MB and the others to 3 of 5 MB", async () => {
    using directory = new TemporaryDirectory();
    const logs = await openLogs({ level: "info", consoleLogging: false, logDir: directory.path });
    const padding = "x".repeat(500_000);
    const sinks = {
      "csicameras.log": logs.log.info.bind(logs.log),
      "commands.jsonl": (line: string) => logs.commands.write(line),
      "frame_drops.jsonl": (line: string) => logs.frameDrops.write(line),
    };
    for (const [name, write] of Object.entries(sinks)) {
      // One at a time: more would not be allowed to wait.
      let before: string | undefined;
      for (let number = 0; number < 120; number++) {
        write(padding);
        let now: string | undefined;
        await waitUntil(`line ${number} in ${name}`, () => {
          now = contentState(directory.file(name));
          return now !== undefined && now !== before;
        });
        before = now;
      }
    }
    await logs.close();
    const bounds = {
      "csicameras.log": [5, 10_000_000],
      "commands.jsonl": [3, 5_000_000],
      "frame_drops.jsonl": [3, 5_000_000],
    } as const;
    for (const [name, [fileCount, bytesMax]] of Object.entries(bounds)) {
      const files = readdirSync(directory.path).filter((file) => file.startsWith(name));
      const predecessors = Array.from({ length: fileCount - 1 }, (_, index) => `${name}.${index + 1}`);
      expect(files.toSorted()).toEqual([name, ...predecessors]);
      for (const file of predecessors) {
        expect(statSync(directory.file(file)).size).toBeWithin(bytesMax - 501_000, bytesMax + 1);
      }
    }
  }, 30_000);

  test("tells once, on stderr, that the directory can't be made, and goes on", async () => {
    using directory = new TemporaryDirectory();
    writeFileSync(directory.file("occupied"), "");
    const logDir = directory.file("occupied/logs");
    const { stdout, stderr } = await run({ level: "info", consoleLogging: false, logDir, lineCount: 100 });
    expect(stdout).toBe("done");
    expect(stderr.map(parseRecord)).toMatchObject([{ level: "warn", path: logDir, err: { code: "ENOTDIR" } }]);
  });

  test("tells of a file that can't be written in the log, and of the log itself on stderr", async () => {
    using directory = new TemporaryDirectory();
    symlinkSync("/dev/full", directory.file("commands.jsonl"));
    const toLog = await run({ level: "info", consoleLogging: false, logDir: directory.path, lineCount: 10 });
    expect(toLog).toEqual({ stdout: "done", stderr: [] });
    const warnings = linesOf(directory.file("csicameras.log")).filter((line) => line.includes('"warn"'));
    expect(warnings.map(parseRecord)).toMatchObject([
      { path: directory.file("commands.jsonl"), err: { code: "ENOSPC" } },
    ]);

    rmSync(directory.file("csicameras.log"));
    symlinkSync("/dev/full", directory.file("csicameras.log"));
    const toStderr = await run({ level: "info", consoleLogging: false, logDir: directory.path, lineCount: 10 });
    expect(toStderr.stderr.map(parseRecord)).toMatchObject([
      { path: directory.file("csicameras.log"), err: { code: "ENOSPC" } },
    ]);
  });

  test("goes on in a new file when its directory is removed while it runs", async () => {
    using directory = new TemporaryDirectory();
    const logDir = directory.file("logs");
    await using logs = await openLogs({ level: "info", consoleLogging: false, logDir });
    for (const text of ["first", "second"]) {
      logs.log.info(text);
      const path = join(logDir, "csicameras.log");
      await waitUntil(`${text} in the log`, () => existsSync(path) && readFileSync(path, "utf8").includes(`"${text}"`));
      rmSync(logDir, { recursive: true });
    }
  });

  test("holds nothing up when nobody reads stderr", async () => {
    using pipe = new Pipe();
    pipe.fill("-");
    using directory = new TemporaryDirectory();
    const options = { level: "info", consoleLogging: true, logDir: directory.path, lineCount: 200 } as const;
    await using child = startProgram(options, pipe.writeFd);
    expect(await child.stdout.text()).toBe("done");
    expect(await child.exited).toBe(0);
    expect(linesOf(directory.file("csicameras.log")).length).toBe(200);
  });

  test("survives that stderr's reader is gone", async () => {
    using pipe = new Pipe();
    pipe.closeReader();
    using directory = new TemporaryDirectory();
    const options = { level: "info", consoleLogging: true, logDir: directory.path, lineCount: 200 } as const;
    await using child = startProgram(options, pipe.writeFd);
    expect(await child.stdout.text()).toBe("done");
    expect(await child.exited).toBe(0);
    expect(linesOf(directory.file("csicameras.log")).length).toBe(200);
  });

  test("closes more than once", async () => {
    const logs = await openLogs({ level: "info", consoleLogging: false });
    await Promise.all([logs.close(), logs.close()]);
    await logs.close();
    logs.log.info("after close");
  });
});

/** Another text after each line that was added to the file or its successor; undefined while a line is on its way. */
function contentState(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const fd = openSync(path, "r");
  try {
    const { ino, size } = fstatSync(fd);
    const last = Buffer.alloc(1);
    const isWhole = size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last.toString() === "\n";
    return isWhole ? `${ino} ${size}` : undefined;
  } finally {
    closeSync(fd);
  }
}
