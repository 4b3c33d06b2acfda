import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import type { CapturedFrame } from "../../src/capture/captured-frame.ts";
import { REC709 } from "../../src/capture/stream-format.ts";
import { SyntheticFaults } from "../../src/capture/synthetic-faults.ts";
import { SyntheticSource, type SyntheticSourceOptions } from "../../src/capture/synthetic-source.ts";
import { frameBytes, planeBytes } from "../support/frame-bytes.ts";
import { readFrameNumber } from "../support/read-frame-number.ts";
import { CollectingEvents, never } from "./collecting-events.ts";

function sourceOf(
  faults: Record<string, unknown> = {},
  options: Partial<SyntheticSourceOptions> = {},
): SyntheticSource {
  const size = { width: 320, height: 240, frameRate: 200, colour: REC709 };
  return new SyntheticSource({ ...size, faults: SyntheticFaults.parse(faults), ...options });
}

const INTERVAL_NS = 5_000_000n;
const isRising = (values: readonly bigint[]) =>
  values.every((value, index) => index === 0 || value > (values[index - 1] ?? value));

async function framesOf(source: SyntheticSource, count: number, events = new CollectingEvents()) {
  await source.open(events, never);
  await events.untilFrames(count);
  await source.close();
  return events;
}

describe("SyntheticSource", () => {
  test("presents itself with padded rows", async () => {
    await using source = sourceOf();
    expect(await source.open(new CollectingEvents(), never)).toEqual({
      cameraId: "synthetic",
      model: "synthetic",
      format: { width: 320, height: 240, pixelFormat: "YUV420", strides: [512, 256, 256], colour: REC709 },
      bufferCount: 24,
      frameDurationNs: 5_000_000,
    });
  });

  test("delivers in real time", async () => {
    await using source = sourceOf();
    const { frames } = await framesOf(source, 100);
    const [first, last] = [frames[0], frames[99]];
    const seconds = ((last?.arrivedMs ?? 0) - (first?.arrivedMs ?? 0)) / 1000;
    const spanned = Number((last?.sensorTimestampNs ?? 0n) - (first?.sensorTimestampNs ?? 0n)) / 1e9;
    expect(spanned).toBeGreaterThanOrEqual(0.495);
    expect(Math.abs(seconds - spanned)).toBeLessThan(0.4);
  });

  test("no frame comes before it is due", async () => {
    await using source = sourceOf();
    const { frames } = await framesOf(source, 50);
    for (const { monotonicNs, sensorTimestampNs } of frames)
      expect(monotonicNs).toBeGreaterThanOrEqual(sensorTimestampNs);
  });

  test("keeps its timestamps on the grid of its rate and every clock rising", async () => {
    await using source = sourceOf();
    const { frames } = await framesOf(source, 50);
    const startNs = (frames[0]?.sensorTimestampNs ?? 0n) - BigInt(frames[0]?.frameNumber ?? 0) * INTERVAL_NS;
    for (const { frameNumber, sensorTimestampNs, frameDurationNs } of frames) {
      expect(sensorTimestampNs - startNs).toBe(BigInt(frameNumber) * INTERVAL_NS);
      expect(frameDurationNs).toBe(5_000_000);
    }
    expect(isRising(frames.map(({ sensorTimestampNs }) => sensorTimestampNs))).toBe(true);
    expect(isRising(frames.map(({ monotonicNs }) => monotonicNs))).toBe(true);
  });

  test("writes each frame's number into its picture, and no two pictures are alike", async () => {
    const read: (number | undefined)[] = [];
    const hashes = new Set<bigint>();
    const events = new CollectingEvents((frame) => {
      read.push(readFrameNumber(planeBytes(frame, 0), frame.format.strides[0] ?? 0));
      hashes.add(Bun.hash.wyhash(frameBytes(frame)));
    });
    await using source = sourceOf();
    await framesOf(source, 40, events);
    expect(read).toEqual(events.numbers);
    expect(hashes.size).toBe(events.frames.length);
  });

  test.skipIf(existsSync("/dev/dma_heap"))("in dmabufs, it is unavailable where there are no dma-heaps", async () => {
    await using source = sourceOf({}, { inDmabufs: true });
    const events = new CollectingEvents();
    await expect(source.open(events, never)).rejects.toMatchObject({
      code: "camera_unavailable",
      message: expect.stringContaining("/dev/dma_heap/system: No such file or directory"),
    });
    await source.close();
    expect(events.frames).toEqual([]);
  });

  test("refuses sizes that it can't draw", () => {
    for (const [width, height] of [
      [126, 240],
      [320, 78],
      [321, 240],
      [320, 241],
    ] as const) {
      expect(() => sourceOf({}, { width, height })).toThrow("even numbers");
    }
  });

  test("opens once", async () => {
    await using source = sourceOf();
    await source.open(new CollectingEvents(), never);
    await expect(source.open(new CollectingEvents(), never)).rejects.toThrow("opens once");
  });
});

describe("SyntheticSource while all its buffers are held", () => {
  test("loses frames, which shows as a hole in the numbers, and goes on when they come back", async () => {
    await using source = sourceOf();
    const events = new CollectingEvents();
    events.keeps = true;
    const { bufferCount } = await source.open(events, never);
    await events.untilFrames(bufferCount);
    const probe = new CollectingEvents();
    await using other = sourceOf();
    await framesOf(other, 10, probe); // time enough for ten more
    expect(events.frames).toHaveLength(bufferCount);
    events.keeps = false;
    events.releaseAll();
    await events.untilFrames(bufferCount + 5);
    const after = events.frames[bufferCount]?.frameNumber ?? 0;
    expect(after).toBeGreaterThan(bufferCount);
    expect(
      events.frames.every(({ frameNumber }, index, all) => frameNumber > (all[index - 1]?.frameNumber ?? -1)),
    ).toBe(true);
  });
});

describe("SyntheticSource's end", () => {
  test("no frame comes after close, which may be asked for again", async () => {
    await using source = sourceOf();
    const events = await framesOf(source, 5);
    const { length } = events.frames;
    await source.close();
    await using other = sourceOf();
    await framesOf(other, 20);
    expect(events.frames).toHaveLength(length);
  });

  test("frames that are held stay valid, and unchanged, after close", async () => {
    await using source = sourceOf();
    const events = new CollectingEvents();
    events.keeps = true;
    await source.open(events, never);
    await events.untilFrames(3);
    await source.close();
    Bun.gc(true);
    const read = events.kept.map((frame) => readFrameNumber(planeBytes(frame, 0), frame.format.strides[0] ?? 0));
    expect(read).toEqual(events.numbers);
    events.releaseAll();
  });

  test("closing while it opens makes opening fail, and no frame comes", async () => {
    await using source = sourceOf({ open_delay: 50 });
    const events = new CollectingEvents();
    const opening = source.open(events, never);
    await source.close();
    await expect(opening).rejects.toMatchObject({ code: "camera_failed" });
    expect(events.frames).toEqual([]);
  });

  test("aborting while it opens rejects with the signal's reason at once", async () => {
    await using source = sourceOf({ open_delay: 60_000 });
    const abort = new AbortController();
    const opening = source.open(new CollectingEvents(), abort.signal);
    abort.abort(new Error("enough"));
    await expect(opening).rejects.toThrow("enough");
  });

  test("closing before opening is allowed; it can't be opened any more", async () => {
    await using source = sourceOf();
    await source.close();
    await expect(source.open(new CollectingEvents(), never)).rejects.toThrow();
  });
});

describe("SyntheticSource's faults", () => {
  for (const [value, code] of [
    ["not_found", "camera_not_found"],
    ["busy", "camera_busy"],
  ] as const) {
    test(`open_fails=${value} rejects with ${code}`, async () => {
      await using source = sourceOf({ open_fails: value });
      await expect(source.open(new CollectingEvents(), never)).rejects.toMatchObject({ name: "RuntimeError", code });
    });
  }

  test("open_delay and first_frame_delay put off what they say", async () => {
    await using source = sourceOf({ open_delay: 60, first_frame_delay: 80 });
    const startMs = performance.now();
    const events = new CollectingEvents();
    await source.open(events, never);
    const openedMs = performance.now();
    expect(openedMs - startMs).toBeGreaterThanOrEqual(59);
    await events.untilFrames(1);
    expect((events.frames[0]?.arrivedMs ?? 0) - openedMs).toBeGreaterThanOrEqual(79);
  });

  test("jitter moves timestamps off the grid by no more than it says, the same each time", async () => {
    const offsets = async () => {
      await using source = sourceOf({ jitter: 1000 });
      const { frames } = await framesOf(source, 60);
      const first = frames[0]?.sensorTimestampNs ?? 0n;
      return frames
        .slice(0, 60)
        .map((frame) => Number(frame.sensorTimestampNs - first - BigInt(frame.frameNumber) * INTERVAL_NS));
    };
    const [once, again] = [await offsets(), await offsets()];
    expect(once).toEqual(again);
    expect(Math.max(...once.map(Math.abs))).toBeLessThanOrEqual(2_000_000);
    expect(Math.max(...once) - Math.min(...once)).toBeGreaterThan(1_000_000);
    expect(Math.max(...once) - Math.min(...once)).toBeLessThanOrEqual(2_000_000);
  });

  test("gap=10+3 loses three frames after every ten, in number and time", async () => {
    await using source = sourceOf({ gap: { every: 10, lost: 3 } });
    const { numbers } = await framesOf(source, 40);
    expect(numbers.slice(0, 40)).toEqual(Array.from({ length: 40 }, (_, index) => index + 3 * Math.floor(index / 10)));
  });

  test("bad_frame=5 delivers every fifth damaged", async () => {
    await using source = sourceOf({ bad_frame: 5 });
    const { numbers, badFrames } = await framesOf(source, 40);
    expect(numbers.slice(0, 40)).toEqual(Array.from({ length: 40 }, (_, index) => index + Math.floor(index / 4)));
    expect(badFrames).toBeGreaterThanOrEqual(9);
  });

  test("stall=7 falls silent after seven frames, without a word", async () => {
    await using source = sourceOf({ stall: 7 });
    const events = new CollectingEvents();
    await source.open(events, never);
    await events.untilFrames(7);
    await using other = sourceOf();
    await framesOf(other, 20);
    expect(events.numbers).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(events.failures).toEqual([]);
  });

  test("lost=7 says so after seven frames, once", async () => {
    await using source = sourceOf({ lost: 7 });
    const events = new CollectingEvents();
    await source.open(events, never);
    expect((await events.untilFailure())?.code).toBe("camera_lost");
    await using other = sourceOf();
    await framesOf(other, 20);
    expect(events.numbers).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(events.failures).toHaveLength(1);
  });

  for (const faults of [
    { gap: 3 },
    { gap: { every: 0, lost: 1 } },
    { gap: { every: 1, lost: 0 } },
    { stall: 0 },
    { lost: "x" },
    { open_fails: "no" },
    { memory: "moon" },
    { rain: 1 },
  ]) {
    test(`${JSON.stringify(faults)} is no fault that can be asked for`, () => {
      expect(SyntheticFaults.safeParse(faults).success).toBe(false);
    });
  }
});

test("a frame that nobody releases is only the holder's loss", async () => {
  const kept: CapturedFrame[] = [];
  await using source = sourceOf();
  const events = new CollectingEvents((frame) => {
    if (kept.length < 20) kept.push(frame.retain());
  });
  await framesOf(source, 60, events);
  expect(events.frames.length).toBeGreaterThanOrEqual(60);
  for (const frame of kept) frame.release();
});
