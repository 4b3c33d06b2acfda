import { expect, test } from "bun:test";
import { lengthRows } from "./length.ts";
import { framesBehind, rateRows } from "./rate.ts";
import { resolutionRows } from "./resolution.ts";
import type { Axis, Sample } from "./sample.ts";

type Growth = (at: number) => number;

/** The same in three rounds: CPU time and memory at each place. */
function samplesOf(axis: Axis, places: readonly number[], module: Growth, floor: Growth, memory: Growth = () => 1e8) {
  const common = { axis, codec: "h264" } as const;
  return [0, 1, 2].flatMap((round) =>
    places.flatMap((at): Sample[] => {
      const place = { round, place: `${at}`, at, peakBytes: memory(at) };
      return [
        { ...common, ...place, contender: "module", cpuMs: module(at), residentBytes: [1e8, 1e8, memory(at)] },
        { ...common, ...place, contender: "floor", cpuMs: floor(at) },
      ];
    }),
  );
}

const RATES = [5, 15, 30, 60, 120];
const PIXELS = [0.3e6, 1.6e6, 2e6, 5e6, 12e6];
const LENGTHS = [1800, 18_000, 108_000];

/** The first two rows: a straight line, and its slope. */
const verdicts = (rows: readonly { verdict: string }[]) => rows.slice(0, 2).map(({ verdict }) => verdict);

test("over the rate, a line that is 0.3 ms a frame steeper than the floor's is within its target, and one of 0.5 ms is not", () => {
  const rows = (ms: number) =>
    rateRows(
      "h264",
      samplesOf(
        "rate",
        RATES,
        (at) => 20 + ms * at,
        (at) => 3 * at,
      ),
    );
  expect([verdicts(rows(3.3)), verdicts(rows(3.5))]).toEqual([
    ["met", "met"],
    ["met", "not met"],
  ]);
  expect(rows(3.3)[2]?.measured?.median).toBeCloseTo(2);
});

test("what is not recorded has cost nothing: with lost frames nothing is said of the rate", () => {
  const samples = samplesOf(
    "rate",
    RATES,
    (at) => 3 * at,
    (at) => 3 * at,
  );
  const rows = rateRows(
    "h264",
    samples.map((sample, index) => ({ ...sample, lostFrames: index === 4 ? 1 : 0 })),
  );
  expect(rows.map(({ verdict }) => verdict)).toEqual(["not measured"]);
});

test("a recording is behind where it has fewer frames than its rate and its time make, but for a few", () => {
  expect([framesBehind(1000, 1003), framesBehind(1000, 985), framesBehind(40, 39)]).toEqual([0, 0, 0]);
  expect([framesBehind(1000, 900), framesBehind(40, 37)]).toEqual([100, 3]);
});

test("over pixels, what grows faster than they do is no line", () => {
  const floor: Growth = (at) => 1 + at / 1e6;
  const rows = (module: Growth) => resolutionRows("h264", samplesOf("resolution", PIXELS, module, floor));
  expect(verdicts(rows((at) => 1.02 * floor(at)))).toEqual(["met", "met"]);
  expect(verdicts(rows((at) => 1.2 * floor(at)))).toEqual(["met", "not met"]);
  expect(verdicts(rows((at) => 0.1 + (at / 1e6) ** 2))[0]).toBe("not met");
});

test("a frame that costs more late than early, or memory that goes on growing, misses its target", () => {
  const rows = (module: Growth, memory?: Growth) =>
    verdicts(
      lengthRows(
        "h264",
        samplesOf("length", LENGTHS, module, (at) => at, memory),
      ),
    );
  expect(rows((at) => 500 + at)).toEqual(["met", "met"]);
  expect(rows((at) => at + at ** 2 / 1e6)).toEqual(["not met", "met"]);
  expect(
    rows(
      (at) => 500 + at,
      () => 1.2e8,
    ),
  ).toEqual(["met", "not met"]);
});
