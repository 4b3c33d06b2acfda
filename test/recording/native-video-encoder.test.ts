import { describe, expect, test } from "bun:test";
import type { RuntimeError } from "../../src/errors.ts";
import { NativeVideoEncoder } from "../../src/recording/encoders/native-video-encoder.ts";
import { openVideoEncoder } from "../../src/recording/encoders/open-video-encoder.ts";
import type { EncodedChunk, VideoEncoderEvents } from "../../src/recording/video-encoder.ts";
import { waitUntil } from "../log/wait-until.ts";
import { configOf } from "../native/formats.ts";
import { openWakeDescriptors, shimThreads } from "../native/process-resources.ts";
import { FrameMaker } from "../support/frame-maker.ts";

class Answers implements VideoEncoderEvents {
  readonly chunks: EncodedChunk[] = [];
  readonly skipped: bigint[] = [];
  readonly failures: RuntimeError[] = [];

  onChunk(chunk: EncodedChunk): void {
    this.chunks.push(chunk);
  }

  onSkipped(sensorTimestampNs: bigint): void {
    this.skipped.push(sensorTimestampNs);
  }

  onFailure(error: RuntimeError): void {
    this.failures.push(error);
  }
}

const LIBRARIES = [
  ["x264", "h264"],
  ["image", "mjpeg"],
] as const;

for (const [library, codec] of LIBRARIES) {
  describe(`NativeVideoEncoder with ${library}`, () => {
    const open = (frames: FrameMaker, answers = new Answers(), queueFramesMax = 30) =>
      NativeVideoEncoder.open(library, codec, configOf(frames.info.format, { queueFramesMax }), answers);

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
      const config = configOf({ ...new FrameMaker().info.format, width: 0 });
      const opening = NativeVideoEncoder.open(library, codec, config, new Answers());
      await expect(opening).rejects.toMatchObject({ name: "RuntimeError", code: "encoder_failed" });
      await waitUntil("descriptors to be closed", () => openWakeDescriptors() <= descriptors);
    });
  });
}

describe("openVideoEncoder", () => {
  const options = {
    choice: "auto",
    codec: "h264",
    format: new FrameMaker().info.format,
    frameRate: 30,
    bitrate: 2_000_000,
    jpegQuality: 85,
    queueFramesMax: 4,
  } as const;

  test("auto and software open the software encoder of the codec", async () => {
    for (const choice of ["auto", "software"] as const) {
      await using h264 = await openVideoEncoder({ ...options, choice }, new Answers());
      await using mjpeg = await openVideoEncoder({ ...options, choice, codec: "mjpeg" }, new Answers());
      expect(h264.info).toMatchObject({ codec: "h264", name: expect.stringContaining("x264"), zeroCopy: false });
      expect(mjpeg.info).toMatchObject({ codec: "mjpeg", colour: { fullRange: true, matrix: 6 } });
    }
  });

  test("v4l2m2m is said to be unavailable, not replaced in silence", async () => {
    const opening = openVideoEncoder({ ...options, choice: "v4l2m2m" }, new Answers());
    await expect(opening).rejects.toMatchObject({ code: "encoder_unavailable" });
  });

  test("more than any H.264 level allows is refused with what to ask less of", async () => {
    const opening = openVideoEncoder(
      { ...options, frameRate: 1000, format: { ...options.format, width: 16_384, height: 16_384 } },
      new Answers(),
    );
    await expect(opening).rejects.toMatchObject({ code: "encoder_failed", message: expect.stringContaining("level") });
  });
});
