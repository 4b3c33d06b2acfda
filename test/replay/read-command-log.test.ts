import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { readCommandLog } from "../../scripts/replay/read-command-log.ts";
import { UnreadableLogError } from "../../scripts/replay/unreadable-log-error.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { commandLine, stateLine, statusLine } from "./log-lines.ts";

const READY = statusLine(0, "ready", null);
const ASK = commandLine(1, { command: "get_status", command_id: "one" });

/** Writes the files of a log and reads it. */
async function read(content: string, rotated: Readonly<Record<string, string>> = {}) {
  using directory = new TemporaryDirectory();
  const path = directory.file("commands.jsonl");
  writeFileSync(path, content);
  for (const [suffix, text] of Object.entries(rotated)) writeFileSync(`${path}.${suffix}`, text);
  const { records, notes } = await readCommandLog(path);
  return { records, notes: notes.map((note) => note.replace(directory.path, "")) };
}

test("rotated files are read before the current one, the oldest first", async () => {
  const rotated = { 1: `${ASK}\n`, 2: `${READY}\n`, 4: "of another time\n" };
  const { records } = await read(`${statusLine(2, "status_report", "one")}\n`, rotated);
  expect(records.map((record) => ("status" in record ? record.status : record.kind))).toEqual([
    "ready",
    "command",
    "status_report",
  ]);
});

test.each([
  ["the last line", `${READY}\n${ASK.slice(0, 40)}`],
  ["a line that another process ended", `${READY}\n${ASK.slice(0, 3)}\n${ASK}\n`],
  ["one whose end is zeros since a power cut", `${READY}\n${ASK.slice(0, 30)}${"\0".repeat(40)}\n${ASK}\n`],
])("a torn line is left out, and told: %s", async (_what, content) => {
  const { records, notes } = await read(content);
  expect(records[0]).toMatchObject({ kind: "status", status: "ready" });
  expect(records).toHaveLength(content.endsWith("\n") ? 2 : 1);
  expect(notes).toEqual(["/commands.jsonl:2 is cut short and left out"]);
});

test("states of commands and lines that could not be written are understood, the latter told", async () => {
  const loss = JSON.stringify({ ts: "2026-01-06T14:30:50.000Z", level: "warn", lost_lines: 7, msg: "lines were lost" });
  const { records, notes } = await read([READY, ASK, stateLine(1, "one", "received"), loss].join("\n"));
  expect(records.map(({ kind }) => kind)).toEqual(["status", "command", "state"]);
  expect(notes).toEqual(["/commands.jsonl:4: 7 lines could not be written"]);
});

test.each([
  ["", "got no records, expected a commands.jsonl"],
  [`${READY}\nhello\n`, 'commands.jsonl:2: got "hello", expected a line of commands.jsonl: {"ts":"…'],
  ['{"ts":"2026-01-06T14:30:50.000Z","level":"info","msg":"hi"}\n', "commands.jsonl:1: got "],
  ["[]\n", "commands.jsonl:1: got "],
  [READY.replace("2026", "20x6"), "commands.jsonl:1: got "],
])("what is no such log is refused with what, got and expected: %p", async (content, sentence) => {
  const reading = read(content);
  await expect(reading).rejects.toBeInstanceOf(UnreadableLogError);
  await expect(reading).rejects.toThrow(sentence);
});

test("a log that is not there is refused with its path", async () => {
  await expect(readCommandLog("/nowhere/commands.jsonl")).rejects.toThrow('"/nowhere/commands.jsonl" can\'t be read');
});
