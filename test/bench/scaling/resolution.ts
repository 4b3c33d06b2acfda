import { join } from "node:path";
import type { VideoCodec } from "../../../src/recording/video-encoder.ts";
import { type Clip, clipFormat, makeClip } from "../cost/clip.ts";
import { floor } from "../cost/contenders/floor.ts";
import { module } from "../cost/contenders/module.ts";
import { measureCosts } from "../cost/rounds.ts";
import { judgedRow, reportedRow, type Row } from "../cost/row.ts";
import type { Spread } from "../cost/spread.ts";
import { linesOf, slopeOf, spreadOfBoth, spreadOfLines, straightness, straightRow } from "./lines.ts";
import type { ScalingOptions } from "./options.ts";
import type { Sample } from "./sample.ts";
import { bitrateFor, CLIP_FRAMES, CODEC_WORDS } from "./settings.ts";

const SIZES = [
  { width: 640, height: 480, stride: 640 },
  { width: 1456, height: 1088, stride: 1536 },
  { width: 1920, height: 1080, stride: 1920 },
  { width: 2592, height: 1944, stride: 2624 },
  { width: 4056, height: 3040, stride: 4096 },
];
const QUICK_SIZES = 3;
/** Pixels that are encoded in the short and in the long run, at any size. */
const PIXELS = { short: 0.25e9, long: 1e9 };
const QUICK_PART = 0.2;
/** How many times the encoder's slope the module's may be: the targets of what a frame costs. */
const SLOPE_MAX: Record<VideoCodec, number> = { h264: 1.05, mjpeg: 1.1 };

/** Room for the clips, and for what is recorded of one: pictures with noise compress badly. */
export function resolutionBytes(): number {
  return 2 * CLIP_FRAMES * SIZES.reduce((sum, { stride, height }) => sum + 1.5 * stride * height, 0);
}

/** Module and floor at each size, from one file each. */
export async function measureResolutions(
  folder: string,
  { codecs, rounds, isQuick }: ScalingOptions,
  onRun: (sentence: string) => void,
): Promise<Sample[]> {
  const clips: Clip[] = [];
  for (const { width, height, stride } of isQuick ? SIZES.slice(0, QUICK_SIZES) : SIZES) {
    onRun(`resolution: a clip of ${width}x${height}`);
    clips.push(await makeClip(join(folder, `${width}.yuv`), clipFormat(width, height, stride), CLIP_FRAMES));
  }
  const samples: Sample[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const codec of codecs) {
      for (const clip of clips) {
        samples.push(...(await measureSize(clip, { codec, round, folder, part: isQuick ? QUICK_PART : 1, onRun })));
      }
    }
  }
  return samples;
}

interface SizeOptions {
  readonly codec: VideoCodec;
  readonly round: number;
  readonly folder: string;
  readonly part: number;
  readonly onRun: (sentence: string) => void;
}

async function measureSize(clip: Clip, { codec, round, folder, part, onRun }: SizeOptions): Promise<Sample[]> {
  const { width, height } = clip.format;
  const pixels = width * height;
  const costs = await measureCosts(codec, [floor, module], {
    clip,
    folder,
    framesShort: Math.ceil((part * PIXELS.short) / pixels),
    framesLong: Math.ceil((part * PIXELS.long) / pixels),
    rounds: 1,
    bitrate: bitrateFor(clip.format),
    onRun: (sentence) => onRun(`resolution, round ${round + 1}: ${width}x${height}, ${sentence.replace(/^.*: /, "")}`),
  });
  return [...costs].flatMap(([contender, all]) =>
    all.map(({ cpuMsPerFrame, peakBytes }) => ({
      axis: "resolution",
      codec,
      contender: contender === floor ? "floor" : "module",
      round,
      place: `${width}x${height}`,
      at: pixels,
      cpuMs: cpuMsPerFrame,
      peakBytes,
    })),
  );
}

/** Of one codec's samples. */
export function resolutionRows(codec: VideoCodec, samples: readonly Sample[]): Row[] {
  const lines = linesOf(samples);
  const what = `${CODEC_WORDS[codec]}, CPU per frame over pixels`;
  const encoder = spreadOfLines(lines.floor, slopeOf);
  const nanoseconds = (slope: Spread): string => (1e6 * slope.median).toFixed(2);
  const note = `${nanoseconds(spreadOfLines(lines.module, slopeOf))} and ${nanoseconds(encoder)} ns a pixel`;
  return [
    straightRow(what, lines),
    judgedRow(
      `${what}: slope, module ÷ floor`,
      { target: SLOPE_MAX[codec], floor: encoder, note },
      spreadOfBoth(lines, slopeOf, (ours, theirs) => ours / theirs),
    ),
    reportedRow(
      `${what}: at no pixels, module − floor`,
      "µs",
      spreadOfBoth(
        lines,
        ({ atZero }) => 1000 * atZero,
        (ours, theirs) => ours - theirs,
      ),
    ),
    reportedRow(
      `${CODEC_WORDS[codec]}, peak memory over pixels: slope`,
      "bytes",
      spreadOfLines(lines.memory, slopeOf),
      `a pixel; a picture has 1.5; ${straightness(lines.memory)}`,
    ),
  ];
}
