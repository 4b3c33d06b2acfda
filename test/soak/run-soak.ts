import { join } from "node:path";
import { messageOf } from "../../src/errors.ts";
import type { StatusLine } from "../../src/protocol/statuses.ts";
import { sleep } from "../../src/sleep.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { type MetricsClient, startMeasured } from "../metrics/metrics-client.ts";
import { expectPayload } from "../support/expect-payload.ts";
import type { ModuleProcess } from "../support/module-process.ts";
import { openFiles } from "../support/open-files.ts";
import { peakMemoryBytes } from "../support/process-usage.ts";
import { assign } from "../support/record.ts";
import { cameraOptions } from "./camera-options.ts";
import { CountingViewer } from "./counting-viewer.ts";
import type { Findings, Trial, Verified } from "./findings.ts";
import type { SoakOptions } from "./options.ts";
import { type LongRecording, recordTrial } from "./record-trial.ts";
import { Sampler } from "./sampler.ts";
import { Scraper } from "./scraper.ts";
import { verifyTrial } from "./verify-trial.ts";

const VIEWERS = 2;
/** What is being answered at one of these moments is not at another. */
const [LOOKS, LOOK_EVERY_MS] = [5, 100];

export interface SoakRun {
  readonly options: SoakOptions;
  /** What is recorded goes there. */
  readonly sessionDir: string;
  /** Ends it early. */
  readonly signal: AbortSignal;
  /** Called with words for who waits. */
  readonly say: (sentence: string) => void;
}

/** Mutable: as far as a run came. */
type Collected = { -readonly [Key in keyof Findings]: Findings[Key] } & {
  readonly trials: Trial[];
  readonly openAtRest: (readonly string[])[];
  readonly problems: string[];
};

const NOBODY: Findings["watched"] = {
  seconds: 0,
  previewRate: 0,
  previews: [],
  leftOutTimes: 0,
  scrapes: 0,
  slowestScrapeMs: 0,
  viewerProblems: [],
  scrapeProblems: [],
};

/** Never throws what goes wrong in the run: that is among the findings. */
export async function runSoak(run: SoakRun): Promise<Findings> {
  const found: Collected = {
    trials: [],
    verified: [],
    samples: [],
    watched: NOBODY,
    openAtRest: [],
    peakBytes: 0,
    histograms: undefined,
    problems: [],
  };
  try {
    await conduct(run, found);
  } catch (error) {
    found.problems.push(messageOf(error));
  }
  const verified: Verified[] = [];
  for (const { video } of found.trials) verified.push(await verifyTrial(video));
  return { ...found, verified };
}

/** A host's part: starts the module, has it record, and ends it. Whoever breaks the contract is told of at the end. */
async function conduct({ options, sessionDir, signal, say }: SoakRun, found: Collected): Promise<void> {
  using directory = new TemporaryDirectory();
  const socketPath = directory.file("viewer.sock");
  const watching = ["--debug-socket", socketPath, "--log-dir", join(sessionDir, "logs")];
  const camera = await cameraOptions(options, directory.path);
  const { host, metrics } = await startMeasured([
    ...camera,
    "--codec",
    options.codec,
    ...watching,
    ...options.programOptions,
  ]);
  await using module = host;
  await assign(module);
  using sampler = new Sampler(module.pid);
  found.samples = sampler.samples;
  const progress: { recording: LongRecording | undefined } = { recording: undefined };
  await using viewers = new AsyncDisposableStack();
  const watchers: CountingViewer[] = [];
  for (let index = 0; index < VIEWERS; index++) {
    const viewer = await CountingViewer.open(`ws+unix://${socketPath}:/ws`, ({ snapshot }) => {
      progress.recording = snapshot.recording ?? undefined;
      if (index === 0) sampler.tell(snapshot.process.event_loop_delay_ms);
    });
    watchers.push(viewers.use(viewer));
  }
  const { rates } = await metrics.json();
  using scraper = new Scraper(metrics);
  const watchedFromMs = performance.now();
  try {
    for (let trial = 0; trial <= options.trials; trial++) {
      sampler.trial = trial;
      const seconds = trial === 0 ? options.minutes * 60 : options.trialSeconds;
      say(trial === 0 ? `one trial of ${options.minutes} min` : `trial ${trial} of ${options.trials}: ${seconds} s`);
      found.trials.push(await recordTrial({ module, sessionDir, seconds, options, signal, progress, say }));
      found.openAtRest.push(await openAtRest(module, signal));
    }
    found.problems.push(...unaskedStatuses(module));
    found.peakBytes = peakMemoryBytes(module.pid);
    found.histograms = await histogramsOf(metrics);
  } finally {
    found.watched = {
      seconds: (performance.now() - watchedFromMs) / 1000,
      previewRate: rates.display.target,
      previews: watchers.map(({ previews }) => previews),
      leftOutTimes: module.statuses.filter(tellsOfPreviewsLeftOut).length,
      scrapes: scraper.answerMs.length,
      slowestScrapeMs: Math.max(0, ...scraper.answerMs),
      viewerProblems: watchers.flatMap(({ problems }) => problems),
      scrapeProblems: scraper.problems,
    };
  }
  await viewers.disposeAsync();
  scraper[Symbol.dispose]();
  sampler[Symbol.dispose]();
  expectPayload(await module.ask("quit"), "quitting");
}

/** The fewest of several looks: what is not there to stay is not counted. */
async function openAtRest({ pid }: ModuleProcess, signal: AbortSignal): Promise<string[]> {
  let fewest = openFiles(pid);
  for (let look = 1; look < LOOKS; look++) {
    await sleep(LOOK_EVERY_MS, signal);
    const open = openFiles(pid);
    if (open.length < fewest.length) fewest = open;
  }
  return fewest;
}

/** What the module said without being asked, beside that it is ready: all is well as long as it says nothing. */
function unaskedStatuses({ statuses }: ModuleProcess): string[] {
  return statuses
    .filter(({ status, in_reply_to: id }) => id === undefined && status !== "ready")
    .filter((status) => !tellsOfPreviewsLeftOut(status))
    .map((status) => `the module said unasked: ${JSON.stringify(status)}`);
}

/** Previews are what it is to leave out first: how many may be missing is judged by those that came. */
function tellsOfPreviewsLeftOut({ status, data }: StatusLine): boolean {
  return status === "warning" && data["code"] === "previews_left_out";
}

async function histogramsOf(metrics: MetricsClient): Promise<Findings["histograms"]> {
  return (await metrics.json()).histograms;
}
