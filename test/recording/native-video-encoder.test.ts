import { describe, expect, test } from "bun:test";
import { NativeVideoEncoder } from "../../src/recording/encoders/native-video-encoder.ts";
import { waitUntil } from "../log/wait-until.ts";
import { configOf, jpegConfigOf } from "../native/formats.ts";
import { openWakeDescriptors, shimThreads } from "../native/process-resources.ts";
import { FrameMaker } from "../support/frame-maker.ts";
import { Answers } from "./answers.ts";

const LIBRARIES = [
  ["x264", "h264", configOf],
  ["image", "mjpeg", jpegConfigOf],
] as const;

for (const [library, codec, configFor] of LIBRARIES) {
  describe(`NativeVideoEncoder with ${library}`, () => {
    const open = (frames: FrameMaker, answers = new Answers(), queueFramesMax = 30) =>
      NativeVideoEncoder.open(library, codec, configFor(frames.info.format, { queueFramesMax }), answers);

    test("opens and closes without a frame, more than once", async () => {
      const encoder = await open(new FrameMaker());
      await encoder.close();
      await encoder.close();
    });

    test("drains without a frame, more than once, and takes nothing afterwards", async () => {
      const frames = new FrameMaker();
      await using encoder = await open(frames);
      await Promise.all([encoder.drain(), encoder.drain()]);
      await encoder.drain();
      const frame = frames.next();
      expect(encoder.submit(frame, { forceKey: false })).toBe(false);
      frame.release();
      expect(frames.held).toBe(0);
    });

    test("answers each frame with one chunk of its timestamp, and gives every picture back", async () => {
      const frames = new FrameMaker();
      const answers = new Answers();
      await using encoder = await open(frames, answers);
      const timestamps: bigint[] = [];
      for (let count = 0; count < 20; count++) {
        const frame = frames.next();
        timestamps.push(frame.sensorTimestampNs);
        expect(encoder.submit(frame, { forceKey: count === 10 })).toBe(true);
        frame.release();
      }
      await encoder.drain();
      expect(answers.chunks.map(({ sensorTimestampNs }) => sensorTimestampNs)).toEqual(timestamps);
      expect(answers.chunks[10]?.isKey).toBe(true);
      expect(answers.skipped).toEqual([]);
      expect(frames.held).toBe(0);
    });

    test("refuses a frame beyond what it may hold, and does not keep it", async () => {
      const frames = new FrameMaker();
      await using encoder = await open(frames, new Answers(), 2);
      const taken = [1, 2, 3, 4].map(() => {
        const frame = frames.next();
        const isTaken = encoder.submit(frame, { forceKey: false });
        frame.release();
        return isTaken;
      });
      expect(taken).toEqual([true, true, false, false]);
      expect(frames.held).toBe(2);
      await encoder.close();
      expect(frames.held).toBe(0);
    });

    test("closed with frames in it lets go of all of them", async () => {
      const frames = new FrameMaker({ width: 640, height: 480 });
      const encoder = await open(frames);
      for (let count = 0; count < 12; count++) {
        const frame = frames.next();
        encoder.submit(frame, { forceKey: false });
        frame.release();
      }
      await encoder.close();
      expect(frames.held).toBe(0);
    });

    test("leaves no descriptor and no thread behind", async () => {
      const round = async () => {
        const frames = new FrameMaker();
        await using encoder = await open(frames);
        const frame = frames.next();
        encoder.submit(frame, { forceKey: true });
        frame.release();
      };
      await round();
      const [descriptors, threads] = [openWakeDescriptors(), shimThreads()];
      for (let count = 0; count < 20; count++) await round();
      await waitUntil("descriptors to be closed", () => openWakeDescriptors() <= descriptors);
      await waitUntil("threads to end", () => shimThreads() <= threads);
    }, 30_000);

    test("says what is wrong with a format that it can't do, and leaves nothing behind", async () => {
      const descriptors = openWakeDescriptors();
      const config = configFor({ ...new FrameMaker().info.format, width: 0 });
      const opening = NativeVideoEncoder.open(library, codec, config, new Answers());
      await expect(opening).rejects.toMatchObject({ name: "RuntimeError", code: "encoder_failed" });
      await waitUntil("descriptors to be closed", () => openWakeDescriptors() <= descriptors);
    });
  });
}
