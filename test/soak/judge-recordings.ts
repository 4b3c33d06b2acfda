import { basename } from "node:path";
import { droppedFrames } from "../bench/cost/contenders/module.ts";
import type { Findings, Trial } from "./findings.ts";
import { type Judged, type JudgedOptions, judgeCount, signed } from "./judged.ts";

/**
 * Each end of a recording lies somewhere between two frames; and so much time besides: files that take long to open have the
 * recording begin with frames from before it was told to have begun (0.1 s of them at most), and who measures may hear of
 * either end so late. Nothing in it grows with a recording's length: its frames and its seconds are told by one clock.
 */
const [ENDS_FRAMES, ENDS_SECONDS] = [2, 0.1];

export function judgeTrials({ trials }: JudgedOptions, found: Findings): Judged {
  const [got, wanted] = [found.trials.length, trials + 1];
  return { what: "trials that came to their end", isSound: got === wanted, measured: `${got}`, expected: `${wanted}` };
}

/** That there were as many as the camera must have given. */
export function judgeFrames(
  { minutes, trialSeconds, frameRate, isAccelerated }: JudgedOptions,
  { trials }: Findings,
): Judged {
  const offMax = ENDS_FRAMES + ENDS_SECONDS * frameRate;
  const offBy = ({ seconds, ledger }: Trial): number => ledger.captured - seconds * frameRate;
  const isRight = (trial: Trial, index: number): boolean => {
    if (isAccelerated) return trial.ledger.captured >= (index === 0 ? minutes * 60 : trialSeconds) * frameRate;
    return Math.abs(offBy(trial)) <= offMax;
  };
  const furthest = trials.map(offBy).reduce((most, off) => (Math.abs(off) > Math.abs(most) ? off : most), 0);
  const captured = sum(trials, ({ ledger }) => ledger.captured);
  const seconds = sum(trials, (trial) => trial.seconds);
  const rate = `${captured} in ${seconds.toFixed(1)} s: ${(captured / (seconds || 1)).toFixed(2)} frames/s`;
  return {
    what: "frames captured",
    isSound: trials.length > 0 && trials.every(isRight),
    measured: isAccelerated ? rate : `${rate}, no trial further off than ${signed(furthest)} frames`,
    expected: isAccelerated
      ? `${frameRate} for each second that was asked for`
      : `${frameRate} frames/s, each trial within ${offMax.toFixed(1)} frames`,
  };
}

export function judgeLedgers({ trials }: Findings): Judged[] {
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
    judgeCount(
      "frames dropped",
      sum(trials, ({ ledger }) => droppedFrames(ledger)),
      byReason.join(", "),
    ),
    judgeCount(
      "frames left out by the rate gate",
      sum(trials, ({ ledger }) => ledger.skipped_by_rate_gate),
    ),
    judgeCount("gaps", gaps, `${missing} frames are missing`),
    judgeCount(
      "ledgers that do not balance",
      unbalanced.length,
      unbalanced.map(({ ledger }) => JSON.stringify(ledger)).join(),
    ),
  ];
}

export function judgeFiles({ trials, verified }: Findings): Judged {
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

function sum(trials: readonly Trial[], of: (trial: Trial) => number): number {
  return trials.reduce((all, trial) => all + of(trial), 0);
}
