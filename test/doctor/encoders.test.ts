import { describe, expect, test } from "bun:test";
import { checkEncoderSpeed, type EncoderSpeedFacts } from "../../src/doctor/checks/encoder-speed.ts";
import { checkHardwareEncoder } from "../../src/doctor/checks/hardware-encoder.ts";
import { tryEncoder } from "../../src/doctor/trials/try-encoder.ts";
import { REC709 } from "../../src/capture/stream-format.ts";
import { RuntimeError } from "../../src/errors.ts";
import { BCM2835 } from "../support/encoder-node.ts";
import { FrameMaker } from "../support/frame-maker.ts";
import { PC, PI_4, PI_5 } from "./machine-tree.ts";

describe("encoder nodes", () => {
  const auto = { board: PI_4, codec: "h264", encoder: { kind: "auto" } } as const;
  const required = { ...auto, encoder: { kind: "v4l2m2m" } } as const;
  const unreadable = { value: [{ kind: "unreadable", path: "/dev/video11", errno: 13 }] } as const;

  test("one that fits is right, and a Raspberry Pi 5 or a PC is right without one", () => {
    expect(checkHardwareEncoder({ ...auto, nodes: { value: [BCM2835] } })).toMatchObject({
      level: "ok",
      sentence: "/dev/video11 (bcm2835-codec-encode) encodes h264",
    });
    expect(checkHardwareEncoder({ ...auto, board: PI_5, nodes: { value: [] } })).toMatchObject({ level: "ok" });
    const unknownModel = { ...PI_5, model: "Raspberry Pi 17", sections: [] };
    for (const board of [PC, unknownModel]) {
      expect(checkHardwareEncoder({ ...auto, board, nodes: { value: [] } })).toMatchObject({
        level: "ok",
        sentence: "this machine has none, software encodes h264",
      });
    }
  });

  test("a Raspberry Pi 4 without one for the codec is a warning, and so is one that can't be looked at", () => {
    expect(checkHardwareEncoder({ ...auto, codec: "mjpeg", nodes: { value: [BCM2835] } })).toMatchObject({
      level: "warning",
      advice: [expect.stringContaining("modprobe bcm2835-codec")],
    });
    expect(checkHardwareEncoder({ ...auto, nodes: unreadable })).toMatchObject({
      level: "warning",
      sentence: expect.stringContaining("/dev/video11: no permission"),
    });
  });

  test("where the hardware's is required, its absence is a failure; where none is asked for, nothing is said", () => {
    const error = new RuntimeError("encoder_unavailable", "libcsi_m2m.so is not built");
    for (const nodes of [{ value: [] }, unreadable, { error }] as const)
      expect(checkHardwareEncoder({ ...required, nodes })).toMatchObject({ level: "failure" });
    expect(checkHardwareEncoder({ ...auto, encoder: { kind: "software" }, nodes: { error } })).toMatchObject({
      level: "skipped",
    });
  });
});

describe("encoder speed", () => {
  const at = (framesPerSecond: number, name = "libx264") => ({ value: { name, framesPerSecond, bytesPerFrame: 1 } });
  const failed = { error: new RuntimeError("encoder_failed", "the encoder does not answer") };
  const facts: EncoderSpeedFacts = {
    codec: "h264",
    encoder: { kind: "auto" },
    recordFps: 30,
    format: { width: 1456, height: 1088, pixelFormat: "NV12", strides: [1536, 1536], colour: REC709 },
    assumed: "nothing",
    hardware: undefined,
    software: at(100),
  };

  test("enough to spare is right; little is a warning; less than the rate is a failure, with a rate that would do", () => {
    expect(checkEncoderSpeed(facts)).toMatchObject({
      level: "ok",
      sentence: "libx264 encodes 100 frames/s of 1456x1088 NV12, 30 are asked for",
      values: {
        pixel_format: "NV12",
        record_fps: 30,
        hardware: null,
        software: { encoder: "libx264", frames_per_second: 100 },
      },
    });
    expect(checkEncoderSpeed({ ...facts, software: at(44) })).toMatchObject({ level: "warning" });
    const { level, sentence, advice } = checkEncoderSpeed({ ...facts, software: at(24) });
    expect({ level, sentence }).toEqual({ level: "failure", sentence: expect.stringContaining("would be dropped") });
    expect(advice[0]).toBe("--record-fps 16, or a smaller --size");
  });

  test("the hardware's is what counts where it works; where it fails the host is warned and software counts", () => {
    expect(checkEncoderSpeed({ ...facts, hardware: at(20, "m2m") })).toMatchObject({
      level: "failure",
      advice: expect.arrayContaining(["--encoder software is faster here"]),
    });
    expect(checkEncoderSpeed({ ...facts, hardware: failed })).toMatchObject({
      level: "warning",
      sentence: expect.stringContaining("the encoder does not answer"),
    });
    expect(checkEncoderSpeed({ ...facts, hardware: failed, software: undefined })).toMatchObject({ level: "failure" });
  });

  test("what software could do in the hardware's place is said with --encoder auto, and is no warning", () => {
    const hardware = at(60, "m2m");
    const said = (more: Partial<EncoderSpeedFacts>) => checkEncoderSpeed({ ...facts, hardware, ...more });
    expect(said({ software: at(20) })).toMatchObject({
      level: "ok",
      sentence: expect.stringContaining("; software, if it has to take over: 20 frames/s, and would drop the rest"),
    });
    expect(said({ software: at(80) }).sentence).toEndWith("; software, if it has to take over: 80 frames/s");
    expect(said({ software: at(20), recordFps: 50 }).sentence).toMatch(/leaves little room; software, .* 20 frames/);
    const asked = { encoder: { kind: "v4l2m2m" }, software: undefined } as const;
    expect(said(asked).sentence).not.toContain("software");
  });

  test("what was measured of other pictures than the camera's says so; at another size it is not taken for right", () => {
    expect(checkEncoderSpeed({ ...facts, assumed: "layout" })).toMatchObject({
      level: "ok",
      sentence: expect.stringContaining("(the camera's format is not known: the usual one)"),
    });
    expect(checkEncoderSpeed({ ...facts, assumed: "all" })).toMatchObject({ level: "unknown" });
  });

  const { format } = new FrameMaker({ width: 320, height: 240 }).info;
  const options = { format, frameRate: 30, bitrate: 1_000_000, jpegQuality: 85 };

  const nv12 = { ...format, pixelFormat: "NV12", strides: [512, 512] } as const;

  test.each([
    ["h264", format],
    ["mjpeg", nv12],
  ] as const)(
    "the software encoder of %s is measured, with pictures as the camera's",
    async (codec, own) => {
      const { name, framesPerSecond, bytesPerFrame } = await tryEncoder({
        ...options,
        format: own,
        codec,
        choice: { kind: "software" },
      });
      expect(name).toStartWith("lib");
      expect(framesPerSecond).toBeGreaterThan(5);
      expect(bytesPerFrame).toBeGreaterThan(100);
    },
    15_000,
  );

  test("an encoder that is not there, or can't do what is asked, is an error", async () => {
    const device = { kind: "v4l2m2m", device: "/dev/null" } as const;
    const absent = tryEncoder({ ...options, codec: "h264", choice: device });
    await expect(absent).rejects.toBeInstanceOf(RuntimeError);
    const tooMuch = tryEncoder({ ...options, frameRate: 1e6, codec: "h264", choice: { kind: "software" } });
    await expect(tooMuch).rejects.toMatchObject({ code: "encoder_failed" });
  });
});
