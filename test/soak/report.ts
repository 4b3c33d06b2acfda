import { POOL_BUFFERS_MAX } from "../../src/capture/buffer-pool.ts";
import { LATE_MS_MAX } from "../../src/capture/frame-pacer.ts";
import { PICAM_BUFFERS } from "../../src/capture/picam-source.ts";
import { droppedFrames } from "../bench/cost/contenders/module.ts";
import { percentile } from "../support/percentile.ts";
import type { Findings } from "./findings.ts";
import type { SoakOptions } from "./options.ts";
import type { RunDescription } from "./run-description.ts";
import type { Sample } from "./sample.ts";
import type { Judged } from "./judged.ts";
import { isSound } from "./verdict.ts";

export interface ReportParts {
  readonly options: SoakOptions;
  readonly description: RunDescription;
  readonly verdict: readonly Judged[];
  readonly found: Findings;
}

const HISTOGRAMS: Readonly<Record<string, string>> = {
  event_loop_delay: "event loop: how late timers of 20 ms were",
  sensor_to_dequeue: "from the sensor's time to JavaScript",
  sensor_to_encoded: "from the sensor's time to encoded",
  sensor_to_disk: "from the sensor's time to written and synced",
};

/** One sentence: what was recorded, and how. */
export function describeRun({
  minutes,
  trials,
  trialSeconds,
  width,
  height,
  frameRate,
  codec,
  isAccelerated,
}: SoakOptions) {
  const pace = isAccelerated ? "of frames as fast as they were recorded" : "in real time";
  const kind = `${codec === "h264" ? "H.264" : "MJPEG"} ${width}x${height} at ${frameRate} frames/s`;
  return `${kind}, ${minutes} min ${pace}, then ${trials} trials of ${trialSeconds} s; two viewers, a scrape every 5 s`;
}

/** The whole report, as Markdown. */
export function markdownReport({ options, description, verdict, found }: ReportParts): string {
  const encoder = found.trials[0]?.encoder ?? "none";
  return [
    `# Soak: ${isSound(verdict) ? "sound" : "NOT SOUND"}`,
    `${describeRun(options)}. Encoder: ${encoder}.`,
    options.programOptions.length === 0 ? "" : `With \`${options.programOptions.join(" ")}\`.`,
    "![Memory, processor time, descriptors, threads and event-loop delay over the minutes](plot.svg)",
    "## Verdict",
    table(["", "what", "measured", "expected"], verdict.map(verdictLine)),
    "## Over time",
    table(["", "long trial: least", "median", "p99", "most", "short trials: most"], sampleLines(found.samples)),
    "The module's own, over all of the run:",
    table(["", "mean ms", "p50 ms", "p99 ms", "most ms"], histogramLines(found.histograms)),
    options.isAccelerated ? "" : buffersText(options),
    "## Trials",
    table(["trial", "seconds", "captured", "recorded", "dropped", "gaps", "verify"], trialLines(found)),
    "## Machine",
    table(["", ""], description),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

/** What one sees at the end of a run. */
export function verdictText(verdict: readonly Judged[]): string {
  const lines = verdict.map((judged) => `${mark(judged)}  ${judged.what}: ${judged.measured}`);
  return [...lines, isSound(verdict) ? "SOUND" : "NOT SOUND"].join("\n");
}

/** One line for each sample, the columns named in the first. */
export function samplesCsv(samples: readonly Sample[]): string {
  const header = "seconds,trial,resident_mb,descriptors,threads,cpu_percent,delay_mean_ms,delay_max_ms";
  const lines = samples.map((sample) =>
    [
      sample.seconds.toFixed(1),
      sample.trial,
      (sample.residentBytes / 1e6).toFixed(2),
      sample.descriptors,
      sample.threads,
      sample.cpuPercent.toFixed(1),
      sample.delayMeanMs?.toFixed(2) ?? "",
      sample.delayMaxMs?.toFixed(2) ?? "",
    ].join(","),
  );
  return `${[header, ...lines].join("\n")}\n`;
}

function verdictLine(judged: Judged): string[] {
  return [mark(judged), judged.what, judged.measured, judged.expected];
}

function mark({ isSound: judged }: Judged): string {
  if (judged === undefined) return "–";
  return judged ? "✓" : "✕";
}

function sampleLines(samples: readonly Sample[]): string[][] {
  const line = (what: string, of: (sample: Sample) => number | undefined, digits: number): string[] => {
    const valuesOf = (isShort: boolean): number[] =>
      samples.filter(({ trial }) => trial > 0 === isShort).flatMap((sample) => of(sample) ?? []);
    const at = (values: readonly number[], percent: number): string =>
      values.length === 0 ? "" : percentile(values, percent).toFixed(digits);
    const [long, short] = [valuesOf(false), valuesOf(true)];
    return [what, at(long, 0), at(long, 50), at(long, 99), at(long, 100), at(short, 100)];
  };
  return [
    line("resident memory, MB", ({ residentBytes }) => residentBytes / 1e6, 1),
    line("processor time, % of a core", ({ cpuPercent }) => cpuPercent, 0),
    line("descriptors", ({ descriptors }) => descriptors, 0),
    line("threads", ({ threads }) => threads, 0),
    line("event-loop delay, mean of a second, ms", ({ delayMeanMs }) => delayMeanMs, 2),
    line("event-loop delay, longest of a second, ms", ({ delayMaxMs }) => delayMaxMs, 2),
  ];
}

function histogramLines(histograms: Findings["histograms"]): string[][] {
  return Object.entries(HISTOGRAMS).map(([name, what]) => {
    const summary = histograms?.[name];
    const values = [summary?.mean_ms, summary?.p50_ms, summary?.p99_ms, summary?.max_ms];
    return [what, ...values.map((value) => value?.toFixed(2) ?? "")];
  });
}

/** By which one can tell what the standstills in the table above it would have meant to a camera. */
function buffersText({ frameRate }: SoakOptions): string {
  const [own, asked] = [POOL_BUFFERS_MAX, PICAM_BUFFERS].map((count) => {
    return `${count} buffers, ${((1000 * count) / frameRate).toFixed(0)} ms of frames`;
  });
  return (
    `The made-up camera has ${own}, and makes up for ${LATE_MS_MAX / 1000} s in which it stands still with the module; ` +
    `of a Raspberry Pi's, the module asks for ${asked}, and the camera may give others. ` +
    "While the module stands still none goes back: a camera loses frames once those that were free are full."
  );
}

function trialLines({ trials, verified }: Findings): string[][] {
  return trials.map(({ video, ledger, seconds }, index) => {
    const problems = verified.find((one) => one.video === video)?.problems ?? ["not verified"];
    const counts = [ledger.captured, ledger.recorded, droppedFrames(ledger), ledger.sensor_gaps.gaps].map(String);
    return [index === 0 ? "long" : `${index}`, seconds.toFixed(2), ...counts, problems.join("; ") || "sound"];
  });
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [row(head), `|${"---|".repeat(head.length)}`, ...lines.map(row)].join("\n");
}
