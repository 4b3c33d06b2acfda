import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { messageOf, quote } from "../../src/errors.ts";
import { LogRecord } from "./log-record.ts";
import { UnreadableLogError } from "./unreadable-log-error.ts";

export interface CommandLogContent {
  /** In the order in which they were written. */
  readonly records: readonly LogRecord[];
  /** What is not there, as sentences. */
  readonly notes: readonly string[];
}

/** How every line begins. */
const BEGINNING = '{"ts":"';

/**
 * Reads a `commands.jsonl` and what was rotated away from it (`.1`, `.2` … beside it), the oldest first. Lines that a crash
 * or a full disk cut short are left out, and noted. Throws UnreadableLogError where a file can't be read or holds something
 * else.
 */
export async function readCommandLog(path: string): Promise<CommandLogContent> {
  const files = [path];
  while (existsSync(`${path}.${files.length}`)) files.push(`${path}.${files.length}`);
  const contents = await Promise.all(files.toReversed().map(readOne));
  const [records, notes] = [contents.flatMap((one) => one.records), contents.flatMap((one) => one.notes)];
  if (records.length > 0) return { records, notes };
  throw new UnreadableLogError(`${quote(path, 500)}: got no records, expected a commands.jsonl`);
}

async function readOne(path: string): Promise<CommandLogContent> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new UnreadableLogError(`${quote(path, 500)} can't be read: ${messageOf(cause)}`, { cause });
  }
  const records: LogRecord[] = [];
  const notes: string[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line === "") continue;
    const place = `${path}:${index + 1}`;
    const record = parseRecord(line, place);
    if (record === "torn") notes.push(`${place} is cut short and left out`);
    else if (record.kind === "loss") notes.push(`${place}: ${record.lostLines} lines could not be written`);
    else records.push(record);
  }
  return { records, notes };
}

function parseRecord(line: string, place: string): LogRecord | "torn" {
  const unreadable = () =>
    new UnreadableLogError(`${place}: got ${quote(line)}, expected a line of commands.jsonl: ${BEGINNING}…`);
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    // What a power cut left of a line may end in zeros.
    const written = line.replaceAll("\0", "");
    if (BEGINNING.startsWith(written.slice(0, BEGINNING.length))) return "torn";
    throw unreadable();
  }
  const record = LogRecord.safeParse(json);
  if (!record.success) throw unreadable();
  return record.data;
}
