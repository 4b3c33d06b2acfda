import { parseArgs } from "node:util";
import { z } from "zod";
import type { VideoCodec } from "../../../src/recording/video-encoder.ts";
import type { Axis } from "./sample.ts";

export interface ScalingOptions {
  readonly codecs: readonly VideoCodec[];
  readonly axes: readonly Axis[];
  readonly rounds: number;
  readonly isQuick: boolean;
  readonly json: boolean;
}

export const USAGE = `npm run bench:scaling -- [options]: how CPU time and memory grow with resolution, rate and length

  --codec h264|mjpeg|both              (both)
  --axis resolution|rate|length|all    (all)
  --rounds N                           (3)
  --quick                              small sizes, short times: a try, no result
  --json                               the numbers as JSON on stdout, all else on stderr`;

const AXES = ["resolution", "rate", "length"] as const;
const Options = z.object({
  codec: z.enum(["h264", "mjpeg", "both"]).default("both"),
  axis: z.enum([...AXES, "all"]).default("all"),
  rounds: z.coerce.number().int().min(1).default(3),
  quick: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** Throws where the arguments are wrong. */
export function parseOptions(args: readonly string[]): ScalingOptions {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const options = { codec: text, axis: text, rounds: text, quick: flag, json: flag };
  const { values } = parseArgs({ args: [...args], options });
  const { codec, axis, rounds, quick, json } = Options.parse(values);
  return {
    codecs: codec === "both" ? ["h264", "mjpeg"] : [codec],
    axes: axis === "all" ? AXES : [axis],
    rounds,
    isQuick: quick,
    json,
  };
}
