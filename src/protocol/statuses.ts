import { z } from "zod";
import { MODULE_STATES } from "../module-state.ts";
import { localTime } from "./local-time.ts";

const Ledger = z.object({
  captured: z.number().int(),
  recorded: z.number().int(),
  skipped_by_rate_gate: z.number().int(),
  dropped: z.record(z.string(), z.number().int()),
  sensor_gaps: z.object({ gaps: z.number().int(), missing_frames: z.number().int() }),
});

/** What each status says beside its name. */
export const STATUS_PAYLOADS = {
  ready: z.object({}),
  /** Interim: the assignment was understood, and its final reply may take its time. */
  device_ack: z.object({ device_id: z.string() }),
  device_ready: z.object({ device_id: z.string() }),
  device_unassigned: z.object({ device_id: z.string().nullable(), port_released: z.literal(true) }),
  device_error: z.object({ device_id: z.string().nullable(), error: z.string(), code: z.string() }),
  recording_started: z.object({
    video_path: z.string(),
    camera_id: z.string(),
    trial_number: z.number().int(),
    encoder: z.string(),
    zero_copy: z.boolean(),
    encoder_reason: z.string(),
  }),
  recording_stopped: z.object({
    camera_id: z.string(),
    /** null: there is no file; no frame came, or somebody removed it. */
    video_path: z.string().nullable(),
    ledger: Ledger,
    /** Why it ended, where no command asked for it. */
    reason: z.string().optional(),
  }),
  snapshot_taken: z.object({
    camera_id: z.string(),
    /** Absolute; a JPEG. */
    path: z.string(),
    /** Pixels. */
    width: z.number().int(),
    height: z.number().int(),
    /** Of the frame that it shows, ns; as text, since it may be beyond a double's 53 bits. */
    sensor_timestamp_ns: z.string(),
  }),
  status_report: z.object({
    state: z.enum(MODULE_STATES),
    /** null: none is assigned. */
    device_id: z.string().nullable(),
    /** Why the assigned device gives no frames, a sentence; null while it does. */
    fault: z.string().nullable(),
    /** The recording that goes on. */
    recording: z
      .object({ video_path: z.string(), trial_number: z.number().int(), trial_label: z.string(), ledger: Ledger })
      .nullable(),
  }),
  command_ack: z.object({ command: z.string(), success: z.literal(true) }),
  command_nack: z.object({
    command: z.string().nullable(),
    success: z.literal(false),
    error: z.string(),
    code: z.string(),
  }),
  warning: z.object({ message: z.string(), code: z.string() }),
  quitting: z.object({}),
} as const;

export type StatusName = keyof typeof STATUS_PAYLOADS;

/** A status as the runtime makes it; `inReplyTo` is absent where nobody asked. */
export type Status = {
  [Name in StatusName]: {
    readonly status: Name;
    readonly payload: z.infer<(typeof STATUS_PAYLOADS)[Name]>;
    readonly inReplyTo?: string | undefined;
  };
}[StatusName];

/** A status as it stands on a line, for those who read them. */
export const StatusLine = z.looseObject({
  type: z.literal("status"),
  status: z.string(),
  timestamp: z.string(),
  in_reply_to: z.string().optional(),
  command_id: z.string().optional(),
  data: z.record(z.string(), z.unknown()),
});
export type StatusLine = z.infer<typeof StatusLine>;

/**
 * One line of output that satisfies both dialects of the host contract: the payload stands beside `status` (command
 * protocol) and in `data` (RPi Logger), the id as `in_reply_to` and as `command_id`.
 */
export function formatStatus({ status, payload, inReplyTo }: Status, now = new Date()): string {
  const id = inReplyTo === undefined ? {} : { in_reply_to: inReplyTo, command_id: inReplyTo };
  return JSON.stringify({ type: "status", status, timestamp: localTime(now), ...id, ...payload, data: payload });
}
