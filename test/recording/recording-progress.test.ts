import { expect, test } from "bun:test";
import { statSync } from "node:fs";
import type { RecordedFrame } from "../../src/recording/fragment.ts";
import { waitUntil } from "../log/wait-until.ts";
import { FakeEncoders } from "../support/fake-encoder.ts";
import { RecordingUnderTest } from "./recording-under-test.ts";

const settings = { codec: "mjpeg" as const };
/** Of a fake encoder's picture. */
const PICTURE_BYTES = 4;

test("a recording tells how far it has come: time, bytes, frames in its encoder, bytes that wait, restarts", async () => {
  const encoders = new FakeEncoders((count) => (count > 100 ? "nothing" : "chunk"));
  await using recording = await RecordingUnderTest.start({ openEncoder: encoders.open, settings });
  const { session } = recording;
  expect(session.progress).toMatchObject({ durationNs: 0n, byteCount: 0, encoderFrames: 0, waitingBytes: 0 });
  await recording.feed(103);
  await waitUntil("the fragments on the disk", () => session.progress.ledger.recorded >= 60);
  const { durationNs, byteCount, encoderFrames, waitingBytes, ledger, startedAt } = session.progress;
  expect(durationNs).toBe(102n * BigInt(recording.frames.info.frameDurationNs));
  expect(byteCount).toBe(statSync(session.videoPath).size);
  expect(encoderFrames).toBe(3);
  // The newest sample waits for the next one to know how long it lasts.
  expect(waitingBytes).toBe((100 - 1 - ledger.recorded) * PICTURE_BYTES);
  expect(Date.now() - startedAt.getTime()).toBeWithin(0, 60_000);
  encoders.last.warn("encoder_restarted", "it stalled and was opened again");
  encoders.last.warn("encoder_fallback", "that is no restart");
  expect(session.progress.encoderRestarts).toBe(1);
  const { ledger: final } = await recording.stop();
  expect(session.progress).toMatchObject({ ledger: final, encoderFrames: 0, waitingBytes: 0, encoderRestarts: 1 });
});

test("who watches a recording sees each frame encoded, then written, in order; and no dropped one", async () => {
  const encoders = new FakeEncoders((count) => (count % 10 === 0 ? "encoder_skip" : "chunk"));
  const [encoded, written]: [number[], number[]] = [[], []];
  let bytes = 0;
  const watch = {
    onEncoded: (frame: RecordedFrame) => void encoded.push(frame.frameNumber),
    onWritten: (frames: readonly RecordedFrame[], byteCount: number) => {
      written.push(...frames.map(({ frameNumber }) => frameNumber));
      expect(written.length).toBeLessThanOrEqual(encoded.length);
      bytes += byteCount;
    },
  };
  await using recording = await RecordingUnderTest.start({ openEncoder: encoders.open, settings, watch });
  await recording.feed(100);
  await recording.stop();
  const expected = Array.from({ length: 100 }, (_, index) => index).filter((index) => (index + 1) % 10 !== 0);
  expect(encoded).toEqual(expected);
  expect(written).toEqual(expected);
  expect(bytes).toBe(expected.length * PICTURE_BYTES);
});
