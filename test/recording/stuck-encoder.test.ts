import { describe, expect, test } from "bun:test";
import { NativeVideoEncoder } from "../../src/recording/encoders/native-video-encoder.ts";
import { chooseAmong } from "../../src/recording/encoders/open-video-encoder.ts";
import type { VideoEncoderOptions } from "../../src/recording/encoders/video-encoder-options.ts";
import { verifyRecording } from "../../src/verify/verify-recording.ts";
import { waitUntil } from "../log/wait-until.ts";
import { configOf, jpegConfigOf } from "../native/formats.ts";
import {
  openWakeDescriptors,
  shimThreads,
  shimThreadsGone,
  wakeDescriptorsAtMost,
} from "../native/process-resources.ts";
import { FrameMaker } from "../support/frame-maker.ts";
import { mayStickDirectory, StuckDirectory } from "../support/stuck-directory.ts";
import { mayStick, StuckMemory } from "../support/stuck-memory.ts";
import { Answers } from "./answers.ts";
import { RecordingUnderTest } from "./recording-under-test.ts";

const PICTURE_BYTES = 160 * 96 * 1.5;

/** Encodes a frame, then gets stuck in the next one, with two more behind it. */
async function getStuck(encoder: NativeVideoEncoder, memory: StuckMemory, answers: Answers, frames: FrameMaker) {
  const submit = (frame = frames.next()): bigint => {
    expect(encoder.submit(frame, { forceKey: false })).toBe(true);
    frame.release();
    return frame.sensorTimestampNs;
  };
  submit();
  await waitUntil("the first chunk", () => answers.chunks.length === 1 && frames.held === 0);
  return [submit(memory.hold(frames.next())), submit(), submit()];
}

/** The thread has come back: nothing of the encoder is left, and it has said nothing more. */
async function expectAllLetGo(answers: Answers, frames: FrameMaker): Promise<void> {
  await waitUntil("the frames", () => frames.held === 0);
  await shimThreadsGone();
  expect(answers.chunks).toHaveLength(1);
  expect(answers.skipped).toHaveLength(3);
  expect(answers.failures).toHaveLength(1);
}

describe.skipIf(!mayStick)("an encoder whose thread does not come back", () => {
  test("is abandoned after 3 s of draining: its frames are lost, and are let go of when the thread comes back", async () => {
    const descriptors = openWakeDescriptors();
    using memory = new StuckMemory(PICTURE_BYTES);
    const frames = new FrameMaker();
    const answers = new Answers();
    const encoder = await NativeVideoEncoder.open("x264", "h264", configOf(frames.info.format), answers);
    const stuck = await getStuck(encoder, memory, answers, frames);
    const startMs = performance.now();
    await Promise.all([encoder.drain(), encoder.close()]);
    await encoder.close();
    expect(performance.now() - startMs).toBeWithin(2500, 4500);
    expect(answers.skipped).toEqual(stuck);
    expect(answers.reasons).toEqual(["encoder_failed", "encoder_failed", "encoder_failed"]);
    expect(answers.failures).toMatchObject([
      { code: "encoder_failed", message: "the x264 encoder does not answer: nothing came from it for 3 s" },
    ]);
    expect(frames.held).toBe(3);
    const frame = frames.next();
    expect(encoder.submit(frame, { forceKey: false })).toBe(false);
    frame.release();

    memory.unstick();
    await expectAllLetGo(answers, frames);
    await wakeDescriptorsAtMost(descriptors);
  }, 20_000);

  test("fails in the middle of a recording after 10 s", async () => {
    using memory = new StuckMemory(PICTURE_BYTES);
    const frames = new FrameMaker();
    const answers = new Answers();
    const encoder = await NativeVideoEncoder.open("image", "mjpeg", jpegConfigOf(frames.info.format), answers);
    const stuck = await getStuck(encoder, memory, answers, frames);
    const startMs = performance.now();
    await waitUntil("the failure", () => answers.failures.length > 0, 15_000);
    expect(performance.now() - startMs).toBeWithin(9000, 13_000);
    expect(answers.skipped).toEqual(stuck);
    memory.unstick();
    await expectAllLetGo(answers, frames);
    await encoder.close();
  }, 30_000);

  test("costs a recording the frames that are in it, said in the report; the file is whole", async () => {
    using memory = new StuckMemory(PICTURE_BYTES);
    await using recording = await RecordingUnderTest.start();
    await recording.feed(30);
    await waitUntil("a picture that nobody holds", () => recording.frames.held === 0);
    const stuck = memory.hold(recording.frames.next());
    recording.session.offer(stuck, recording.frames.info.frameDurationNs);
    stuck.release();
    recording.offer();
    const startMs = performance.now();
    const { ledger, isBalanced, failure } = await recording.stop();
    expect(performance.now() - startMs).toBeLessThan(6000);
    expect({ ledger, isBalanced, code: failure?.code }).toMatchObject({
      ledger: { captured: 32, recorded: 30, dropped: { encoder_failed: 2 } },
      isBalanced: true,
      code: "encoder_failed",
    });
    const { samples, problems } = await verifyRecording(recording.paths.video);
    expect({ samples, problems }).toEqual({ samples: 30, problems: [] });
    memory.unstick();
    await waitUntil("the frames", () => recording.frames.held === 0);
  }, 20_000);
});

describe.skipIf(!mayStickDirectory)("an encoder device that does not answer when it is opened", () => {
  /** As the program opens encoders, but the hardware's device is this one. */
  const openerOf = (device: string) =>
    chooseAmong((library, codec, config, events) =>
      NativeVideoEncoder.open(library, codec, library === "m2m" ? { ...config, device } : config, events),
    );
  const optionsOf = (frames: FrameMaker, kind: "auto" | "v4l2m2m"): VideoEncoderOptions => ({
    choice: { kind },
    codec: "h264",
    format: frames.info.format,
    memory: undefined,
    bufferCount: 8,
    frameRate: 60,
    bitrate: 2_000_000,
    jpegQuality: 85,
    queueFramesMax: 6,
  });

  test("is given up after 2 s, and leaves nothing behind when it answers", async () => {
    const descriptors = openWakeDescriptors();
    using directory = new StuckDirectory();
    const answers = new Answers();
    const startMs = performance.now();
    const opening = openerOf(directory.file("video11"))(optionsOf(new FrameMaker(), "v4l2m2m"), answers);
    await expect(opening).rejects.toMatchObject({
      code: "encoder_failed",
      message: "the m2m encoder does not answer: nothing came from it for 2 s; use --encoder software or auto",
    });
    expect(performance.now() - startMs).toBeWithin(1500, 3000);
    expect(shimThreads()).toBe(1);
    directory.unstick();
    await shimThreadsGone();
    await wakeDescriptorsAtMost(descriptors);
    expect(answers.failures).toEqual([]);
  }, 20_000);

  test("makes auto record in software, with a warning, in less than 2.5 s", async () => {
    using directory = new StuckDirectory();
    const frames = new FrameMaker();
    const answers = new Answers();
    const startMs = performance.now();
    const { encoder } = await openerOf(directory.file("video11"))(optionsOf(frames, "auto"), answers);
    await using _closing = encoder;
    expect(performance.now() - startMs).toBeLessThan(2500);
    expect(answers.warnings).toEqual([expect.stringMatching(/^encoder_fallback: .*libx264.*does not answer/)]);
    // What the device says later is not heard any more.
    directory.unstick();
    const frame = frames.next();
    encoder.submit(frame, { forceKey: true });
    frame.release();
    await encoder.drain();
    expect(answers).toMatchObject({ chunks: [{ isKey: true }], skipped: [], failures: [] });
  }, 20_000);
});
