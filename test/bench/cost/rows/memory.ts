import { setTimeout as delay } from "node:timers/promises";
import { pictureBytes, POOL_BUFFERS_MAX } from "../../../../src/capture/buffer-pool.ts";
import { paddedYuv420, REC709 } from "../../../../src/capture/stream-format.ts";
import { expectPayload } from "../../../support/expect-payload.ts";
import { ModuleProcess } from "../../../support/module-process.ts";
import { peakMemoryBytes, residentBytes } from "../../../support/process-usage.ts";
import { assign, startRecording } from "../../../support/record.ts";
import { attempt } from "../attempt.ts";
import { droppedFrames } from "../contenders/module.ts";
import { grownPercent } from "../grown-percent.ts";
import { countedRow, judgedRow, type Row } from "../row.ts";
import { spreadOf } from "../spread.ts";

const RATE = 60;
const WHAT = `memory, recording H.264 at ${RATE} frames/s`;
const PEAK = { what: WHAT, target: 150, unit: "MB" };
const GROWTH = { what: `${WHAT}: growth from half way to the end`, target: 5, unit: "%" };
const LOST = { what: `${WHAT}: frames lost`, target: 0 };

const PICTURE_BYTES = pictureBytes(paddedYuv420({ width: 1456, height: 1088, colour: REC709 }));
const LOOK_EVERY_MS = 250;

interface Trial {
  readonly peakBytes: number;
  readonly residentBytes: readonly number[];
  readonly lost: number;
}

/** Trials of the module at 60 frames/s, from a made-up camera whose pictures are part of the sum. */
export async function memoryRows(folder: string, rounds: number, seconds: number): Promise<readonly Row[]> {
  return await attempt([PEAK, GROWTH, LOST], async () => {
    const trials: Trial[] = [];
    for (let round = 0; round < rounds; round++) trials.push(await recordFor(folder, seconds));
    const pictures = ((POOL_BUFFERS_MAX * PICTURE_BYTES) / 1e6).toFixed(0);
    const note = `the most; up to ${pictures} MB are the made-up camera's pictures`;
    const of = (amountOf: (trial: Trial) => number) => spreadOf(trials.map(amountOf));
    return [
      judgedRow(
        PEAK.what,
        { ...PEAK, note },
        of(({ peakBytes }) => peakBytes / 1e6),
      ),
      judgedRow(
        GROWTH.what,
        { ...GROWTH, note: `of what is resident half way through ${seconds} s` },
        of((trial) => grownPercent(trial.residentBytes)),
      ),
      countedRow(
        LOST.what,
        LOST,
        of(({ lost }) => lost),
      ),
    ];
  });
}

async function recordFor(folder: string, seconds: number): Promise<Trial> {
  const rate = ["--capture-fps", `${RATE}`, "--record-fps", `${RATE}`];
  await using host = new ModuleProcess(["--source", "synthetic", "--size", "1456x1088", ...rate]);
  await assign(host);
  await startRecording(host, folder);
  const resident: number[] = [];
  for (let look = 0; look < (1000 * seconds) / LOOK_EVERY_MS; look++) {
    await delay(LOOK_EVERY_MS);
    resident.push(residentBytes(host.pid));
  }
  const { ledger } = expectPayload(await host.ask("stop_recording"), "recording_stopped");
  const peakBytes = peakMemoryBytes(host.pid);
  expectPayload(await host.ask("quit"), "quitting");
  return { peakBytes, residentBytes: resident, lost: droppedFrames(ledger) + ledger.sensor_gaps.missing_frames };
}
