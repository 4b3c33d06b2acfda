import { setTimeout as delay } from "node:timers/promises";
import { expectPayload } from "../../../support/expect-payload.ts";
import { ModuleProcess } from "../../../support/module-process.ts";
import { cpuSeconds, peakMemoryBytes, residentBytes, type Thread, threadsOf } from "../../../support/process-usage.ts";
import { assign, type Ledger, type RecordingPaths, startRecording } from "../../../support/record.ts";
import { countRows } from "../../../support/timing-file.ts";
import type { VideoCodec } from "../../../../src/recording/video-encoder.ts";
import type { Clip } from "../clip.ts";
import { type Contender, type Job, type Part, type Run, SETTINGS } from "../contender.ts";

const LOOK_EVERY_MS = 50;
const LOOK_EVERY_MS_MAX = 1000;

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

/** The module's options to replay this clip at so many frames per second. */
export function realTimeOptions(clip: Clip, codec: VideoCodec, rate: number, bitrate: number): string[] {
  const rates = ["--capture-fps", `${rate}`, "--record-fps", `${rate}`];
  return [...replayOptions(clip, "real-time"), ...encoderOptions(codec, bitrate), ...rates];
}

function encoderOptions(codec: VideoCodec, bitrate: number): string[] {
  return ["--codec", codec, "--bitrate", String(Math.round(bitrate)), "--jpeg-quality", String(SETTINGS.jpegQuality)];
}

/** How many frames the ledger has under any of its reasons. */
export function droppedFrames({ dropped }: Ledger): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0);
}

/** Throws where a frame is missing: a run that loses work is no measurement. */
async function runModule({ codec, clip, frames, folder, bitrate = SETTINGS.bitrate, turns }: Job): Promise<Run> {
  const startMs = performance.now();
  await using host = new ModuleProcess([...replayOptions(clip, "free"), ...encoderOptions(codec, bitrate)]);
  using turn = turns?.join(host.pid);
  await assign(host);
  const recording = await startRecording(host, folder);
  const { resident, rows } = await rowsReached(recording, frames, host);
  const profile = { frames: rows, cpuMs: cpuMsByPart(host.pid) };
  const { ledger } = expectPayload(await host.ask("stop_recording"), "recording_stopped");
  const wallMs = performance.now() - startMs - (turn?.waitedMs ?? 0);
  const [cpuMs, peakBytes] = [1000 * cpuSeconds(host.pid), peakMemoryBytes(host.pid)];
  expectPayload(await host.ask("quit"), "quitting");
  if (ledger.captured !== ledger.recorded) throw new Error(`frames were lost: ${JSON.stringify(ledger)}`);
  const taken = { cpuMs, wallMs, peakBytes, residentBytes: resident, profile };
  return { frames: ledger.recorded, ...taken, outputPath: recording.video };
}

/**
 * Looks seldom, and the less the longer it takes: what looks takes processor time as well, and reads the whole file. Returns
 * the memory that was resident at each look, and how many rows it are in the end.
 */
async function rowsReached(
  { timing }: RecordingPaths,
  rows: number,
  host: ModuleProcess,
): Promise<{ resident: number[]; rows: number }> {
  const startMs = performance.now();
  const resident: number[] = [];
  let count = countRows(timing);
  for (; count < rows; count = countRows(timing)) {
    const ended = host.statuses.find(({ status }) => status === "recording_stopped");
    if (ended !== undefined) throw new Error(`the recording ended by itself: ${JSON.stringify(ended)}`);
    resident.push(residentBytes(host.pid));
    const leftMs = count === 0 ? 0 : ((performance.now() - startMs) * (rows - count)) / count;
    await delay(Math.min(Math.max(leftMs / 2, LOOK_EVERY_MS), LOOK_EVERY_MS_MAX));
  }
  return { resident, rows: count };
}

/** The engine's threads compile, collect garbage and give memory back. */
function cpuMsByPart(pid: number): Record<Part, number> {
  const cpuMs = { JavaScript: 0, encoder: 0, files: 0, engine: 0 };
  for (const thread of threadsOf(pid)) cpuMs[partOf(thread)] += thread.cpuMs;
  return cpuMs;
}

function partOf({ isMain, name }: Thread): Part {
  if (isMain) return "JavaScript";
  if (name.startsWith("csi-")) return "encoder";
  return name.startsWith("Bun Pool") ? "files" : "engine";
}
