import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import type { VideoCodec } from "../../src/recording/video-encoder.ts";

export interface SoakOptions {
  /** Of the long trial. */
  readonly minutes: number;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Frames per second, captured and recorded. */
  readonly frameRate: number;
  readonly codec: VideoCodec;
  /** How many short ones follow. */
  readonly trials: number;
  /** Of each of these. */
  readonly trialSeconds: number;
  /** Where the report goes; absolute. */
  readonly folder: string;
  /** As fast as is recorded, instead of in real time. */
  readonly isAccelerated: boolean;
  /** Further options of the program. */
  readonly programOptions: readonly string[];
}

export const USAGE = `npm run soak -- [options] [-- options of the program]: records for long, and judges what came of it

  --minutes N          of the one long trial (5)
  --trials N           how many short ones follow (10)
  --trial-seconds N    of each (10)
  --size WxH           (1280x720; with --accelerated 640x480)
  --fps N              frames per second (60)
  --codec h264|mjpeg   (h264: 3.6 GB an hour; mjpeg: some 30 GB)
  --out FOLDER         where report.md, plot.svg and samples.csv go, and what is recorded until it is verified (soak-report)
  --accelerated        so many minutes' frames, from a file and as fast as they are recorded
  --help`;

const Positive = z.coerce.number().positive();
const Options = z.object({
  minutes: Positive.default(5),
  trials: z.coerce.number().int().min(0).default(10),
  "trial-seconds": Positive.default(10),
  size: z
    .string()
    .regex(/^\d+x\d+$/, "expected WxH")
    .optional(),
  fps: Positive.default(60),
  codec: z.enum(["h264", "mjpeg"]).default("h264"),
  out: z.string().min(1).default("soak-report"),
  accelerated: z.boolean().default(false),
});

/** Throws where the arguments are wrong. */
export function parseOptions(args: readonly string[]): SoakOptions {
  const text = { type: "string" } as const;
  const texts = { minutes: text, trials: text, "trial-seconds": text, size: text, fps: text, codec: text, out: text };
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const { values } = parseArgs({
    args: args.slice(0, end),
    options: { ...texts, accelerated: { type: "boolean" } },
  });
  const given = Options.parse(values);
  const isAccelerated = given.accelerated;
  const [width = 0, height = 0] = (given.size ?? (isAccelerated ? "640x480" : "1280x720")).split("x").map(Number);
  return {
    minutes: given.minutes,
    width,
    height,
    frameRate: given.fps,
    codec: given.codec,
    trials: given.trials,
    trialSeconds: given["trial-seconds"],
    folder: resolve(given.out),
    isAccelerated,
    programOptions: args.slice(end + 1),
  };
}
