import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Status, TranscriptEvent } from "../transcript.ts";

/** A case's transcript, read back. */
export interface Dialogue {
  readonly events: readonly TranscriptEvent[];
  /** Command ids, in the order sent. */
  readonly commandIds: readonly string[];
  readonly statuses: readonly Status[];
  /** Lines of the program's output that are no status. */
  readonly strayLines: readonly string[];
}

export function readDialogue(caseFolder: string): Dialogue {
  const events = readFileSync(join(caseFolder, "transcript.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => TranscriptEvent.parse(JSON.parse(line)));
  const statuses: Status[] = [];
  const strayLines: string[] = [];
  const commandIds: string[] = [];
  for (const event of events) {
    if (event.kind === "command") commandIds.push(event.command.command_id);
    if (event.kind !== "line") continue;
    const status = parseStatus(event.text);
    if (status === undefined) strayLines.push(event.text);
    else statuses.push(status);
  }
  return { events, commandIds, statuses, strayLines };
}

/** `ready`, then each status as `word`, `word:code` or `word (reason)`; those that nobody asked for begin with `*`. */
export function outline(dialogue: Dialogue): string[] {
  return dialogue.statuses
    .filter(({ status }) => status !== "device_ack")
    .map(({ status, code, reason, in_reply_to }) => {
      const asked = in_reply_to === undefined && status !== "ready" ? "*" : "";
      return `${asked}${status}${code === undefined ? "" : `:${code}`}${reason === undefined ? "" : ` (${reason})`}`;
    });
}

/** Every command has exactly one final reply, and no reply is to a command that was not sent. */
export function replyProblems({ commandIds, statuses }: Dialogue): string[] {
  const replies = new Map<string, number>(commandIds.map((id) => [id, 0]));
  const problems: string[] = [];
  for (const { status, in_reply_to: id } of statuses) {
    if (id === undefined || status === "device_ack") continue;
    const count = replies.get(id);
    if (count === undefined) problems.push(`"${status}" replies to ${id}, which was not sent`);
    else replies.set(id, count + 1);
  }
  for (const [id, count] of replies) if (count !== 1) problems.push(`${id} got ${count} replies, expected 1`);
  return problems;
}

/** How the program ended. */
export function exitProblem({ events }: Dialogue): string | undefined {
  const gaveUp = events.find((event) => event.kind === "gave_up");
  if (gaveUp !== undefined) return gaveUp.error;
  const exit = events.find((event) => event.kind === "exit");
  if (exit === undefined) return "the program was still running";
  return exit.code === 0 ? undefined : `exit code ${exit.code}, signal ${exit.signal}; expected code 0`;
}

function parseStatus(text: string): Status | undefined {
  try {
    return Status.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
