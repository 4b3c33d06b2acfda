/**
 * What telemetry costs: ns for each frame on the JavaScript thread, with and without, and ms for each page of the metrics:
 * `bun test/bench/telemetry.ts [--frames 200000]`. Beside that, the timer that watches the event loop.
 */
import { parseArgs } from "node:util";
import { CapturedFrame } from "../../src/capture/captured-frame.ts";
import type { StreamInfo } from "../../src/capture/frame-source.ts";
import { MetricsPages } from "../../src/metrics/metrics-pages.ts";
import { MetricsRegistry } from "../../src/metrics/metrics-registry.ts";
import { metricsReport } from "../../src/metrics/metrics-report.ts";
import { type FrameConsumer, FrameRouter } from "../../src/pipeline/frame-router.ts";
import { recordedFrame } from "../../src/recording/fragment.ts";
import { FrameTelemetry } from "../../src/telemetry/frame-telemetry.ts";
import { Telemetry } from "../../src/telemetry/telemetry.ts";
import { FrameMaker } from "../support/frame-maker.ts";
import { percentile } from "../support/percentile.ts";

const ROUNDS = 9;
const { values } = parseArgs({ options: { frames: { type: "string", default: "200000" } } });
const frameCount = Number(values.frames);
if (!Number.isInteger(frameCount) || frameCount < 1000) throw new Error(`--frames: got ${values.frames}`);

const { info } = new FrameMaker({ frameRate: 60 });
const nothing = { planes: [], giveBack: () => undefined };

const without = fastest(() => routeNs([]));
const measured = fastest(() => routeNs([new FrameTelemetry().opened(info)]));
console.log(`router                    ${without.toFixed(0)} ns per frame`);
console.log(
  `router and telemetry      ${measured.toFixed(0)} ns per frame: ${(measured - without).toFixed(0)} ns more`,
);
console.log(`when a frame is encoded   ${fastest(encodedNs).toFixed(0)} ns`);
console.log(`when a frame is written   ${fastest(writtenNs).toFixed(0)} ns (of 15 at a time)`);

const telemetry = busyTelemetry(info);
const registry = new MetricsRegistry(telemetry);
const pages = new MetricsPages(telemetry);
for (let count = 0; count < 50; count++) await registry.text();
console.log(`/metrics made anew        ${(await medianMs(() => registry.text())).toFixed(3)} ms`);
console.log(`/metrics/json made anew   ${(await medianMs(async () => jsonText())).toFixed(3)} ms`);
console.log(`/health                   ${(await medianMs(async () => pages.page("/health"))).toFixed(3)} ms`);
console.log(`the event loop's timer    ${(await timerShare()).toFixed(3)} % of a core`);
process.exit(0);

function frames(): CapturedFrame[] {
  return Array.from({ length: frameCount }, (_, frameNumber) => {
    const sensorTimestampNs = 1_234_567_890_123_456n + BigInt(frameNumber) * 16_666_667n;
    const monotonicNs = sensorTimestampNs + 12_345_678n;
    const frameDurationNs = 16_666_667;
    return new CapturedFrame(
      { frameNumber, sensorTimestampNs, monotonicNs, realtimeNs: monotonicNs, frameDurationNs },
      info.format,
      nothing,
    );
  });
}

function routeNs(consumers: readonly FrameConsumer[]): number {
  const router = new FrameRouter(info.frameDurationNs, consumers, (error) => {
    throw error;
  });
  const made = frames();
  return nsEach(() => {
    for (const frame of made) router.route(frame);
  });
}

function encodedNs(): number {
  const watch = new FrameTelemetry();
  watch.opened(info);
  const made = frames().map(recordedFrame);
  return nsEach(() => {
    for (const frame of made) watch.onEncoded(frame);
  });
}

function writtenNs(): number {
  const watch = new FrameTelemetry();
  watch.opened(info);
  const made = frames().map(recordedFrame);
  const fragments = Array.from({ length: frameCount / 15 }, (_, index) => made.slice(15 * index, 15 * index + 15));
  return nsEach(() => {
    for (const fragment of fragments) watch.onWritten(fragment, 1000);
  });
}

function nsEach(act: () => void): number {
  Bun.gc(true);
  const start = performance.now();
  act();
  return ((performance.now() - start) * 1e6) / frameCount;
}

/** The fastest of some rounds: what else the machine does costs time only. */
function fastest(measure: () => number): number {
  return Math.min(...Array.from({ length: ROUNDS }, () => measure()));
}

/** A thousand new intervals are in each report. */
async function medianMs(act: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 50; round++) {
    for (let count = 0; count < 1000; count++) telemetry.frames.measures.followed(16_666_667 + count);
    const start = performance.now();
    await act();
    times.push(performance.now() - start);
  }
  return percentile(times, 50);
}

function jsonText(): string {
  return JSON.stringify(metricsReport(telemetry, "benchmark"));
}

function busyTelemetry(stream: StreamInfo): Telemetry {
  const facts = () =>
    ({ state: "streaming", camera: { deviceId: "picam:0", info: stream }, cameraFault: undefined }) as const;
  const busy = new Telemetry({ facts, recordFps: 60, previewFps: 5 });
  const consumer = busy.frames.opened(stream);
  for (const frame of frames().slice(0, 5000)) consumer.offer(frame, 0);
  return busy;
}

/** Of nothing but the timer, %. */
async function timerShare(): Promise<number> {
  const cpu = async (): Promise<number> => {
    const before = process.cpuUsage();
    await Bun.sleep(5000);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6 / 5;
  };
  telemetry.close();
  const idle = await cpu();
  telemetry.eventLoopDelay.keepOn();
  return 100 * ((await cpu()) - idle);
}
