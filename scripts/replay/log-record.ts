import { z } from "zod";

const Time = z.iso.datetime().transform((text) => Date.parse(text));
const Payload = z.record(z.string(), z.unknown());

const CommandIn = z
  .object({ ts: Time, dir: z.literal("in"), cmd: z.string().nullable(), id: z.string().nullable(), payload: Payload })
  .transform(({ ts, cmd, id, payload }) => ({ kind: "command" as const, timeMs: ts, name: cmd, id, payload }));

const StatusOut = z
  .object({
    ts: Time,
    dir: z.literal("out"),
    status: z.string(),
    reply_to: z.string().nullable(),
    payload: Payload,
  })
  .transform(({ ts, status, reply_to: replyTo, payload }) => ({
    kind: "status" as const,
    timeMs: ts,
    status,
    replyTo,
    payload,
  }));

/** How far a command has come: tells nothing that the two above do not. */
const StateOf = z
  .object({ ts: Time, id: z.string().nullable(), state: z.string() })
  .transform(() => ({ kind: "state" as const }));

/** Lines that could not be written are missing here. */
const Loss = z
  .object({ ts: Time, lost_lines: z.number().int() })
  .transform(({ lost_lines: lostLines }) => ({ kind: "loss" as const, lostLines }));

/** A line of `commands.jsonl`; `timeMs`: wall clock, ms since 1970. */
export const LogRecord = z.union([CommandIn, StatusOut, StateOf, Loss]);
export type LogRecord = z.infer<typeof LogRecord>;
export type CommandRecord = z.infer<typeof CommandIn>;
