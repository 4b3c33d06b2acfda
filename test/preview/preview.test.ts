import { describe, expect, test } from "bun:test";
import { CapturedFrame } from "../../src/capture/captured-frame.ts";
import { monotonicNs } from "../../src/native/clocks.ts";
import { waitUntil } from "../log/wait-until.ts";
import { decode, probe } from "../native/ffmpeg.ts";
import { openWakeDescriptors, shimThreadsGone, wakeDescriptorsAtMost } from "../native/process-resources.ts";
import { FrameMaker } from "../support/frame-maker.ts";
import { PreviewUnderTest } from "./preview-under-test.ts";

/** A frame in a layout that no encoder takes: its rows are longer than they are apart. */
function impossibleFrame(frames: FrameMaker): CapturedFrame {
  const frame = frames.next();
  const { planes, format } = frame;
  return new CapturedFrame(frame, { ...format, strides: [8, 4, 4] }, { planes, giveBack: () => frame.release() });
}

describe("Preview", () => {
  test("makes a small JPEG of a frame, with the frame's number and times", async () => {
    await using under = new PreviewUnderTest();
    under.preview.isWatched = true;
    const frames = new FrameMaker({ width: 320, height: 192 });
    const beforeNs = monotonicNs();
    const frame = frames.next();
    const picture = await under.pictureOf(frame);
    const { frameNumber, sensorTimestampNs, monotonicNs: arrivedNs } = frame;
    expect(picture).toMatchObject({ width: 160, height: 96, frameNumber, sensorTimestampNs, arrivedNs });
    expect(picture.madeNs).toBeGreaterThan(beforeNs);
    expect(picture.madeNs).toBeLessThanOrEqual(monotonicNs());
    expect(await probe("mjpeg", picture.jpeg)).toMatchObject({ codec_name: "mjpeg", width: 160, height: 96 });
    expect((await decode("mjpeg", picture.jpeg, "gray")).length).toBe(160 * 96);
  });

  test("quality counts", async () => {
    const sizes: number[] = [];
    for (const quality of [20, 95]) {
      await using under = new PreviewUnderTest({ quality, scale: 1 });
      under.preview.isWatched = true;
      sizes.push((await under.pictureOf(new FrameMaker().next())).jpeg.byteLength);
    }
    expect(sizes[0]).toBeLessThan(sizes[1] ?? 0);
  });

  test("does nothing at all while nobody watches", async () => {
    const descriptors = openWakeDescriptors();
    await using under = new PreviewUnderTest();
    const frames = new FrameMaker();
    for (let count = 0; count < 10; count++) under.offer(frames.next());
    expect(frames.held).toBe(0);
    expect(openWakeDescriptors()).toBe(descriptors);
    under.preview.isWatched = true;
    await under.pictureOf(frames.next());
    under.preview.isWatched = false;
    for (let count = 0; count < 10; count++) {
      const frame = frames.next();
      under.preview.offer(frame, 0);
      frame.release();
      expect(frames.held).toBe(0);
    }
    expect(under.pictures).toHaveLength(1);
  });

  test("holds one frame at most, passes over what comes meanwhile, and gives it back", async () => {
    await using under = new PreviewUnderTest();
    under.preview.isWatched = true;
    const frames = new FrameMaker({ width: 1456, height: 1088 });
    for (let count = 0; count < 20; count++) {
      under.offer(frames.next());
      expect(frames.held).toBeLessThanOrEqual(1);
    }
    await waitUntil("the frame", () => frames.held === 0);
    await waitUntil("the picture", () => under.pictures.length > 0);
    expect(under.pictures.map(({ frameNumber }) => frameNumber)).toEqual([0]);
  });

  test("takes frames at its rate, by the time of their arrival", async () => {
    await using under = new PreviewUnderTest({ rate: 10 });
    under.preview.isWatched = true;
    const frames = new FrameMaker({ frameRate: 60 });
    for (let count = 0; count < 60; count++) {
      const seen = under.pictures.length;
      under.offer(frames.next());
      if (frames.held > 0) await waitUntil("its picture", () => under.pictures.length > seen && frames.held === 0);
    }
    expect(under.pictures.map(({ frameNumber }) => frameNumber)).toEqual([0, 6, 12, 18, 24, 30, 36, 42, 48, 54]);
  });

  test("a picture of which no frame can be spared waits for one until the next is due, and is counted after that", async () => {
    await using under = new PreviewUnderTest({ rate: 10 });
    const frames = new FrameMaker({ frameRate: 60 });
    under.passOver(frames.next()); // nobody watches
    under.preview.isWatched = true;
    await under.pictureOf(frames.next());
    for (let count = 2; count <= 28; count++) under.passOver(frames.next());
    expect(under.preview.leftOut).toBe(3); // of those at 6, 12, 18 and 24 the last one may come yet
    await under.pictureOf(frames.next());
    expect(under.pictures.map(({ frameNumber }) => frameNumber)).toEqual([1, 29]);
    expect(under.preview.leftOut).toBe(3);
    expect(under.timesToldLeftOut).toBe(1);
  });

  test("another camera's frames, of another size, are shown as well", async () => {
    await using under = new PreviewUnderTest();
    under.preview.isWatched = true;
    expect(await under.pictureOf(new FrameMaker({ width: 320, height: 192 }).next())).toMatchObject({ width: 160 });
    expect(await under.pictureOf(new FrameMaker({ width: 640, height: 480 }).next())).toMatchObject({ width: 320 });
  });

  test("a frame that can't be encoded is reported once, and never thrown", async () => {
    await using under = new PreviewUnderTest();
    under.preview.isWatched = true;
    const frames = new FrameMaker();
    for (let count = 0; count < 5; count++) under.offer(impossibleFrame(frames));
    expect(under.failures).toMatchObject([{ code: "encoder_failed" }]);
    expect(under.preview.failure?.message).toContain("image encoder");
    expect(frames.held).toBe(0);
  });

  test("leaves nothing behind when it is closed, also with a frame in work", async () => {
    const descriptors = openWakeDescriptors();
    const frames = new FrameMaker({ width: 1456, height: 1088 });
    const under = new PreviewUnderTest({ scale: 1 });
    under.preview.isWatched = true;
    await under.pictureOf(frames.next());
    under.offer(frames.next());
    await Promise.all([under.preview.close(), under.preview.close()]);
    expect(frames.held).toBe(0);
    expect(under.pictures).toHaveLength(1);
    under.offer(frames.next());
    expect(frames.held).toBe(0);
    await shimThreadsGone();
    await wakeDescriptorsAtMost(descriptors);
  });
});
