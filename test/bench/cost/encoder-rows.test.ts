import { expect, test } from "bun:test";
import type { Contender } from "./contender.ts";
import { ffmpeg } from "./contenders/ffmpeg.ts";
import { floor } from "./contenders/floor.ts";
import { gstreamer } from "./contenders/gstreamer.ts";
import { module } from "./contenders/module.ts";
import { encoderHeads, encoderRows } from "./encoder-rows.ts";
import type { Cost } from "./rounds.ts";

/** Contenders with what a frame takes in each round, ms. */
function costsOf(...all: readonly (readonly [Contender, readonly number[]])[]): Map<Contender, Cost[]> {
  const other = { wallMsPerFrame: 1, startCpuMs: 1, startWallMs: 1, peakBytes: 1, cpuMsByPart: undefined };
  return new Map(all.map(([contender, ms]) => [contender, ms.map((cpuMsPerFrame) => ({ cpuMsPerFrame, ...other }))]));
}

const FLOOR = [floor, [10, 10.2, 10.1]] as const;
const DEAR = [module, [12, 12.2, 12.1]] as const;

test("what a frame costs is judged beside the floor and ffmpeg, and reported beside GStreamer", () => {
  const rows = encoderRows(
    "h264",
    costsOf(FLOOR, [module, [10.3, 10.5, 10.4]], [ffmpeg, [9, 9.1, 9.2]], [gstreamer, [9, 9.1, 9.2]]),
  );
  expect(rows.map(({ verdict }) => verdict)).toEqual(["met", "not met", "reported", "met"]);
  expect(rows.at(-1)?.measured?.median).toBeCloseTo(300);
});

test("each codec has its own targets", () => {
  const costs = costsOf(FLOOR, [module, [10.8, 11, 10.9]], [ffmpeg, [19, 19, 19]], [gstreamer, [9, 9, 9]]);
  const verdicts = (codec: "h264" | "mjpeg") => encoderRows(codec, costs).map(({ verdict }) => verdict);
  expect(verdicts("h264").slice(0, 2)).toEqual(["not met", "met"]);
  expect(verdicts("mjpeg").slice(0, 2)).toEqual(["met", "met"]);
});

test("a floor that varies from round to round blurs nothing that all rounds agree on", () => {
  const [varied, ours] = [[floor, [10, 15, 12]] as const, [module, [12, 18, 14.4]] as const];
  const verdicts = encoderRows("h264", costsOf(varied, ours, [ffmpeg, [20, 30, 24]])).map(({ verdict }) => verdict);
  expect(verdicts).toEqual(["not met", "met", "not measured", "not met"]);
});

test("what rounds do not agree on is too noisy, whatever their median says", () => {
  const verdicts = encoderRows("h264", costsOf(FLOOR, [module, [10.3, 10.4, 12]])).map(({ verdict }) => verdict);
  expect(verdicts).toEqual(["too noisy", "not measured", "not measured", "too noisy"]);
});

test("rows are the same, whether they could be measured or not", () => {
  const nameAndTarget = ({ what, target }: { what: string; target?: number | undefined }) => [what, target];
  for (const costs of [costsOf(FLOOR, DEAR), costsOf(FLOOR, DEAR, [ffmpeg, [9, 9, 9]], [gstreamer, [9, 9, 9]])]) {
    expect(encoderRows("mjpeg", costs).map(nameAndTarget)).toEqual(encoderHeads("mjpeg").map(nameAndTarget));
  }
});
