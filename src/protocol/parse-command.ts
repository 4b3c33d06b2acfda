import { z } from "zod";
import { type ErrorCode, quote } from "../errors.ts";
import { COMMAND_NAMES, type Command, type CommandName, isXbeeName, NamedCommand, XbeeCommand } from "./commands.ts";

/** A line that is no command, and why. */
export interface RefusedLine {
  /** The command that it was to be; null where that is no command of ours. */
  readonly command: CommandName | null;
  readonly code: ErrorCode;
  /** What was wrong, what was got and what was expected. */
  readonly error: string;
  /** The id to answer with, where one could be read. */
  readonly commandId: string | undefined;
  /** The line's object where it was one, for the command log. */
  readonly payload: Readonly<Record<string, unknown>> | undefined;
}

export type ParsedLine =
  | { readonly ok: true; readonly command: Command }
  | { readonly ok: false; readonly refused: RefusedLine };

const Id = z.object({ command_id: z.string().min(1).max(200) });
const Name = z.object({ command: z.string() });

/** One line of the host as a command, or as the reason why it is none. Never throws. */
export function parseCommandLine(line: string): ParsedLine {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return refusal(null, "bad_json", `not JSON: got ${quote(line)}, expected one JSON object per line`, undefined);
  }
  if (!isObject(json)) {
    return refusal(null, "bad_command", `got ${kindOf(json)}, expected a JSON object with a "command"`, undefined);
  }
  const name = Name.safeParse(json);
  if (!name.success) {
    const got = "command" in json ? `"command" is ${kindOf(json["command"])}` : 'no "command"';
    return refusal(null, "bad_command", `${got}, expected one of ${COMMAND_NAMES.join(", ")}`, json);
  }
  const known = knownName(name.data.command);
  if (known === undefined) {
    const error = `unknown command ${quote(name.data.command)}, expected one of ${COMMAND_NAMES.join(", ")}`;
    return refusal(null, "unknown_command", error, json);
  }
  const command = (isXbeeName(known) ? XbeeCommand : NamedCommand).safeParse(json);
  if (command.success) return { ok: true, command: command.data };
  return refusal(known, "bad_command", `${known}: ${describeIssues(command.error, json)}`, json);
}

function knownName(name: string): CommandName | undefined {
  return isXbeeName(name) ? name : COMMAND_NAMES.find((known) => known === name);
}

/** Not by zod, which looks at every field: a line of 1 MB may have 100,000 that nobody asked for. */
function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refusal(
  command: CommandName | null,
  code: ErrorCode,
  error: string,
  payload: Record<string, unknown> | undefined,
): ParsedLine {
  const id = Id.safeParse(payload);
  return {
    ok: false,
    refused: { command, code, error, commandId: id.success ? id.data.command_id : undefined, payload },
  };
}

/** Every field that is wrong, as "field: what was expected, got what". */
function describeIssues(error: z.ZodError, object: Record<string, unknown>): string {
  return error.issues
    .slice(0, 4)
    .map((issue) => {
      const field = String(issue.path[0] ?? "");
      const got = field in object ? describeValue(object[field]) : "nothing";
      return `${field}: ${issue.message.replace(/^Invalid input: /, "").replace(/, received .*$/, "")}, got ${got}`;
    })
    .join("; ");
}

function describeValue(value: unknown): string {
  if (typeof value === "string") return quote(value, 40);
  return typeof value === "number" ? String(value) : kindOf(value);
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
