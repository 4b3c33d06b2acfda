import { describe, expect, test } from "bun:test";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { readDrops } from "../support/drop-lines.ts";
import { expectConsecutive, expectSound } from "../support/expect-sound.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { assign, record } from "../support/record.ts";

const FRAME_RATE = 30;

describe.each([
  ["h264", "320x240", "smpte170m"],
  ["h264", "960x720", "bt709"],
  ["mjpeg", "320x240", "bt470bg"],
] as const)("a recording in %s at %s", (codec, size, colourSpace) => {
  const isJpeg = codec === "mjpeg";

  test("holds each captured frame once, at its sensor's time, beside its row", async () => {
    using directory = new TemporaryDirectory();
    await using host = new ModuleProcess(["--source", "synthetic", "--size", size, "--codec", codec]);
    await assign(host);
    const recording = await record(host, directory.path, 65);
    const { rows, numbers, video } = await expectSound(recording, FRAME_RATE);

    expectConsecutive(numbers);
    expect(recording.ledger).toEqual({
      captured: rows.length,
      recorded: rows.length,
      skipped_by_rate_gate: 0,
      dropped: {},
      sensor_gaps: { gaps: 0, missing_frames: 0 },
    });
    const keyFrames = video.packets.flatMap(({ flags }, index) => (flags.startsWith("K") ? [index] : []));
    const isKey = (index: number): boolean => isJpeg || index % FRAME_RATE === 0;
    expect(keyFrames).toEqual(rows.flatMap((_, index) => (isKey(index) ? [index] : [])));
    expect(`${video.stream.width}x${video.stream.height}`).toBe(size);
    expect(video.stream).toMatchObject({
      codec_name: codec,
      pix_fmt: isJpeg ? "yuvj420p" : "yuv420p",
      color_range: isJpeg ? "pc" : "tv",
      color_space: colourSpace,
      color_primaries: isJpeg ? "bt709" : colourSpace,
    });
  }, 30_000);
});

test("a recording of the default size is sound and loses nothing unaccounted for", async () => {
  using directory = new TemporaryDirectory();
  await using host = new ModuleProcess(["--source", "synthetic"]);
  await assign(host);
  const recording = await record(host, directory.path, 60);
  const { rows, numbers, video } = await expectSound(recording, FRAME_RATE);
  const { captured, recorded, dropped, sensor_gaps } = recording.ledger;
  const droppedFrames = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  expect(recorded).toBe(rows.length);
  expect(captured).toBe(recorded + droppedFrames);
  // Whatever this machine was too slow for, the books say so; also at the very beginning and end.
  const accounted = [...numbers, ...readDrops(recording.drops).map(({ frame_num }) => frame_num ?? Number.NaN)];
  const span = Math.max(...accounted) - Math.min(...accounted) + 1;
  expect(span).toBe(recorded + droppedFrames + sensor_gaps.missing_frames);
  expect(video.stream).toMatchObject({ width: 1456, height: 1088, color_space: "bt709", color_range: "tv" });
}, 30_000);
