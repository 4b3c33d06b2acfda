import { z } from "zod";

const Count = z.number().int().min(1);
const Amount = z.number().int().min(0).default(0);

/** What can go wrong with a synthetic camera, on purpose: tests script it with `--source synthetic:key=value,…`. */
export const SyntheticFaults = z
  .strictObject({
    /** Opening takes this long, ms. */
    open_delay: Amount,
    /** Opening fails. */
    open_fails: z.enum(["not_found", "busy"]).optional(),
    /** The first frame comes this late, ms. */
    first_frame_delay: Amount,
    /** Each sensor timestamp is off its grid by up to this much either way, µs; repeatable. */
    jitter: Amount,
    /** After every so many frames, the sensor interface loses some. */
    gap: z.object({ every: Count, lost: Count }).optional(),
    /** No more frames after this many: a camera gone silent. */
    stall: Count.optional(),
    /** The camera is unplugged after this many frames. */
    lost: Count.optional(),
    /** Every N-th frame arrives damaged. */
    bad_frame: Count.optional(),
    /** No fault, but said in the same list: pictures lie in dmabufs, as a camera's do, instead of our own memory. */
    memory: z.literal("dmabuf").optional(),
  })
  .prefault({});
export type SyntheticFaults = z.infer<typeof SyntheticFaults>;
