import { setTimeout as delay } from "node:timers/promises";
import { expectPayload } from "../../../support/expect-payload.ts";
import { ModuleProcess } from "../../../support/module-process.ts";
import { cpuSeconds, peakMemoryBytes } from "../../../support/process-usage.ts";
import { assign, type Ledger, type RecordingPaths, startRecording } from "../../../support/record.ts";
import { countRows } from "../../../support/timing-file.ts";
import type { Clip } from "../clip.ts";
import { type Contender, type Job, type Run, SETTINGS } from "../contender.ts";

const LOOK_EVERY_MS = 50;

/** This module as a host runs it: the file replayed as fast as it is recorded, into MP4 and CSV. */
export const module: Contender = {
  name: "module",
  missing: undefined,
  async run(job) {
    return await runModule(job);
  },
};

/** The module's options to replay this clip. */
export function replayOptions({ path, format }: Clip, pace: "free" | "real-time"): string[] {
  const size = `${format.width}x${format.height},stride=${format.strides[0]}`;
  return ["--source", `replay:${path},${size}${pace === "free" ? ",pace=free" : ""}`];
}

/** How many frames the ledger has under any of its reasons. */
export function droppedFrames({ dropped }: Ledger): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0);
}

/** Throws where a frame is missing: a run that loses work is no measurement. */
async function runModule({ codec, clip, frames, folder }: Job): Promise<Run> {
  const startMs = performance.now();
  const { bitrate, jpegQuality } = SETTINGS;
  const settings = ["--codec", codec, "--bitrate", String(bitrate), "--jpeg-quality", String(jpegQuality)];
  await using host = new ModuleProcess([...replayOptions(clip, "free"), ...settings]);
  await assign(host);
  const recording = await startRecording(host, folder);
  await rowsReached(recording, frames, host);
  const { ledger } = expectPayload(await host.ask("stop_recording"), "recording_stopped");
  const wallMs = performance.now() - startMs;
  const [cpuMs, peakBytes] = [1000 * cpuSeconds(host.pid), peakMemoryBytes(host.pid)];
  expectPayload(await host.ask("quit"), "quitting");
  if (ledger.captured !== ledger.recorded) throw new Error(`frames were lost: ${JSON.stringify(ledger)}`);
  return { frames: ledger.recorded, cpuMs, wallMs, peakBytes, outputPath: recording.video };
}

/** Looks seldom: what looks takes processor time as well. */
async function rowsReached({ timing }: RecordingPaths, rows: number, host: ModuleProcess): Promise<void> {
  while (countRows(timing) < rows) {
    const ended = host.statuses.find(({ status }) => status === "recording_stopped");
    if (ended !== undefined) throw new Error(`the recording ended by itself: ${JSON.stringify(ended)}`);
    await delay(LOOK_EVERY_MS);
  }
}
