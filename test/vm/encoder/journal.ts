import { z } from "zod";

/** When, ms on one clock in the guest. */
const at_ms = z.number();
/** A frame's sensor timestamp. */
const timestamp_ns = z.number();

/** What happened between the guest and its encoders, in order: one JSON object per line of `journal.jsonl`. */
export const JournalEvent = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("opened"), at_ms, name: z.string(), zero_copy: z.boolean() }),
  z.object({ kind: z.literal("not_opened"), at_ms, what: z.string(), code: z.string(), message: z.string() }),
  /** `address`: of its pixels, which tells the source's buffers apart. */
  z.object({ kind: z.literal("submitted"), at_ms, timestamp_ns, address: z.number() }),
  z.object({ kind: z.literal("refused"), at_ms, timestamp_ns }),
  z.object({ kind: z.literal("released"), at_ms, timestamp_ns }),
  z.object({ kind: z.literal("packet"), at_ms, timestamp_ns, is_key: z.boolean(), byte_count: z.number() }),
  z.object({ kind: z.literal("skipped"), at_ms, timestamp_ns, reason: z.string() }),
  z.object({ kind: z.literal("warning"), at_ms, code: z.string(), message: z.string() }),
  z.object({ kind: z.literal("failed"), at_ms, code: z.string(), message: z.string() }),
  z.object({ kind: z.literal("drain"), at_ms }),
  z.object({ kind: z.literal("drained"), at_ms }),
  z.object({ kind: z.literal("closed"), at_ms, copied_frames: z.number() }),

  /** A part of a case begins. */
  z.object({ kind: z.literal("part"), at_ms, name: z.string() }),
  /** One encoder's life, in short. `aborted`: it was ended with frames in it. */
  z.object({
    kind: z.literal("cycle"),
    at_ms,
    aborted: z.boolean(),
    zero_copy: z.boolean(),
    copied_frames: z.number(),
    released: z.number(),
    packets: z.number(),
  }),
  z.object({ kind: z.literal("device"), at_ms, state: z.enum(["unbinding", "unbound", "bound"]) }),
  /** Frames that the camera gave since it was looked at last. */
  z.object({ kind: z.literal("camera_frames"), at_ms, count: z.number() }),
  /** What this process holds that an encoder could have left behind. */
  z.object({ kind: z.literal("holds"), at_ms, what: z.record(z.string(), z.number()) }),
  /** The guest waited in vain, or something threw that was not to. */
  z.object({ kind: z.literal("gave_up"), at_ms, error: z.string() }),
]);
export type JournalEvent = z.infer<typeof JournalEvent>;

/** `decoder.json`: what vicodec's decoder made of a stream. */
export const DecoderReport = z.object({
  /** Frames that came out. */
  frames: z.number(),
  /** Each with the number of the one that went in. */
  in_order: z.boolean(),
  errors: z.number(),
  key_frames: z.number(),
  coded_width: z.number(),
  coded_height: z.number(),
  /** Visible. */
  width: z.number(),
  height: z.number(),
  stride: z.number(),
  /** Of one decoded frame. */
  byte_count: z.number(),
  multiplanar: z.boolean(),
});
export type DecoderReport = z.infer<typeof DecoderReport>;
