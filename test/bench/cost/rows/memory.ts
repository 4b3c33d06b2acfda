import { setTimeout as delay } from "node:timers/promises";
import { expectPayload } from "../../../support/expect-payload.ts";
import { ModuleProcess } from "../../../support/module-process.ts";
import { peakMemoryBytes, residentBytes } from "../../../support/process-usage.ts";
import { assign, startRecording } from "../../../support/record.ts";
import { droppedFrames } from "../contenders/module.ts";
import { type Row, judgedRow } from "../row.ts";
import { spreadOf } from "../spread.ts";

const RATE = 60;

/** One trial of the module at 60 frames/s, from a made-up camera whose 24 pictures are part of the sum. */
export async function memoryRow(folder: string, rounds: number, seconds: number): Promise<Row> {
  const peaks: number[] = [];
  const growths: number[] = [];
  let lost = 0;
  for (let round = 0; round < rounds; round++) {
    const trial = await recordFor(folder, seconds);
    peaks.push(trial.peakBytes / 1e6);
    growths.push(trial.grownBytes / 1e6);
    lost += trial.lost;
  }
  const grown = `${spreadOf(growths).median.toFixed(0)} MB more at the end than half way`;
  const note = `${grown}, ${lost} frames lost; 60 MB are the made-up camera's pictures`;
  return judgedRow(`memory, recording H.264 at ${RATE} frames/s`, { target: 150, unit: "MB", note }, spreadOf(peaks));
}

async function recordFor(
  folder: string,
  seconds: number,
): Promise<{ peakBytes: number; grownBytes: number; lost: number }> {
  const rate = ["--capture-fps", `${RATE}`, "--record-fps", `${RATE}`];
  await using host = new ModuleProcess(["--source", "synthetic", "--size", "1456x1088", ...rate]);
  await assign(host);
  await startRecording(host, folder);
  await delay((1000 * seconds) / 2);
  const halfWayBytes = residentBytes(host.pid);
  await delay((1000 * seconds) / 2);
  const grownBytes = residentBytes(host.pid) - halfWayBytes;
  const { ledger } = expectPayload(await host.ask("stop_recording"), "recording_stopped");
  const peakBytes = peakMemoryBytes(host.pid);
  expectPayload(await host.ask("quit"), "quitting");
  return { peakBytes, grownBytes, lost: droppedFrames(ledger) + ledger.sensor_gaps.missing_frames };
}
