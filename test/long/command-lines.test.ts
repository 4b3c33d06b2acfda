import { expect, test } from "bun:test";
import { randomInt } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { CommandLog } from "../../src/log/command-log.ts";
import { COMMAND_NAMES, NamedCommand } from "../../src/protocol/commands.ts";
import { LINE_BYTES_MAX, type LineItem, readLines } from "../../src/protocol/line-reader.ts";
import { parseCommandLine } from "../../src/protocol/parse-command.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { atBoundedCost } from "./bounded-cost.ts";
import { anyLine, inPieces } from "./command-lines.ts";
import { AS_LONG_AS_IT_MAY, FUZZ_TIMEOUT_MS, howMany } from "./effort.ts";

async function itemsOf(pieces: Iterable<Uint8Array>): Promise<LineItem[]> {
  const items: LineItem[] = [];
  const stream = (async function* () {
    yield* pieces;
  })();
  for await (const item of readLines(stream)) items.push(item);
  return items;
}

const joined = (lines: readonly Buffer[]): Buffer => Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")]));
const pieceSizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 100, max: 70_000 })), {
  minLength: 1,
  maxLength: 6,
});

test(
  "lines of any bytes become commands or refusals and log records, at their length's cost, however they are split",
  async () => {
    const records: string[] = [];
    const log = new CommandLog({ write: (line) => void records.push(line) });
    await fc.assert(
      fc.asyncProperty(fc.array(anyLine, { maxLength: 6 }), pieceSizes, async (lines, sizes) => {
        const bytes = joined(lines);
        records.length = 0;
        await atBoundedCost(bytes.length, async () => {
          const items = await itemsOf(inPieces(bytes, sizes));
          for (const item of items) if (item.kind === "line") expectAnswerable(item.text, log);
          expect(items).toEqual(await itemsOf([bytes]));
        });
        for (const record of records) expect(record.length).toBeLessThan(210_000);
      }),
      AS_LONG_AS_IT_MAY,
    );
  },
  FUZZ_TIMEOUT_MS,
);

/** As the program takes a line. */
function expectAnswerable(line: string, log: CommandLog): void {
  const parsed = parseCommandLine(line);
  if (parsed.ok) {
    expect<readonly string[]>(COMMAND_NAMES).toContain(parsed.command.command);
    log.received(parsed.command.command_id ?? null, parsed.command.command, parsed.command);
    return;
  }
  const { error, commandId, payload } = parsed.refused;
  expect(error).toMatch(/expected/);
  expect(Buffer.byteLength(JSON.stringify(error))).toBeLessThan(4096);
  expect(commandId?.length ?? 1).toBeLessThanOrEqual(200);
  log.received(commandId ?? null, null, payload ?? {});
}

const text = (maxLength: number) => fc.string({ unit: "binary", maxLength }).map((any) => any.replaceAll("\0", ""));
const required = (maxLength: number) => text(maxLength).filter((any) => any !== "");
const command = fc.oneof(
  fc.record({ command: fc.constant("assign_device"), command_id: required(20), device_id: required(60) }),
  fc.record({ command: fc.constant("start_session"), command_id: required(20), session_dir: required(200) }),
  fc.record({
    command: fc.constant("start_recording"),
    command_id: required(20),
    session_dir: required(200),
    trial_number: fc.maxSafeInteger(),
    trial_label: text(200),
  }),
  fc.record({ command: fc.constantFrom("stop_recording", "stop_session", "quit"), command_id: required(20) }),
);

test(
  "every command that a host can write is read as it was written, keys that nobody knows left out",
  async () => {
    const extra = fc.dictionary(
      fc.string({ minLength: 1, maxLength: 5 }).map((key) => `x_${key}`),
      fc.jsonValue(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(command, extra)), pieceSizes, async (sent, sizes) => {
        const lines = sent.map(([known, unknown]) => Buffer.from(JSON.stringify({ ...unknown, ...known })));
        const items = await itemsOf(inPieces(joined(lines), sizes));
        const read = items.map((item) => item.kind === "line" && parseCommandLine(item.text));
        // A lone surrogate is no UTF-8: JSON writes it as \ud800, and it comes as it was.
        expect(read).toEqual(sent.map(([known]) => ({ ok: true, command: NamedCommand.parse(known) })));
      }),
      AS_LONG_AS_IT_MAY,
    );
  },
  FUZZ_TIMEOUT_MS,
);

test(
  "the program answers every line once, in order, whatever it is, and works as before",
  async () => {
    using directory = new TemporaryDirectory();
    const options = ["--source", "synthetic", "--size", "320x240", "--log-dir", directory.path];
    await using host = new ModuleProcess(options, { cwd: directory.path });
    const id = "last_20260106_143052_001";
    const seed = randomInt(2 ** 31); // told where something does not hold
    const asked = fc.sample(anyLine, { numRuns: howMany({ few: 150, many: 5000 }), seed });
    let answersExpected = 0;
    for (const bytes of asked) {
      const items = await itemsOf([bytes]);
      // What is a command after all would be obeyed: that is for other tests.
      if (items.some((item) => item.kind === "line" && parseCommandLine(item.text).ok)) continue;
      answersExpected += items.length;
      host.sendBytes(Buffer.concat([bytes, Buffer.from("\n")]));
    }
    host.sendBytes(Buffer.alloc(LINE_BYTES_MAX + 10, "[")); // its end comes with the next line
    host.sendBytes("\n");
    host.send({ command: "stop_session", command_id: id });
    await host.waitFor(`the last reply with seed ${seed}`, ({ in_reply_to }) => in_reply_to === id, FUZZ_TIMEOUT_MS);
    const [ready, ...answers] = host.statuses;
    expect(ready?.status).toBe("ready");
    expect(answers.slice(0, -1).every(({ status }) => status === "command_nack")).toBe(true);
    expect({ seed, answers: answers.length }).toEqual({ seed, answers: answersExpected + 2 });
    host.closeStdin();
    expect(await host.ending()).toMatchObject({ exitCode: 0, stderr: "" });
    const log = directory.file("commands.jsonl");
    expect(existsSync(log)).toBe(true);
    for (const line of readFileSync(log, "utf8").trimEnd().split("\n")) JSON.parse(line);
  },
  FUZZ_TIMEOUT_MS,
);
