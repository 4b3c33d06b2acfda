import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { pictureBytes } from "../../src/capture/buffer-pool.ts";
import { SMPTE170M, type StreamFormat } from "../../src/capture/stream-format.ts";
import { SyntheticPicture } from "../../src/capture/synthetic-picture.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { decodeFrameNumbers, decodePictures } from "../support/decode-video.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { probeVideo } from "../support/probe-video.ts";
import { psnr } from "../support/psnr.ts";
import { assign, record } from "../support/record.ts";
import { verdictOn } from "../support/run-program.ts";
import { runTool } from "../support/run-tool.ts";
import { expectedTimesUs, readTimingFile } from "../support/timing-file.ts";

const [WIDTH, HEIGHT] = [320, 240];
const BYTES_RGB = WIDTH * HEIGHT * 3;

/** A Y4M file of one second, 20 frames/s, made by ffmpeg. */
async function makeY4m(path: string, range: "tv" | "pc"): Promise<void> {
  const source = ["-f", "lavfi", "-i", `testsrc=size=${WIDTH}x${HEIGHT}:rate=20:duration=1`];
  const format = ["-vf", `scale=out_range=${range}:out_color_matrix=smpte170m`, "-pix_fmt", "yuv420p"];
  await runTool("ffmpeg", "-v", "error", ...source, ...format, "-color_range", range, "-strict", "-1", "-y", path);
}

describe("a replayed Y4M file", () => {
  test.concurrent.each([
    ["tv", "h264"],
    ["tv", "mjpeg"],
    ["pc", "h264"],
    ["pc", "mjpeg"],
  ] as const)(
    "of %s range is recorded in %s with its own pictures, colours and rate",
    async (range, codec) => {
      using directory = new TemporaryDirectory();
      const file = directory.file("source.y4m");
      await makeY4m(file, range);
      await using host = new ModuleProcess(["--source", `replay:${file}`, "--codec", codec]);
      await assign(host);
      const recording = await record(host, directory.path, 25);
      const { rows } = readTimingFile(recording.timing);
      const { packets, stream } = await probeVideo(recording.video);
      expect(packets.map(({ pts }) => pts)).toEqual(expectedTimesUs(rows));
      expect(packets[20]?.pts).toBe(1_000_000);
      expect(stream).toMatchObject({ width: WIDTH, height: HEIGHT });
      expect((await verdictOn(recording.video)).exitCode).toBe(0);

      // To RGB, as a player shows it: range and matrix must be what the stream says they are.
      const rgb = { pixelFormat: "rgb24", pictureBytes: BYTES_RGB };
      const source = await decodePictures(file, { ...rgb, count: 20 });
      const recorded = await decodePictures(recording.video, { ...rgb, count: 20 });
      // The camera ran before the recording began: its first picture may be any. From there on it goes round.
      const likeness = (picture: Uint8Array, index: number) => psnr(picture, source[index % 20] ?? new Uint8Array());
      const [begun = new Uint8Array()] = recorded;
      const first = source.map((_, index) => likeness(begun, index));
      const start = first.indexOf(Math.max(...first));
      expect(Math.min(...recorded.map((picture, k) => likeness(picture, start + k)))).toBeGreaterThan(28);
    },
    30_000,
  );
});

test.concurrent("a replayed raw file with padded rows is recorded picture for picture, round and round", async () => {
  using directory = new TemporaryDirectory();
  const file = directory.file("source.yuv");
  const format: StreamFormat = {
    width: WIDTH,
    height: HEIGHT,
    pixelFormat: "YUV420",
    strides: [384, 192, 192],
    colour: SMPTE170M,
  };
  const painter = new SyntheticPicture(format);
  const pictures = Array.from({ length: 15 }, (_, number) => {
    const bytes = new Uint8Array(pictureBytes(format));
    painter.paint(bytes, number);
    return bytes;
  });
  writeFileSync(file, Buffer.concat(pictures));
  const source = `replay:${file},${WIDTH}x${HEIGHT},stride=384`;
  await using host = new ModuleProcess(["--source", source, "--capture-fps", "30"]);
  await assign(host);
  const recording = await record(host, directory.path, 40);
  const numbers = await decodeFrameNumbers(recording.video);
  const [first = Number.NaN] = numbers;
  expect(numbers).toEqual(numbers.map((_, index) => (first + index) % pictures.length));
  const { packets, stream } = await probeVideo(recording.video);
  expect(packets.map(({ pts }) => pts)).toEqual(expectedTimesUs(readTimingFile(recording.timing).rows));
  expect(stream).toMatchObject({ width: WIDTH, height: HEIGHT });
  expect((await verdictOn(recording.video)).exitCode).toBe(0);
}, 30_000);

test.concurrent.each([
  ["is not there", undefined],
  ["is no Y4M file", "RIFF"],
  ["holds no picture", "YUV4MPEG2 W320 H240 F30:1 C420\n"],
])(
  "assigning fails with bad_source_file when the file to replay %s",
  async (_name, content) => {
    using directory = new TemporaryDirectory();
    const file = directory.file("source.y4m");
    if (content !== undefined) writeFileSync(file, content);
    await using host = new ModuleProcess(["--source", `replay:${file}`]);
    const reply = await host.ask("assign_device", { device_id: "picam:0" });
    expect(reply).toMatchObject({ status: "device_error", code: "bad_source_file" });
  },
  15_000,
);
