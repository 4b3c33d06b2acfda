import { rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { VideoCodec } from "../../../../src/recording/video-encoder.ts";
import { expectPayload } from "../../../support/expect-payload.ts";
import { ModuleProcess } from "../../../support/module-process.ts";
import { assign, startRecording } from "../../../support/record.ts";
import { readTimingFile } from "../../../support/timing-file.ts";
import { attempt } from "../attempt.ts";
import { type Clip, clipFormat, makeClip } from "../clip.ts";
import { SETTINGS } from "../contender.ts";
import { droppedFrames, module, realTimeOptions } from "../contenders/module.ts";
import { runInFolder } from "../rounds.ts";
import { reportedRow, type Row } from "../row.ts";
import { spreadOf } from "../spread.ts";

const SIZES = [
  { width: 1456, height: 1088, stride: 1536 },
  { width: 1920, height: 1080, stride: 1920 },
];
const CLIP_FRAMES = 60;
/** Of what the module does at a free pace. */
const STEP_PERCENT = 5;
const PERCENT_MIN = 40;
/** Frames per second that the module takes at most. */
const RATE_MAX = 1000;
/**
 * A file's picture that is later than this had no buffer free when it was due: a camera would have lost it. Less is the
 * event loop's doing.
 */
const LATE_MS_MAX = 100;

/** The highest rate at which nothing is lost, for each codec and size: fewer frames a second, step by step, until it holds. */
export async function realTimeRows(folder: string, codecs: readonly VideoCodec[], seconds: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const size of SIZES) {
    const heads = codecs.map((codec) => headOf(codec, size));
    rows.push(...(await attempt(heads, async () => await rowsOfSize(size, folder, codecs, seconds))));
  }
  return rows;
}

async function rowsOfSize(
  size: (typeof SIZES)[number],
  folder: string,
  codecs: readonly VideoCodec[],
  seconds: number,
): Promise<Row[]> {
  const { width, height, stride } = size;
  const clip = await makeClip(join(folder, "rate.yuv"), clipFormat(width, height, stride), CLIP_FRAMES);
  const rows: Row[] = [];
  for (const codec of codecs) {
    const head = headOf(codec, size);
    const measure = async (): Promise<Row[]> => {
      const { rate, free } = await highestRate(clip, codec, folder, seconds);
      return [reportedRow(head.what, head.unit, spreadOf([rate]), noteOn(codec, rate, free, seconds))];
    };
    rows.push(...(await attempt([head], measure)));
  }
  rmSync(clip.path);
  return rows;
}

function headOf(codec: VideoCodec, { width, height }: (typeof SIZES)[number]): { what: string; unit: string } {
  return { what: `highest rate in real time, ${codec} ${width}x${height}`, unit: "fps" };
}

function noteOn(codec: VideoCodec, rate: number, freeRate: number, seconds: number): string {
  const steps = `steps of ${STEP_PERCENT} % of ${freeRate.toFixed(0)} fps, one trial each`;
  const bits = `${(SETTINGS.bitrate / SETTINGS.frameRate / 1000).toFixed(0)} kbit a frame`;
  const words = [
    rate === 0 ? `no step down to ${PERCENT_MIN} % held for ${seconds} s` : `held for ${seconds} s`,
    ...(codec === "h264" ? [bits] : []),
    steps,
    `on ${availableParallelism()} processors`,
  ];
  return words.join(", ");
}

/** Frames per second: `rate` held, 0 where none did; `free` is what it does as fast as it goes. */
async function highestRate(
  clip: Clip,
  codec: VideoCodec,
  folder: string,
  seconds: number,
): Promise<{ rate: number; free: number }> {
  const walls: number[] = [];
  for (const frames of [60, 360]) {
    const { wallMs, ...run } = await runInFolder(module, { codec, clip, frames, folder });
    walls.push(wallMs, run.frames);
  }
  const [shortMs = 0, shortFrames = 0, longMs = 0, longFrames = 0] = walls;
  const free = (1000 * (longFrames - shortFrames)) / (longMs - shortMs);
  for (let percent = 100; percent >= PERCENT_MIN; percent -= STEP_PERCENT) {
    const rate = Math.min(RATE_MAX, Math.floor((percent * free) / 100));
    if (await holds(clip, codec, rate, folder, seconds)) return { rate, free };
  }
  return { rate: 0, free };
}

async function holds(clip: Clip, codec: VideoCodec, rate: number, folder: string, seconds: number): Promise<boolean> {
  const bitrate = (SETTINGS.bitrate / SETTINGS.frameRate) * rate;
  await using host = new ModuleProcess(realTimeOptions(clip, codec, rate, bitrate));
  await assign(host);
  const recording = await startRecording(host, folder);
  await delay(1000 * seconds);
  const { ledger } = expectPayload(await host.ask("stop_recording"), "recording_stopped");
  expectPayload(await host.ask("quit"), "quitting");
  const lateMs = readTimingFile(recording.timing).rows.map(
    ({ recordTimeMono, sensorTimestampNs }) =>
      Number(BigInt(recordTimeMono.replace(".", "")) - sensorTimestampNs) / 1e6,
  );
  for (const path of [recording.video, recording.timing, recording.metadata]) rmSync(path, { force: true });
  return droppedFrames(ledger) === 0 && Math.max(...lateMs) <= LATE_MS_MAX;
}
