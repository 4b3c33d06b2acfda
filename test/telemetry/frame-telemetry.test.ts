import { describe, expect, test } from "bun:test";
import { CapturedFrame, type FrameMetadata } from "../../src/capture/captured-frame.ts";
import { monotonicNs } from "../../src/native/clocks.ts";
import { recordedFrame } from "../../src/recording/fragment.ts";
import { FrameTelemetry } from "../../src/telemetry/frame-telemetry.ts";
import { FrameMaker } from "../support/frame-maker.ts";

const { info } = new FrameMaker({ frameRate: 50 });
const nothing = { planes: [], giveBack: () => undefined };
const MS = 1_000_000n;

/** Frames of the last moments, 20 ms apart, that reached us 7 ms after their exposure began. */
function recentFrames(
  count: number,
  change: (frame: FrameMetadata) => Partial<FrameMetadata> = () => ({}),
): CapturedFrame[] {
  const endNs = monotonicNs();
  return Array.from({ length: count }, (_, frameNumber) => {
    const arrivalNs = endNs - BigInt(count - 1 - frameNumber) * 20n * MS;
    const made = {
      frameNumber,
      sensorTimestampNs: arrivalNs - 7n * MS,
      monotonicNs: arrivalNs,
      realtimeNs: arrivalNs,
      frameDurationNs: 20_000_000,
    };
    return new CapturedFrame({ ...made, ...change(made) }, info.format, nothing);
  });
}

describe("FrameTelemetry", () => {
  test("measures what reaches it: intervals, rate and latency", () => {
    const telemetry = new FrameTelemetry();
    const consumer = telemetry.opened(info);
    for (const frame of recentFrames(101)) consumer.offer(frame, 0);
    const { measures } = telemetry;
    expect(measures.frameCount).toBe(101);
    expect(measures.intervals.since(0, 1000)).toEqual(Array.from({ length: 100 }, () => 20));
    expect(telemetry.captureRate()).toBeCloseTo(50, 3);
    const { count, sum, max } = measures.sensorToDequeue.report();
    expect({ count, sum, max }).toEqual({ count: 101, sum: expect.closeTo(101 * 0.007, 9), max: 0.007 });
    expect(measures.untimedCount).toBe(0);
  });

  test("is exact with timestamps beyond 2^53 ns, and across the halves of a BigInt", () => {
    const telemetry = new FrameTelemetry();
    const consumer = telemetry.opened(info);
    for (const startNs of [2n ** 60n - 5n, 2n ** 62n + 2n ** 32n - 10_000_000n, 4_294_967_290n]) {
      for (const step of [0n, 1n]) {
        const sensorTimestampNs = startNs + step * 16_666_667n;
        const times = { sensorTimestampNs, monotonicNs: sensorTimestampNs + 1_234_567n };
        for (const frame of recentFrames(1, () => times)) consumer.offer(frame, 0);
      }
    }
    const intervals = telemetry.measures.intervals.since(0, 1000);
    expect(intervals.filter((ms) => ms === 16.666667)).toHaveLength(3);
    expect(telemetry.measures.sensorToDequeue.report().max).toBe(0.001234567);
  });

  test("a sensor with a clock of its own has intervals and a rate, and no latencies", () => {
    const telemetry = new FrameTelemetry();
    const consumer = telemetry.opened(info);
    const frames = recentFrames(50, ({ sensorTimestampNs }) => ({ sensorTimestampNs: sensorTimestampNs - 10n ** 15n }));
    for (const frame of frames) consumer.offer(frame, 0);
    telemetry.recordingStarted();
    for (const frame of frames) telemetry.onEncoded(recordedFrame(frame));
    telemetry.onWritten(frames.map(recordedFrame), 1000);
    const { measures } = telemetry;
    expect(measures.untimedCount).toBe(50);
    expect(measures.interval.report().count).toBe(49);
    for (const histogram of [measures.sensorToDequeue, measures.sensorToEncoded, measures.sensorToDisk]) {
      expect(histogram.report().count).toBe(0);
    }
    expect(telemetry.captureRate()).toBeCloseTo(50, 3);
    expect(telemetry.recordRate()).toBeCloseTo(50, 3);
  });

  test("tells what is written by the sensor's clock, however it comes to the disk, and anew for each recording", () => {
    const telemetry = new FrameTelemetry();
    const consumer = telemetry.opened(info);
    const frames = recentFrames(100);
    for (const frame of frames) consumer.offer(frame, 0);
    telemetry.recordingStarted();
    const every2nd = frames.filter((_, index) => index % 2 === 0).map(recordedFrame);
    telemetry.onWritten(every2nd.slice(0, 40), 4000);
    telemetry.onWritten(every2nd.slice(40), 1000);
    expect(telemetry.recordRate()).toBeCloseTo(25, 3);
    expect(telemetry.writtenBytes).toBe(5000);
    expect(telemetry.measures.sensorToDisk.report().count).toBe(50);
    telemetry.recordingStarted();
    expect(telemetry.recordRate()).toBe(0);
    expect(telemetry.writtenBytes).toBe(5000);
  });

  test("a camera that is opened anew brings its own times", () => {
    const telemetry = new FrameTelemetry();
    for (const frames of [recentFrames(20), recentFrames(20)]) {
      const consumer = telemetry.opened(info);
      expect(telemetry.captureRate()).toBe(0);
      for (const frame of frames) consumer.offer(frame, 0);
    }
    expect(telemetry.measures.frameCount).toBe(40);
    expect(telemetry.measures.intervals.count).toBe(38);
  });
});
