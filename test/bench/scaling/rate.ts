import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { VideoCodec } from "../../../src/recording/video-encoder.ts";
import { expectPayload } from "../../support/expect-payload.ts";
import { ModuleProcess } from "../../support/module-process.ts";
import { peakMemoryBytes, threadsCpuMs } from "../../support/process-usage.ts";
import { assign, startRecording } from "../../support/record.ts";
import { type Clip, clipFormat, makeClip } from "../cost/clip.ts";
import { runFloor } from "../cost/contenders/floor.ts";
import { droppedFrames, realTimeOptions } from "../cost/contenders/module.ts";
import { judgedRow, reportedRow, type Row, unmeasuredRow } from "../cost/row.ts";
import type { ScalingOptions } from "./options.ts";
import { linesOf, slopeOf, spreadOfBoth, spreadOfLines, straightness, straightRow } from "./lines.ts";
import type { Sample } from "./sample.ts";
import { bitrateFor, CLIP_FRAMES, CODEC_WORDS } from "./settings.ts";

/** So small that the highest rate has room on one core. */
const SIZE = { width: 640, height: 480 };
const RATES = [5, 15, 30, 60, 120];
/** Of what begins with a recording: it is not what a frame costs. */
const SETTLE_MS = 1000;
const SECONDS = 8;
const QUICK_SECONDS = 2;
/** Of a recording's frames: hardly more than what it begins and ends with. */
const BEHIND_MAX = 0.02;
/** Everything of ours for a frame, the encoder apart: the target at 1456x1088, where reading a picture takes five times as long. */
const OWN_US_MAX = 400;

interface Trial {
  readonly clip: Clip;
  readonly codec: VideoCodec;
  readonly rate: number;
  readonly seconds: number;
  readonly bitrate: number;
  readonly folder: string;
}

interface Usage {
  /** For each second. */
  readonly cpuMs: number;
  readonly peakBytes: number;
  readonly lostFrames: number;
}

/** Room for the clip and for a few seconds of MJPEG. */
export function rateBytes(): number {
  return 0.2e9;
}

/** Module and floor in real time at each rate. */
export async function measureRates(
  folder: string,
  { codecs, rounds, isQuick }: ScalingOptions,
  onRun: (sentence: string) => void,
): Promise<Sample[]> {
  const { width, height } = SIZE;
  const clip = await makeClip(join(folder, "rate.yuv"), clipFormat(width, height, width), CLIP_FRAMES);
  const seconds = isQuick ? QUICK_SECONDS : SECONDS;
  const samples: Sample[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const codec of codecs) {
      for (const rate of RATES) {
        onRun(`rate, round ${round + 1} of ${rounds}: ${codec}, ${rate} frames/s`);
        const trial = { clip, codec, rate, seconds, bitrate: bitrateFor(SIZE, rate), folder };
        const common = { axis: "rate", codec, round, place: `${rate} frames/s`, at: rate } as const;
        samples.push({ ...common, contender: "floor", ...(await floorAt(trial)) });
        samples.push({ ...common, contender: "module", ...(await moduleAt(trial)) });
      }
    }
  }
  return samples;
}

/** Without its start, as the module's is: a run of one picture has all of that. From the first picture on it is so many seconds. */
async function floorAt({ clip, codec, rate, seconds, bitrate, folder }: Trial): Promise<Usage> {
  const run = async (frames: number) => await runFloor({ codec, clip, frames, folder, bitrate }, "/dev/null", rate);
  const [start, whole] = [await run(1), await run(1 + rate * seconds)];
  return { cpuMs: (whole.cpuMs - start.cpuMs) / seconds, peakBytes: whole.peakBytes, lostFrames: 0 };
}

async function moduleAt({ clip, codec, rate, seconds, bitrate, folder }: Trial): Promise<Usage> {
  await using host = new ModuleProcess(realTimeOptions(clip, codec, rate, bitrate));
  await assign(host);
  const recording = await startRecording(host, folder);
  const recordingMs = performance.now();
  await delay(SETTLE_MS);
  const [startMs, usedMs] = [performance.now(), threadsCpuMs(host.pid)];
  await delay(1000 * seconds);
  const cpuMs = (1000 * (threadsCpuMs(host.pid) - usedMs)) / (performance.now() - startMs);
  const askedFrames = (rate * (performance.now() - recordingMs)) / 1000;
  const { ledger } = expectPayload(await host.ask("stop_recording"), "recording_stopped");
  const peakBytes = peakMemoryBytes(host.pid);
  expectPayload(await host.ask("quit"), "quitting");
  for (const path of Object.values(recording)) rmSync(path, { force: true });
  return { cpuMs, peakBytes, lostFrames: droppedFrames(ledger) + framesBehind(askedFrames, ledger.recorded) };
}

/** A file waits where a camera would lose frames: what was not recorded in time is told nowhere else. */
export function framesBehind(asked: number, recorded: number): number {
  const behind = Math.round(asked - recorded);
  return behind > 1 + BEHIND_MAX * asked ? behind : 0;
}

/** Of one codec's samples. */
export function rateRows(codec: VideoCodec, samples: readonly Sample[]): Row[] {
  const lines = linesOf(samples);
  const what = `${CODEC_WORDS[codec]}, CPU per second over rate`;
  const lost = samples.reduce((sum, { lostFrames = 0 }) => sum + lostFrames, 0);
  if (lost > 0)
    return [unmeasuredRow(what, undefined, "", `too busy a machine: ${lost} frames were not recorded in time`)];
  const floor = spreadOfLines(lines.floor, slopeOf);
  const ratio = spreadOfBoth(lines, slopeOf, (ours, theirs) => ours / theirs).median.toFixed(2);
  const note = `${spreadOfLines(lines.module, slopeOf).median.toFixed(2)} and ${floor.median.toFixed(2)} ms a frame, ${ratio} times`;
  return [
    straightRow(what, lines),
    judgedRow(
      `${what}: slope, module − floor`,
      { target: OWN_US_MAX, unit: "µs", floor, note },
      spreadOfBoth(lines, slopeOf, (ours, theirs) => 1000 * (ours - theirs)),
    ),
    reportedRow(
      `${what}: at no frames, module − floor`,
      "%",
      spreadOfBoth(
        lines,
        // Of a core: a second has 1000 ms.
        ({ atZero }) => atZero / 10,
        (ours, theirs) => ours - theirs,
      ),
      "of a core",
    ),
    reportedRow(
      `${CODEC_WORDS[codec]}, peak memory over rate: slope`,
      "kB",
      spreadOfLines(lines.memory, ({ slope }) => slope / 1000),
      `a frame/s; ${straightness(lines.memory)}`,
    ),
  ];
}
