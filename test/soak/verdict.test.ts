import { describe, expect, test } from "bun:test";
import type { Ledger } from "../support/record.ts";
import type { Findings, Trial, Verified } from "./findings.ts";
import { parseOptions } from "./options.ts";
import type { Sample } from "./sample.ts";
import { isSound, judge } from "./verdict.ts";

const OPTIONS = parseOptions(["--minutes", "60", "--trials", "1"]);
const LONG_FRAMES = 216_000;

const soundTrial = (video: string, seconds: number): Trial => ({
  video,
  ledger: ledger(seconds * 60),
  encoder: "libx264 core 164",
  seconds,
});
const soundFile = (video: string, samples: number): Verified => ({ video, problems: [], samples, gaps: 0, rate: 60 });
const SOUND: Findings = {
  trials: [soundTrial("a.mp4", 3600), soundTrial("b.mp4", 10)],
  verified: [soundFile("a.mp4", LONG_FRAMES), soundFile("b.mp4", 600)],
  samples: samplesOf(() => 120e6),
  watched: {
    seconds: 3615,
    previewRate: 5,
    previews: [18_077, 18_075],
    leftOutTimes: 1,
    scrapes: 723,
    slowestScrapeMs: 8,
    viewerProblems: [],
    scrapeProblems: [],
  },
  openAtRest: [["pipe:[1]"], ["pipe:[2]"]],
  peakBytes: 125e6,
  histograms: undefined,
  problems: [],
};

test("a run in which nothing is wrong is sound, whatever memory does within its first minutes", () => {
  expect(unsound(SOUND)).toEqual([]);
  expect(
    unsound({ ...SOUND, samples: samplesOf((seconds) => (seconds < 180 ? 90e6 + seconds * 1e5 : 120e6)) }),
  ).toEqual([]);
});

describe("a run is not sound", () => {
  const withLedger = (change: Partial<Ledger>): Findings => {
    const [long, ...short] = SOUND.trials;
    if (long === undefined) throw new Error("no trial");
    const changed = { ...long, ledger: { ...long.ledger, ...change } };
    const samples = changed.ledger.recorded;
    return { ...SOUND, trials: [changed, ...short], verified: [soundFile("a.mp4", samples), soundFile("b.mp4", 600)] };
  };
  const withFrames = (frames: number): Findings => withLedger({ captured: frames, recorded: frames });
  const withFile = (change: Partial<Verified>): Findings => ({
    ...SOUND,
    verified: [{ ...soundFile("a.mp4", LONG_FRAMES), ...change }, soundFile("b.mp4", 600)],
  });
  const watched = (change: Partial<Findings["watched"]>): Findings => ({
    ...SOUND,
    watched: { ...SOUND.watched, ...change },
  });

  test.each<[string, string, Findings]>([
    [
      "one frame was dropped",
      "frames dropped",
      withLedger({ recorded: LONG_FRAMES - 1, dropped: { encoder_busy: 1 } }),
    ],
    ["the sensor lost a frame", "gaps", withLedger({ sensor_gaps: { gaps: 1, missing_frames: 1 } })],
    ["a ledger lacks a frame", "ledgers that do not balance", withLedger({ recorded: LONG_FRAMES - 1 })],
    [
      "the rate gate left one out",
      "frames left out by the rate gate",
      withLedger({ recorded: LONG_FRAMES - 1, skipped_by_rate_gate: 1 }),
    ],
    ["the camera gave too few", "frames captured", withFrames(LONG_FRAMES - 9)],
    ["the camera gave too many", "frames captured", withFrames(LONG_FRAMES + 9)],
    ["verify objects", "files that `verify` finds sound, each frame in them", withFile({ problems: ["row 3"] })],
    ["a file lacks a frame", "files that `verify` finds sound, each frame in them", withFile({ samples: 215_999 })],
    ["a file has a gap", "files that `verify` finds sound, each frame in them", withFile({ gaps: 1 })],
    ["a file was not verified", "files that `verify` finds sound, each frame in them", { ...SOUND, verified: [] }],
    ["a trial is missing", "trials that came to their end", { ...SOUND, trials: SOUND.trials.slice(0, 1) }],
    ["memory was beyond its limit once", "most resident memory", { ...SOUND, peakBytes: 151e6 }],
    ["memory grows", "memory over time", { ...SOUND, samples: samplesOf((seconds) => 100e6 + seconds * 2000) }],
    [
      "a trial leaves a descriptor open",
      "descriptors",
      { ...SOUND, openAtRest: [["pipe:[1]"], ["pipe:[1]", "a.mp4"]] },
    ],
    [
      "descriptors grow within a trial",
      "descriptors",
      { ...SOUND, samples: SOUND.samples.map((sample) => ({ ...sample, descriptors: 20 + sample.seconds / 300 })) },
    ],
    ["a viewer saw nothing", "viewers", watched({ previews: [18_077, 0] })],
    ["a viewer missed every eighth preview", "viewers", watched({ previews: [18_077, 15_817] })],
    ["a viewer was shown something wrong", "viewers", watched({ viewerProblems: ["no preview"] })],
    ["nobody scraped", "scrapes", watched({ scrapes: 0 })],
    ["every eighth scrape was left out", "scrapes", watched({ scrapes: 632 })],
    ["a counter fell", "scrapes", watched({ scrapeProblems: ["it fell"] })],
    ["the contract was broken", "anything else that was wrong", { ...SOUND, problems: ["ready came twice"] }],
  ])("where %s", (_why, what, found) => expect(unsound(found)).toEqual([what]));

  test("that broke off before anything was recorded", () => {
    const nothing: Findings = {
      ...SOUND,
      trials: [],
      verified: [],
      samples: [],
      openAtRest: [],
      problems: ["gone"],
    };
    expect(isSound(judge(OPTIONS, nothing))).toBe(false);
  });
});

test.each([-8, 3, 8])("a trial may be %d frames off: its ends lie between frames, and are heard of late", (off) => {
  const trials = [{ ...soundTrial("a.mp4", 3600), ledger: ledger(LONG_FRAMES + off) }, ...SOUND.trials.slice(1)];
  const verified = [soundFile("a.mp4", LONG_FRAMES + off), ...SOUND.verified.slice(1)];
  expect(unsound({ ...SOUND, trials, verified })).toEqual([]);
});

test("the made-up camera's memory is told with its padded rows", () => {
  const measuredAt = (width: number): string | undefined =>
    judge({ ...OPTIONS, width, height: 1088 }, SOUND).find(({ what }) => what === "most resident memory")?.measured;
  expect(measuredAt(1456)).toContain("up to 65 MB");
  expect(measuredAt(1456)).toBe(measuredAt(1536));
});

test("growth within a few minutes is told and not judged", () => {
  const [minutes, growing] = [5, samplesOf((seconds) => 100e6 + seconds * 20_000, 300)];
  const long = { ...soundTrial("a.mp4", 300) };
  const found = { ...SOUND, trials: [long, ...SOUND.trials.slice(1)], samples: growing };
  const memory = judge({ ...OPTIONS, minutes }, found).find(({ what }) => what === "memory over time");
  expect(memory).toMatchObject({ isSound: undefined, measured: expect.stringContaining("+72.0 MB/h") });
});

test("accelerated, a trial has as many frames as were asked for, at the least, however long they took", () => {
  const options = { ...OPTIONS, isAccelerated: true };
  const trials = SOUND.trials.map((trial) => ({ ...trial, seconds: trial.seconds / 7 }));
  expect(isSound(judge(options, { ...SOUND, trials }))).toBe(true);
  const [long, ...short] = trials;
  const fewer = {
    ...SOUND,
    trials: long === undefined ? [] : [{ ...long, ledger: ledger(LONG_FRAMES - 1) }, ...short],
  };
  expect(isSound(judge(options, fewer))).toBe(false);
});

function unsound(found: Findings): string[] {
  return judge(OPTIONS, found).flatMap(({ what, isSound: judged }) => (judged === false ? [what] : []));
}

function ledger(frames: number): Ledger {
  const sensor_gaps = { gaps: 0, missing_frames: 0 };
  return { captured: frames, recorded: frames, skipped_by_rate_gate: 0, dropped: {}, sensor_gaps };
}

/** One every 10 s of the long trial. */
function samplesOf(residentBytesAt: (seconds: number) => number, length = 3600): Sample[] {
  return Array.from({ length: length / 10 }, (_, index) => ({
    seconds: index * 10,
    trial: 0,
    residentBytes: residentBytesAt(index * 10),
    descriptors: 20,
    threads: 15,
    cpuPercent: 40,
    delayMeanMs: 0.2,
    delayMaxMs: 3,
  }));
}
