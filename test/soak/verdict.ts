import { basename } from "node:path";
import { POOL_BUFFERS_MAX } from "../../src/capture/buffer-pool.ts";
import { droppedFrames } from "../bench/cost/contenders/module.ts";
import type { Findings, Trial } from "./findings.ts";
import type { SoakOptions } from "./options.ts";
import { robustFit } from "./robust-fit.ts";

/** One thing that was looked at. */
export interface Judged {
  readonly what: string;
  /** undefined: reported, not judged. */
  readonly isSound: boolean | undefined;
  readonly measured: string;
  readonly expected: string;
}

type JudgedOptions = Omit<SoakOptions, "codec" | "folder" | "programOptions">;

/** While recording at 60 frames/s. */
const MEMORY_BYTES_MAX = 150e6;
/** From the beginning to the end of what is fitted. */
const GROWTH_MAX = 0.05;
/** What is loaded and compiled at first is no leak. */
const WARM_UP_SECONDS = 180;
/** Of a shorter stretch a slope says more about the garbage collector than about a leak. */
const FIT_SECONDS_MIN = 600;
/** Frames that a trial may have more or fewer than its length says: those at its ends, and a timer's inaccuracy. */
const [FRAMES_SECONDS, FRAMES_PART] = [0.5, 0.001];

/** Of a run, everything that was to be so. */
export function judge(options: JudgedOptions, found: Findings): Judged[] {
  return [
    judgeTrials(options, found),
    judgeFrames(options, found),
    ...judgeLedgers(found),
    judgeFiles(found),
    ...judgeMemory(options, found),
    judgeDescriptors(found),
    judgeViewers(options, found),
    judgeScrapes(found),
    count("anything else that was wrong", found.problems.length, found.problems.join("; ")),
  ];
}

export function isSound(verdict: readonly Judged[]): boolean {
  return verdict.every((judged) => judged.isSound !== false);
}

function fitLong<Sample extends Findings["samples"][number]>(
  samples: readonly Sample[],
  of: (sample: Sample) => number,
) {
  const long = samples.filter(({ trial }) => trial === 0);
  const end = long.at(-1)?.seconds ?? 0;
  const begin = Math.min(WARM_UP_SECONDS, end / 4);
  const fit = robustFit(long.filter(({ seconds }) => seconds >= begin).map((sample) => [sample.seconds, of(sample)]));
  return fit === undefined ? undefined : { ...fit, seconds: end - begin };
}

function judgeTrials({ trials }: JudgedOptions, found: Findings): Judged {
  const [got, wanted] = [found.trials.length, trials + 1];
  return { what: "trials that came to their end", isSound: got === wanted, measured: `${got}`, expected: `${wanted}` };
}

/** That there were as many as the camera must have given. */
function judgeFrames({ minutes, trialSeconds, frameRate, isAccelerated }: JudgedOptions, { trials }: Findings): Judged {
  const isRight = ({ seconds, ledger: { captured } }: Trial, index: number): boolean => {
    if (isAccelerated) return captured >= (index === 0 ? minutes * 60 : trialSeconds) * frameRate;
    const wanted = seconds * frameRate;
    return Math.abs(captured - wanted) <= FRAMES_SECONDS * frameRate + FRAMES_PART * wanted;
  };
  const captured = sum(trials, ({ ledger }) => ledger.captured);
  const seconds = sum(trials, (trial) => trial.seconds);
  return {
    what: "frames captured",
    isSound: trials.length > 0 && trials.every(isRight),
    measured: `${captured} in ${seconds.toFixed(1)} s: ${(captured / seconds).toFixed(2)} frames/s`,
    expected: isAccelerated ? `${frameRate} for each second that was asked for` : `${frameRate} frames/s, each trial`,
  };
}

function judgeLedgers({ trials }: Findings): Judged[] {
  const reasons = new Set(trials.flatMap(({ ledger }) => Object.keys(ledger.dropped)));
  const byReason = [...reasons].map(
    (reason) => `${reason} ${sum(trials, ({ ledger }) => ledger.dropped[reason] ?? 0)}`,
  );
  const missing = sum(trials, ({ ledger }) => ledger.sensor_gaps.missing_frames);
  const unbalanced = trials.filter(({ ledger }) => {
    return ledger.captured !== ledger.recorded + ledger.skipped_by_rate_gate + droppedFrames(ledger);
  });
  const gaps = sum(trials, ({ ledger }) => ledger.sensor_gaps.gaps);
  return [
    count(
      "frames dropped",
      sum(trials, ({ ledger }) => droppedFrames(ledger)),
      byReason.join(", "),
    ),
    count(
      "frames left out by the rate gate",
      sum(trials, ({ ledger }) => ledger.skipped_by_rate_gate),
    ),
    count("gaps", gaps, `${missing} frames are missing`),
    count(
      "ledgers that do not balance",
      unbalanced.length,
      unbalanced.map(({ ledger }) => JSON.stringify(ledger)).join(),
    ),
  ];
}

function judgeFiles({ trials, verified }: Findings): Judged {
  const problems = trials.flatMap(({ video, ledger }) => {
    const file = verified.find((one) => one.video === video);
    if (file === undefined) return [`${basename(video)} was not verified`];
    const isWhole = file.samples === ledger.recorded && file.gaps === 0;
    if (file.problems.length > 0 || isWhole) return file.problems.map((problem) => `${basename(video)}: ${problem}`);
    return [`${basename(video)} has ${file.samples} samples of ${ledger.recorded}, and ${file.gaps} gaps`];
  });
  const clean = `${trials.length} files, ${problems.length} problems`;
  return {
    what: "files that `verify` finds sound, each frame in them",
    isSound: trials.length > 0 && problems.length === 0,
    measured: problems.length === 0 ? clean : `${clean}: ${problems.join("; ")}`,
    expected: "all",
  };
}

function judgeMemory({ isAccelerated, width, height }: JudgedOptions, found: Findings): Judged[] {
  const most = Math.max(...found.samples.map(({ residentBytes }) => residentBytes), found.peakBytes);
  // What a camera's driver holds, and its process does not; two more for the picture that these are copied from.
  const pictures = `up to ${megabytes((POOL_BUFFERS_MAX + 2) * 1.5 * width * height)} MB`;
  const limit = {
    what: "most resident memory",
    isSound: isAccelerated ? undefined : found.samples.length > 0 && most <= MEMORY_BYTES_MAX,
    measured: isAccelerated ? `${megabytes(most)} MB` : `${megabytes(most)} MB, ${pictures} of it the made-up camera's`,
    expected: isAccelerated ? "reported" : `at most ${megabytes(MEMORY_BYTES_MAX)} MB`,
  };
  const fit = fitLong(found.samples, ({ residentBytes }) => residentBytes);
  if (fit === undefined) {
    return [limit, { what: "memory over time", isSound: false, measured: "no samples", expected: "flat" }];
  }
  const growth = (fit.to - fit.from) / fit.from;
  const isLongEnough = fit.seconds >= FIT_SECONDS_MIN;
  const line = `${signed((fit.slope * 3600) / 1e6)} MB/h over ${(fit.seconds / 60).toFixed(1)} min`;
  const spread = `half of all samples within ${(fit.spread / 1e6).toFixed(1)} MB of the line`;
  return [
    limit,
    {
      what: "memory over time",
      isSound: isLongEnough ? growth <= GROWTH_MAX : undefined,
      measured: `${line}: ${signed(growth * 100)} %, ${spread}`,
      expected: isLongEnough
        ? `at most +${GROWTH_MAX * 100} %`
        : `too short to judge: ${FIT_SECONDS_MIN / 60} min needed`,
    },
  ];
}

function judgeDescriptors({ samples, openAtRest }: Findings): Judged {
  const [first, last] = [openAtRest[0], openAtRest.at(-1)];
  const fit = fitLong(samples, ({ descriptors }) => descriptors);
  const grown = fit === undefined ? Number.NaN : fit.to - fit.from;
  const most = Math.max(...samples.map(({ descriptors }) => descriptors));
  return {
    what: "descriptors",
    isSound: first !== undefined && last !== undefined && last.length <= first.length && grown < 1,
    measured: [
      `${most} at most; at rest ${first?.length} after the first trial, ${last?.length} after the last`,
      `${signed(grown)} in the long one`,
      ...(last ?? []).filter((name) => first?.includes(name) === false).map((name) => `new: ${name}`),
    ].join("; "),
    expected: "no more after the last than after the first, +0 in the long one",
  };
}

function judgeViewers(
  { isAccelerated }: JudgedOptions,
  { watched: { previews, viewerProblems: problems } }: Findings,
): Judged {
  const isServed = previews.length > 0 && previews.every((got) => got > 0);
  return {
    what: "viewers",
    isSound: problems.length === 0 && (isServed || isAccelerated),
    measured: [`${previews.join(" and ")} previews`, ...problems].join("; "),
    expected: "previews for each, whole and in order, connected to the end",
  };
}

function judgeScrapes({ watched }: Findings): Judged {
  const { scrapes, slowestScrapeMs, scrapeProblems } = watched;
  const answered = `${scrapes}, the slowest took ${slowestScrapeMs.toFixed(1)} ms`;
  return {
    what: "scrapes",
    isSound: scrapes > 0 && scrapeProblems.length === 0,
    measured: [answered, ...scrapeProblems].join("; "),
    expected: "each answered, and no counter falls",
  };
}

/** Something of which there is to be none. */
function count(what: string, found: number, words = ""): Judged {
  return { what, isSound: found === 0, measured: found === 0 ? "0" : `${found}: ${words}`, expected: "0" };
}

function sum(trials: readonly Trial[], of: (trial: Trial) => number): number {
  return trials.reduce((all, trial) => all + of(trial), 0);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(1)}`;
}
