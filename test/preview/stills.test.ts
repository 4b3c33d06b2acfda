import { describe, expect, test } from "bun:test";
import { CapturedFrame } from "../../src/capture/captured-frame.ts";
import { Stills } from "../../src/preview/stills.ts";
import { decode } from "../native/ffmpeg.ts";
import { FrameMaker } from "../support/frame-maker.ts";
import { readFrameNumber } from "../support/read-frame-number.ts";

const SIZE = { width: 320, height: 192 };

function offer(stills: Stills, frame: CapturedFrame): void {
  stills.offer(frame);
  frame.release();
}

describe("Stills", () => {
  test("makes a JPEG of the next frame, at its full size, and holds none afterwards", async () => {
    const stills = new Stills(90);
    const frames = new FrameMaker(SIZE);
    for (let count = 0; count < 3; count++) offer(stills, frames.next());
    expect(frames.held).toBe(0);
    const taken = stills.take(new AbortController().signal);
    const shown = frames.next();
    const { frameNumber, sensorTimestampNs } = shown;
    offer(stills, shown);
    offer(stills, frames.next());
    const { jpeg, ...picture } = await taken;
    expect(picture).toMatchObject({ ...SIZE, frameNumber, sensorTimestampNs });
    const luma = await decode("mjpeg", jpeg, "gray");
    expect(luma.length).toBe(SIZE.width * SIZE.height);
    expect(readFrameNumber(luma, SIZE.width)).toBe(frameNumber);
    expect(frames.held).toBe(0);
  });

  test("stops waiting when it is told to, and takes no frame any more", async () => {
    const stills = new Stills(90);
    const frames = new FrameMaker(SIZE);
    const abort = new AbortController();
    const taken = stills.take(abort.signal);
    abort.abort(new Error("enough"));
    await expect(taken).rejects.toThrow("enough");
    offer(stills, frames.next());
    expect(frames.held).toBe(0);
  });

  test("tells why a picture could not be made, lets go of the frame, and makes the next one", async () => {
    const stills = new Stills(90);
    const frames = new FrameMaker(SIZE);
    const frame = frames.next();
    const { planes, format } = frame;
    // A layout that no encoder takes: rows are longer than they are apart.
    const impossible = new CapturedFrame(
      frame,
      { ...format, strides: [8, 4, 4] },
      { planes, giveBack: () => frame.release() },
    );
    const failed = stills.take(new AbortController().signal).catch((error: unknown) => error);
    offer(stills, impossible);
    expect(await failed).toMatchObject({ name: "RuntimeError", code: "encoder_failed" });
    expect(frames.held).toBe(0);
    const taken = stills.take(new AbortController().signal);
    offer(stills, frames.next());
    expect(await taken).toMatchObject(SIZE);
  });
});
