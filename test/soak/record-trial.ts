import type { RecordingSnapshot } from "../../src/telemetry/module-snapshot.ts";
import { sleep } from "../../src/sleep.ts";
import { expectPayload } from "../support/expect-payload.ts";
import type { ModuleProcess } from "../support/module-process.ts";
import type { Trial } from "./findings.ts";
import type { SoakOptions } from "./options.ts";

const LOOK_EVERY_MS = 200;
/** So long without one more frame: it is of no use to wait on. */
const STANDSTILL_MS = 30_000;
const SAY_EVERY_MS = 60_000;

export type LongRecording = Pick<RecordingSnapshot, "video_path" | "ledger">;

export interface TrialRun {
  readonly module: ModuleProcess;
  readonly sessionDir: string;
  readonly seconds: number;
  readonly options: Pick<SoakOptions, "frameRate" | "isAccelerated">;
  readonly signal: AbortSignal;
  /** What viewers were told of last. */
  readonly progress: { readonly recording: LongRecording | undefined };
  readonly say: (sentence: string) => void;
}

/** One recording: of so many seconds, or, accelerated, of so many seconds' frames at least. */
export async function recordTrial(run: TrialRun): Promise<Trial> {
  const { module, sessionDir } = run;
  const started = expectPayload(await module.ask("start_recording", { session_dir: sessionDir }), "recording_started");
  const startMs = performance.now();
  await recordOn(run, started.video_path, startMs);
  const seconds = (performance.now() - startMs) / 1000;
  const { ledger } = expectPayload(await module.ask("stop_recording"), "recording_stopped");
  return { video: started.video_path, ledger, encoder: started.encoder, seconds };
}

async function recordOn({ module, options, signal, progress, say, seconds }: TrialRun, video: string, startMs: number) {
  const framesWanted = seconds * options.frameRate;
  let [frames, movedMs, saidMs] = [0, startMs, startMs];
  const isDone = options.isAccelerated
    ? () => frames >= framesWanted
    : () => performance.now() - startMs >= seconds * 1000;
  while (!isDone()) {
    const leftMs = startMs + seconds * 1000 - performance.now();
    await sleep(options.isAccelerated ? LOOK_EVERY_MS : Math.max(0, Math.min(LOOK_EVERY_MS, leftMs)), signal);
    const ended = module.statuses.find(({ status, data }) => status === "recording_stopped" && "reason" in data);
    if (ended !== undefined) throw new Error(`the recording ended by itself: ${JSON.stringify(ended)}`);
    const { recording } = progress;
    const recorded = recording?.video_path === video ? recording.ledger.recorded : 0;
    const nowMs = performance.now();
    if (recorded > frames) movedMs = nowMs;
    if (nowMs - movedMs > STANDSTILL_MS) throw new Error(`no frame was recorded for ${STANDSTILL_MS / 1000} s`);
    frames = Math.max(frames, recorded);
    if (nowMs - saidMs >= SAY_EVERY_MS) {
      say(`${((nowMs - startMs) / 60_000).toFixed(0)} min, ${frames} of ${framesWanted} frames`);
      saidMs = nowMs;
    }
  }
}
