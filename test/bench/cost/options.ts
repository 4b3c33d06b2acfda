import { parseArgs } from "node:util";
import { z } from "zod";
import type { VideoCodec } from "../../../src/recording/video-encoder.ts";

const ROW_GROUPS = ["encoders", "others", "instructions"] as const;
export type RowGroup = (typeof ROW_GROUPS)[number];

export interface BenchOptions {
  readonly codecs: readonly VideoCodec[];
  readonly framesShort: number;
  readonly framesLong: number;
  readonly rounds: number;
  /** Of the other rows' trials. */
  readonly seconds: number;
  readonly rows: "all" | RowGroup;
  /** Numbers of modules side by side; undefined: not that bench. */
  readonly modules: readonly number[] | undefined;
  readonly json: boolean;
}

export const USAGE = `npm run bench -- [options]: what recording costs beside the encoder itself

  --codec h264|mjpeg|both      (both)
  --frames SHORT,LONG          of the two runs whose difference is a frame's cost (300,3000)
  --rounds N                   (5)
  --seconds N                  of each trial in real time (20)
  --rows all|encoders|others|instructions
                               encoders: what is measured against libx264, libturbojpeg, ffmpeg and GStreamer;
                               instructions: what a frame takes on x86-64 and on arm64, emulated (all)
  --quick                      60,300 frames, 3 rounds, 5 s: a try, no result
  --modules N,N…               instead: so many modules side by side, each recording 30 frames/s, and as many as fill
                               the cores
  --json                       the numbers as JSON on stdout, all else on stderr`;

const Whole = z.number().int().min(1);
const Count = z.coerce.number().pipe(Whole);
const List = z.string().transform((text) => text.split(",").map(Number));
const Options = z.object({
  codec: z.enum(["h264", "mjpeg", "both"]).default("both"),
  frames: List.pipe(z.tuple([Whole, Whole]))
    .refine(([short, long]) => short < long, "expected SHORT,LONG, SHORT being less")
    .optional(),
  rounds: Count.optional(),
  seconds: Count.optional(),
  rows: z.enum(["all", ...ROW_GROUPS]).default("all"),
  quick: z.boolean().default(false),
  modules: List.pipe(z.array(Whole)).optional(),
  json: z.boolean().default(false),
});

/** Throws where the arguments are wrong. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const options = { codec: text, frames: text, rounds: text, seconds: text, rows: text, modules: text };
  const { values } = parseArgs({ args: [...args], options: { ...options, quick: flag, json: flag } });
  const { quick, ...given } = Options.parse(values);
  const [framesShort, framesLong] = given.frames ?? (quick ? [60, 300] : [300, 3000]);
  return {
    codecs: given.codec === "both" ? ["h264", "mjpeg"] : [given.codec],
    framesShort,
    framesLong,
    rounds: given.rounds ?? (quick ? 3 : 5),
    seconds: given.seconds ?? (quick ? 5 : 20),
    rows: given.rows,
    modules: given.modules,
    json: given.json,
  };
}
