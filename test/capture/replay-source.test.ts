import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { ReplaySource } from "../../src/capture/replay-source.ts";
import { REC709 } from "../../src/capture/stream-format.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { openFiles } from "../support/open-files.ts";
import { waitUntil } from "../log/wait-until.ts";
import { frameBytes } from "../support/frame-bytes.ts";
import { CollectingEvents, never } from "./collecting-events.ts";

const PICTURE_BYTES = 64 * 36 + 2 * 32 * 18;
const pictures = [1, 2, 3].map((seed) =>
  Buffer.from(Array.from({ length: PICTURE_BYTES }, (_, index) => (index * 31 + seed * 97) % 251)),
);

function writeY4m(directory: TemporaryDirectory): string {
  const path = directory.file("x.y4m");
  const frames = pictures.flatMap((picture) => [Buffer.from("FRAME\n"), picture]);
  writeFileSync(path, Buffer.concat([Buffer.from("YUV4MPEG2 W64 H36 F100:1\n"), ...frames]));
  return path;
}

const isOpen = (path: string): boolean => openFiles().includes(path);

describe("ReplaySource", () => {
  test("delivers the file's pictures in order, byte for byte, at the file's rate", async () => {
    using directory = new TemporaryDirectory();
    const path = writeY4m(directory);
    const seen: number[] = [];
    const events = new CollectingEvents((frame) => {
      seen.push(pictures.findIndex((picture) => picture.equals(frameBytes(frame))));
    });
    await using source = new ReplaySource({ path, raw: undefined, frameRate: undefined });
    const info = await source.open(events, never);
    expect(info).toMatchObject({ model: "replay", frameDurationNs: 10_000_000, format: { width: 64, height: 36 } });
    await events.untilFrames(8);
    await source.close();
    expect(seen).toEqual(seen.map((_, index) => index % 3));
    expect(events.numbers).toEqual(seen.map((_, index) => index));
    const [first] = events.frames;
    for (const { frameNumber, sensorTimestampNs } of events.frames) {
      expect(sensorTimestampNs - (first?.sensorTimestampNs ?? 0n)).toBe(BigInt(frameNumber) * 10_000_000n);
    }
    expect(isOpen(path)).toBe(false);
  });

  test("plays raw pictures with a stride at the rate that is asked for", async () => {
    using directory = new TemporaryDirectory();
    const path = directory.file("x.yuv");
    writeFileSync(path, Buffer.concat(pictures));
    const format = { width: 60, height: 36, pixelFormat: "YUV420", strides: [64, 32, 32], colour: REC709 } as const;
    const seen: number[] = [];
    const events = new CollectingEvents((frame) => {
      seen.push(pictures.findIndex((picture) => picture.equals(frameBytes(frame))));
    });
    await using source = new ReplaySource({ path, raw: { format }, frameRate: 200 });
    expect(await source.open(events, never)).toMatchObject({ format, frameDurationNs: 5_000_000 });
    await events.untilFrames(4);
    expect(seen.slice(0, 4)).toEqual([0, 1, 2, 0]);
  });

  test("waits for buffers instead of losing pictures", async () => {
    using directory = new TemporaryDirectory();
    await using source = new ReplaySource({ path: writeY4m(directory), raw: undefined, frameRate: 1000 });
    const events = new CollectingEvents();
    events.keeps = true;
    const { bufferCount } = await source.open(events, never);
    // What a recording's encoder takes: two of a camera's buffers stay with the camera.
    const taken = bufferCount - 2;
    await events.untilFrames(taken);
    events.keeps = false;
    events.releaseAll();
    await events.untilFrames(taken + 10);
    expect(events.numbers).toEqual(events.numbers.map((_, index) => index));
  });

  test("at a free pace its pictures come as fast as they are taken, with the timestamps of their rate", async () => {
    using directory = new TemporaryDirectory();
    await using source = new ReplaySource({ path: writeY4m(directory), raw: undefined, frameRate: 1, pace: "free" });
    const events = new CollectingEvents();
    await source.open(events, never);
    await events.untilFrames(20);
    const [first] = events.frames;
    for (const { frameNumber, sensorTimestampNs } of events.frames) {
      expect(sensorTimestampNs - (first?.sensorTimestampNs ?? 0n)).toBe(BigInt(frameNumber) * 1_000_000_000n);
    }
  });

  test("a file that is missing, or is none, makes opening fail with what is wrong", async () => {
    using directory = new TemporaryDirectory();
    writeFileSync(directory.file("x.y4m"), "hello\n");
    for (const name of ["missing.y4m", "x.y4m"]) {
      await using source = new ReplaySource({ path: directory.file(name), raw: undefined, frameRate: undefined });
      const opening = source.open(new CollectingEvents(), never);
      await expect(opening).rejects.toMatchObject({ name: "RuntimeError", code: "bad_source_file" });
    }
  });

  test("a file without a whole picture fails as a camera does", async () => {
    using directory = new TemporaryDirectory();
    writeFileSync(directory.file("x.y4m"), "YUV4MPEG2 W32 H18\nFRAME\nabc");
    await using source = new ReplaySource({ path: directory.file("x.y4m"), raw: undefined, frameRate: undefined });
    const events = new CollectingEvents();
    await source.open(events, never).catch((error: unknown) => events.failures.push(error as never));
    expect((await events.untilFailure())?.code).toBe("bad_source_file");
    expect(events.failures).toHaveLength(1);
  });

  test("frames that are held stay valid after close", async () => {
    using directory = new TemporaryDirectory();
    await using source = new ReplaySource({ path: writeY4m(directory), raw: undefined, frameRate: 500 });
    const events = new CollectingEvents();
    events.keeps = true;
    await source.open(events, never);
    await events.untilFrames(3);
    await source.close();
    Bun.gc(true);
    events.kept.forEach((frame, index) => {
      expect(frameBytes(frame)).toEqual(Uint8Array.from(pictures[index % 3] ?? []));
    });
    events.releaseAll();
  });

  test("no frame comes after close, and an aborted signal keeps it from opening", async () => {
    using directory = new TemporaryDirectory();
    await using source = new ReplaySource({ path: writeY4m(directory), raw: undefined, frameRate: 500 });
    const opening = source.open(new CollectingEvents(), AbortSignal.abort(new Error("enough")));
    await expect(opening).rejects.toThrow("enough");
  });

  test("aborting while it opens rejects with the signal's reason and leaves no file open", async () => {
    using directory = new TemporaryDirectory();
    const path = writeY4m(directory);
    await using source = new ReplaySource({ path, raw: undefined, frameRate: 500 });
    const abort = new AbortController();
    const events = new CollectingEvents();
    const opening = source.open(events, abort.signal);
    abort.abort(new Error("enough"));
    await expect(opening).rejects.toThrow("enough");
    await source.close();
    expect(isOpen(path)).toBe(false);
    expect(events.frames).toEqual([]);
  });

  test("closing while it opens makes opening fail; no frame comes and no file stays open", async () => {
    using directory = new TemporaryDirectory();
    const path = writeY4m(directory);
    const source = new ReplaySource({ path, raw: undefined, frameRate: 500 });
    const events = new CollectingEvents();
    const outcome = source.open(events, never).then(
      () => "opened",
      () => "failed",
    );
    await source.close();
    expect(await outcome).toBe("failed");
    await waitUntil("the file to be closed", () => !isOpen(path));
    expect(events.frames).toEqual([]);
    expect(events.failures).toEqual([]);
  });
});
