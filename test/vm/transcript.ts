import { z } from "zod";

/** What happened between the host that the guest plays and the program, in order: one JSON object per line. */
export const TranscriptEvent = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("command"), command: z.looseObject({ command: z.string(), command_id: z.string() }) }),
  z.object({ kind: z.literal("line"), text: z.string() }),
  z.object({ kind: z.literal("input_closed") }),
  z.object({ kind: z.literal("signal"), signal: z.string() }),
  z.object({
    kind: z.literal("exit"),
    code: z.number().nullable(),
    signal: z.union([z.string(), z.number()]).nullable(),
  }),
  /** The guest waited for something in vain; the program was killed. */
  z.object({ kind: z.literal("gave_up"), error: z.string() }),
]);
export type TranscriptEvent = z.infer<typeof TranscriptEvent>;

export const Ledger = z.object({
  captured: z.number(),
  recorded: z.number(),
  skipped_by_rate_gate: z.number(),
  dropped: z.record(z.string(), z.number()),
  sensor_gaps: z.object({ gaps: z.number(), missing_frames: z.number() }),
});
export type Ledger = z.infer<typeof Ledger>;

/** A line of the program, as far as the tests look at it. */
export const Status = z.looseObject({
  status: z.string(),
  in_reply_to: z.string().optional(),
  device_id: z.string().nullable().optional(),
  camera_id: z.string().optional(),
  code: z.string().optional(),
  error: z.string().optional(),
  reason: z.string().optional(),
  video_path: z.string().optional(),
  ledger: Ledger.optional(),
});
export type Status = z.infer<typeof Status>;
