import { describe, expect, test } from "bun:test";
import { RuntimeError } from "../../src/errors.ts";
import type { EncoderLibraryName } from "../../src/native/encoder-library.ts";
import type { NativeEncoderConfig } from "../../src/native/encoder-structs.ts";
import { chooseAmong, openVideoEncoder } from "../../src/recording/encoders/open-video-encoder.ts";
import type { VideoEncoderOptions } from "../../src/recording/encoders/video-encoder-options.ts";
import { FakeEncoder } from "../support/fake-encoder.ts";
import { FrameMaker } from "../support/frame-maker.ts";
import { Answers } from "./answers.ts";

const OPTIONS: VideoEncoderOptions = {
  choice: { kind: "auto" },
  codec: "h264",
  format: new FrameMaker().info.format,
  memory: { dmabufFds: [7, 7, 7], dmabufOffsets: [0, 100, 200] },
  bufferCount: 8,
  frameRate: 30,
  bitrate: 2_000_000,
  jpegQuality: 85,
  queueFramesMax: 4,
};

const none = new RuntimeError("encoder_unavailable", "this machine has no encoder for this codec");
const busy = new RuntimeError("encoder_failed", "/dev/video11 cannot be opened: Device or resource busy");

/** Chooses among libraries that open, or fail as told, and keeps what they were asked. */
async function choose(
  changes: Partial<VideoEncoderOptions>,
  failures: Partial<Record<EncoderLibraryName, RuntimeError>> = {},
) {
  const asked: { library: EncoderLibraryName; config: NativeEncoderConfig }[] = [];
  const answers = new Answers();
  const open = chooseAmong(async (library, _codec, config, events) => {
    asked.push({ library, config });
    const failure = failures[library];
    if (failure !== undefined) throw failure;
    return new FakeEncoder(events, () => "chunk");
  });
  const outcome = await open({ ...OPTIONS, ...changes }, answers).then(
    ({ reason }) => ({ reason, error: undefined }),
    (error: unknown) => ({ reason: undefined, error }),
  );
  return { ...outcome, libraries: asked.map(({ library }) => library), asked, warnings: answers.warnings };
}

describe("--encoder auto", () => {
  test("takes the hardware's encoder where there is one", async () => {
    expect(await choose({})).toMatchObject({ libraries: ["m2m"], warnings: [] });
    expect(await choose({ codec: "mjpeg" })).toMatchObject({ libraries: ["m2m"], warnings: [] });
  });

  test("takes software without a word to the host where there is none; the log's reason says so", async () => {
    const failures = { m2m: none };
    expect(await choose({}, failures)).toMatchObject({
      libraries: ["m2m", "x264"],
      warnings: [],
      reason: none.message,
    });
    expect(await choose({ codec: "mjpeg" }, failures)).toMatchObject({ libraries: ["m2m", "image"], warnings: [] });
  });

  test("takes software and warns where there is one that can't be used", async () => {
    expect(await choose({}, { m2m: busy })).toMatchObject({
      libraries: ["m2m", "x264"],
      reason: busy.message,
      warnings: [`encoder_fallback: the hardware encoder can't be used, fake is used instead: ${busy.message}`],
    });
  });

  test("fails with both reasons and no warning where software can't be used either", async () => {
    const x264 = new RuntimeError("encoder_unavailable", "the x264 library is not built");
    expect(await choose({}, { m2m: busy, x264 })).toMatchObject({
      error: { code: "encoder_unavailable", message: `${x264.message}; of the hardware encoder: ${busy.message}` },
      warnings: [],
    });
  });
});

describe("--encoder software", () => {
  test("never touches the hardware", async () => {
    const choice = { kind: "software" } as const;
    expect(await choose({ choice })).toMatchObject({ libraries: ["x264"], warnings: [] });
    expect(await choose({ choice, codec: "mjpeg" })).toMatchObject({ libraries: ["image"], warnings: [] });
  });
});

describe("--encoder v4l2m2m", () => {
  for (const failure of [none, busy]) {
    test(`is not replaced in silence: ${failure.code} comes with what to do`, async () => {
      expect(await choose({ choice: { kind: "v4l2m2m" } }, { m2m: failure })).toMatchObject({
        libraries: ["m2m"],
        error: { code: failure.code, message: `${failure.message}; use --encoder software or auto` },
      });
    });
  }

  test("names its device, if it was given one", async () => {
    for (const device of ["/dev/video11", undefined]) {
      const { asked } = await choose({ choice: { kind: "v4l2m2m", device } });
      expect(asked[0]?.config.device).toBe(device);
    }
  });
});

describe("an encoder is told", () => {
  test("where the frames lie and how many buffers there are", async () => {
    const { asked } = await choose({});
    expect(asked[0]?.config).toMatchObject({
      codec: "h264",
      bufferCount: 8,
      memory: OPTIONS.memory,
      device: undefined,
    });
  });

  test("the level of the profile that it encodes to: High for the hardware, Main for libx264", async () => {
    // 22 Mbit/s is above level 4's 20 for Main, below its 25 for High (H.264, table A-1 and A-2).
    const format = { ...OPTIONS.format, width: 1920, height: 1080 };
    const { asked } = await choose({ format, bitrate: 22_000_000 }, { m2m: none });
    expect(asked.map(({ library, config }) => [library, config.levelIdc])).toEqual([
      ["m2m", 40],
      ["x264", 41],
    ]);
  });

  test("nothing where no H.264 level allows what is asked: the error says what to ask less of", async () => {
    const format = { ...OPTIONS.format, width: 16_384, height: 16_384 };
    const { error, libraries } = await choose({ format, frameRate: 1000 });
    expect(error).toMatchObject({ code: "encoder_failed", message: expect.stringMatching(/^no H.264 level allows/) });
    expect(libraries).toEqual([]);
  });
});

describe("the program's own encoders", () => {
  const open = (changes: Partial<VideoEncoderOptions>) =>
    openVideoEncoder({ ...OPTIONS, memory: undefined, ...changes }, new Answers());

  test("software is libx264 for h264 and libjpeg-turbo for mjpeg", async () => {
    const choice = { kind: "software" } as const;
    await using h264 = (await open({ choice })).encoder;
    await using mjpeg = (await open({ choice, codec: "mjpeg" })).encoder;
    expect(h264.info).toMatchObject({ codec: "h264", name: expect.stringContaining("x264"), zeroCopy: false });
    expect(mjpeg.info).toMatchObject({ codec: "mjpeg", colour: { fullRange: true, matrix: 6 } });
  });

  test("a device whose path is too long for the library is said to be so", async () => {
    const device = `/dev/${"x".repeat(60)}`;
    const opening = open({ choice: { kind: "v4l2m2m", device } });
    await expect(opening).rejects.toMatchObject({
      code: "encoder_failed",
      message: "the encoder device's path has 65 bytes, expected at most 63; use --encoder software or auto",
    });
  });

  test("a device that does not exist is an error that says what to do", async () => {
    const opening = open({ choice: { kind: "v4l2m2m", device: "/dev/video-of-nobody" } });
    await expect(opening).rejects.toMatchObject({
      message: expect.stringMatching(/; use --encoder software or auto$/),
    });
  });
});
