import { join } from "node:path";
import type { VideoCodec } from "../../../src/recording/video-encoder.ts";
import { clipFormat, makeClip } from "../cost/clip.ts";
import type { Contender } from "../cost/contender.ts";
import { floor } from "../cost/contenders/floor.ts";
import { module } from "../cost/contenders/module.ts";
import { runInFolder } from "../cost/rounds.ts";
import { judgedRow, type Row } from "../cost/row.ts";
import { combined, spreadOf } from "../cost/spread.ts";
import { lineThrough } from "../cost/slope.ts";
import type { ScalingOptions } from "./options.ts";
import { byRound, type Sample } from "./sample.ts";
import { bitrateFor, CLIP_FRAMES, CODEC_WORDS } from "./settings.ts";

/** So small that an hour is over in two minutes. */
const SIZE = { width: 320, height: 240 };
/** A minute, ten minutes and an hour of 30 frames/s. */
const LENGTHS = [1800, 18_000, 108_000];
const QUICK_LENGTHS = [600, 3000, 9000];
/** The floor keeps nothing: two lengths tell what a frame takes. */
const FLOOR_LENGTHS = 2;
/** How much more a frame may take late in a long recording than early. */
const GROWTH_MAX = 1.05;
const MEMORY_GROWTH_MB_MAX = 10;

/** Room for an hour: of H.264 at its bit rate, of MJPEG at 27 kB a picture. */
export function lengthBytes({ codecs }: ScalingOptions): number {
  return codecs[0] === "mjpeg" ? 3e9 : 0.2e9;
}

/** Whole recordings of each length, as fast as they go. Of one codec: what length may cost is writing, which is the same. */
export async function measureLengths(
  folder: string,
  { codecs, rounds, isQuick }: ScalingOptions,
  onRun: (sentence: string) => void,
): Promise<Sample[]> {
  const { width, height } = SIZE;
  const clip = await makeClip(join(folder, "length.yuv"), clipFormat(width, height, width), CLIP_FRAMES);
  const lengths = isQuick ? QUICK_LENGTHS : LENGTHS;
  const samples: Sample[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const codec of codecs.slice(0, 1)) {
      const measure = async (contender: Contender, name: Sample["contender"], length: number): Promise<void> => {
        onRun(`length, round ${round + 1} of ${rounds}: ${codec}, ${name}, ${length} frames`);
        const job = { codec, clip, frames: length, folder, bitrate: bitrateFor(SIZE) };
        const { frames: at, cpuMs, peakBytes, residentBytes = [] } = await runInFolder(contender, job);
        const [axis, place] = ["length", `${length} frames`] as const;
        samples.push({ axis, codec, contender: name, round, place, at, cpuMs, peakBytes, residentBytes });
      };
      for (const length of lengths.slice(0, FLOOR_LENGTHS)) await measure(floor, "floor", length);
      for (const length of lengths) await measure(module, "module", length);
    }
  }
  return samples;
}

/** Of one codec's samples: a frame late in a long recording beside one early in it, and what a long recording keeps in memory. */
export function lengthRows(codec: VideoCodec, samples: readonly Sample[]): Row[] {
  if (samples.length === 0) return [];
  const roundsOf = (name: Sample["contender"]) =>
    byRound(samples.filter(({ contender }) => contender === name)).map((round) =>
      round.toSorted((a, b) => a.at - b.at),
    );
  const perFrame = (rounds: readonly Sample[][], from: number): number[] =>
    rounds.map((round) => {
      const [short, long] = [pointOf(round[from]), pointOf(round[from + 1])];
      return lineThrough(short, long).perFrame;
    });
  const ours = roundsOf("module");
  const [early, late] = [perFrame(ours, 0), perFrame(ours, 1)];
  const theirs = spreadOf(perFrame(roundsOf("floor"), 0));
  const grown = ours.map((round) => grownBytes(round.at(-1)?.residentBytes ?? []) / 1e6);
  const words = CODEC_WORDS[codec];
  const places = ours[0]?.map(({ place }) => place) ?? [];
  const note = `a frame is ${spreadOf(early).median.toFixed(3)} and ${spreadOf(late).median.toFixed(3)} ms, the floor's ${theirs.median.toFixed(3)}`;
  return [
    judgedRow(
      `${words}, CPU per frame: ${places[1]} to ${places[2]} ÷ ${places[0]} to ${places[1]}`,
      { target: GROWTH_MAX, floor: theirs, note },
      spreadOf(combined(late, early, (after, before) => after / before)),
    ),
    judgedRow(
      `${words}, memory while ${places[2]} are recorded: last third − first third`,
      { target: MEMORY_GROWTH_MB_MAX, unit: "MB" },
      spreadOf(grown),
    ),
  ];
}

/** Medians: what is resident goes up and down with each collection of garbage, by 20 MB. */
function grownBytes(residentBytes: readonly number[]): number {
  const third = Math.ceil(residentBytes.length / 3);
  return spreadOf(residentBytes.slice(-third)).median - spreadOf(residentBytes.slice(0, third)).median;
}

function pointOf(sample: Sample | undefined): { frames: number; amount: number } {
  if (sample === undefined) throw new Error("a length was not measured");
  return { frames: sample.at, amount: sample.cpuMs };
}
