import { z } from "zod";

/** What can go wrong with a synthetic camera, on purpose: tests script it with `--source synthetic:key=value,…`. */
export const SyntheticFaults = z
  .strictObject({
    /** Opening takes this long, ms. */
    open_delay: z.coerce.number().int().min(0).default(0),
    /** Opening fails. */
    open_fails: z.enum(["not_found", "busy"]).optional(),
    /** The first frame comes this late, ms. */
    first_frame_delay: z.coerce.number().int().min(0).default(0),
    /** Each sensor timestamp is off its grid by up to this much either way, µs; repeatable. */
    jitter: z.coerce.number().int().min(0).default(0),
    /** Every N frames (`N+M`) the sensor interface loses M frames. */
    gap: z
      .string()
      .regex(/^\d+\+\d+$/, 'expected "N+M": every N frames, M are lost')
      .transform((text) => {
        const [every = 0, lost = 0] = text.split("+").map(Number);
        return { every, lost };
      })
      .refine(({ every, lost }) => every > 0 && lost > 0, "expected numbers above 0")
      .optional(),
    /** No more frames after this many: a camera gone silent. */
    stall: z.coerce.number().int().min(1).optional(),
    /** The camera is unplugged after this many frames. */
    lost: z.coerce.number().int().min(1).optional(),
    /** Every N-th frame arrives damaged. */
    bad_frame: z.coerce.number().int().min(1).optional(),
  })
  .prefault({});
export type SyntheticFaults = z.infer<typeof SyntheticFaults>;
