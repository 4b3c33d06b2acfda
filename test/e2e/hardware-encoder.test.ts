import { describe, expect, test } from "bun:test";
import { expectConsecutive } from "../support/expect-sound.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { type Attempt, expectAccountedFor, recordSound, unasked, withEncoders } from "../support/hardware-recording.ts";
import { m2mDevice, type M2mSwitches } from "../support/m2m-device.ts";
import type { ModuleProcess } from "../support/module-process.ts";
import { type Ledger, pathsOf } from "../support/record.ts";
import { runProgram } from "../support/run-program.ts";

// The program, unmodified, on a made-up device: test/native/m2m-device. The kernel's own is in test/vm.

const BCM2835 = "bcm2835-codec-encode (/dev/video11)";
/** Why frames were dropped, but for those that this machine was too slow for. */
const reasonsIn = ({ dropped }: Ledger) => Object.keys(dropped).filter((reason) => reason !== "encoder_busy");

/** With those that wait for their turn. */
const TIMEOUT_MS = 120_000;

interface Device {
  readonly what: string;
  readonly switches: M2mSwitches;
  readonly attempt?: Attempt;
  /** Frames are copied. */
  readonly copies?: true;
  /** Why frames are missing. */
  readonly dropped?: string;
  /** It has to be opened a second time. */
  readonly restarts?: true;
}

describe("each picture is the one that its row speaks of, and every other frame is accounted for, on a device that", () => {
  const devices: readonly Device[] = [
    { what: "is a Raspberry Pi 4's", switches: {} },
    { what: "is given frames that lie elsewhere", switches: {}, attempt: { memory: "own" }, copies: true },
    { what: "reads frames late", switches: { encode_delay: 20 } },

    { what: "repeats no headers", switches: { controls: "none", headers: "first" } },
    { what: "repeats headers unasked", switches: { controls: "none", headers: "each" } },
    { what: "gives headers apart", switches: { headers: "separate" } },
    { what: "gives headers apart, without a time", switches: { headers: "separate_zero_timestamp" } },
    {
      what: "gives headers apart, once, without a time",
      switches: { controls: "none", headers: "separate_zero_timestamp" },
    },
    { what: "gives pictures in pieces", switches: { split: 2000 } },
    { what: "gives headers apart and pictures in pieces", switches: { headers: "separate", split: 10 } },

    { what: "swallows frames", switches: { skip: 7 }, dropped: "encoder_skip" },
    { what: "swallows every other frame", switches: { skip: 2, split: 2000 }, dropped: "encoder_skip" },
    { what: "damages pictures", switches: { error: 13 }, dropped: "encoder_error" },

    { what: "has no buffers for dmabufs", switches: { dmabuf: "refuse_reqbufs" }, copies: true },
    { what: "refuses dmabufs", switches: { dmabuf: "refuse_prepare" }, copies: true },
    { what: "can't be asked about dmabufs", switches: { prepare_buf: "no" } },
    { what: "refuses the first dmabuf", switches: { dmabuf: "refuse_queue" }, restarts: true },
    { what: "has few buffers", switches: { buffers_max: 1 } },

    { what: "ends a drain with its last picture, late", switches: { drain: "flag_on_last", drain_delay: 500 } },
    { what: "ends a drain with an event", switches: { drain: "eos_event" } },
    { what: "can't drain", switches: { drain: "unsupported" } },
    { what: "drains for long", switches: { drain_delay: 500 } },
    { what: "drains for ever", switches: { drain_delay: 60_000 } },

    { what: "calls the wrong pictures key frames", switches: { key_flags: "wrong" } },
    { what: "calls no picture a key frame", switches: { key_flags: "none" } },
    { what: "can't be asked for key frames", switches: { controls: "no_force_key" } },

    { what: "is single-planar", switches: { planar: "single" } },
    { what: "is single-planar and copies", switches: { planar: "single" }, attempt: { memory: "own" }, copies: true },
    { what: "takes NV12 only", switches: { formats: "NV12" }, copies: true },
    { what: "pads pictures below", switches: { height_align: 32 }, copies: true },
    { what: "pads rows", switches: { stride_align: 1024 }, copies: true },
  ];
  for (const { what, switches, attempt, copies = false, dropped, restarts = false } of devices) {
    test.concurrent(
      what,
      async () => {
        const { encoder, zeroCopy, ledger, story, report } = await recordSound([switches], attempt);
        expect({ encoder, zeroCopy, dropped: reasonsIn(ledger), story }).toEqual({
          ...{ encoder: BCM2835, zeroCopy: !copies, dropped: dropped === undefined ? [] : [dropped] },
          story: restarts ? ["warning:encoder_restarted"] : [],
        });
        const used = report.contexts.filter(({ framesEncoded }) => framesEncoded > 0);
        expect(used.map(({ outputMemory }) => outputMemory)).toEqual([copies || restarts ? "mmap" : "dmabuf"]);
      },
      TIMEOUT_MS,
    );
  }
});

describe("--encoder auto", () => {
  test.concurrent(
    "asks for a key frame each second, and tells the device what the camera is set to",
    async () => {
      const { report, numbers } = await recordSound([{}], {
        args: ["--size", "1280x720", "--bitrate", "4M"],
        rows: 50,
      });
      const [context] = report.contexts.filter(({ framesEncoded }) => framesEncoded > 0);
      expect(context).toMatchObject({
        ...{ frameInterval: [1000, 30_000], controls: { "Video Bitrate": 4_000_000 } },
        outputFormat: { width: 1280, height: 720, bytesPerLine: 1280, colourSpace: 3 }, // V4L2_COLORSPACE_REC709
      });
      const seconds = Math.floor(((numbers.at(-1) ?? 0) - (numbers[0] ?? 0)) / 30);
      expect(context?.keyFramesForced).toBeWithin(seconds, seconds + 2);
    },
    TIMEOUT_MS,
  );

  test.concurrent(
    "encodes mjpeg with the JPEG one",
    async () => {
      const { encoder, numbers } = await recordSound([{ codec: "h264" }, { codec: "jpeg" }], { codec: "mjpeg" });
      expect(encoder).toBe("bcm2835-codec-encode_image (/dev/video31)");
      expectConsecutive(numbers);
    },
    TIMEOUT_MS,
  );

  test.concurrent(
    "takes software without a word where all nodes are something else",
    async () => {
      const nodes: M2mSwitches[] = [{ kind: "decoder" }, { kind: "camera" }, { codec: "jpeg" }];
      const { encoder, zeroCopy, story } = await recordSound(nodes);
      expect({ encoder, zeroCopy, story }).toEqual({
        ...{ encoder: expect.stringContaining("libx264"), zeroCopy: false, story: [] },
      });
    },
    TIMEOUT_MS,
  );

  test.concurrent(
    "takes software and says so where it can't be used",
    async () => {
      const { encoder, story } = await recordSound([{ open_error: "EACCES" }]);
      expect({ encoder, story }).toEqual({
        encoder: expect.stringContaining("libx264"),
        story: ["warning:encoder_fallback"],
      });
    },
    TIMEOUT_MS,
  );
});

test.concurrent(
  "--encoder v4l2m2m takes the node that it is given",
  async () => {
    const nodes: M2mSwitches[] = [{ node: "/dev/video11" }, { node: "/dev/video12" }];
    const { encoder } = await recordSound(nodes, { encoder: "v4l2m2m:/dev/video12" });
    expect(encoder).toBe("bcm2835-codec-encode (/dev/video12)");
  },
  TIMEOUT_MS,
);

describe("a recording survives an encoder that", () => {
  test.concurrent(
    "stalls: it is opened again",
    async () => {
      const { ledger, story, zeroCopy } = await recordSound([{ stall: 20 }], { rows: 60 });
      expect({ story, zeroCopy }).toEqual({ story: ["warning:encoder_restarted"], zeroCopy: true });
      expect(ledger.dropped["encoder_stall"]).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );

  test.concurrent(
    "fails with EIO: it is opened again",
    async () => {
      const { story } = await recordSound([{ eio: 20 }], { rows: 60 });
      expect(story).toEqual(["warning:encoder_restarted"]);
    },
    TIMEOUT_MS,
  );
});

describe("a recording ends by itself, with the reason, when the encoder", () => {
  const untilEnd = async (host: ModuleProcess, directory: string) => {
    expectPayload(await host.ask("start_recording", { session_dir: directory }), "recording_started");
    const stopped = await host.waitFor("the end", ({ status }) => status === "recording_stopped");
    await host.waitFor("what went wrong", ({ status }) => status === "device_error");
    const { reason, video_path: videoPath, ledger } = expectPayload(stopped, "recording_stopped");
    expect(reason).toBe("encoder_failed");
    expect(unasked(host).slice(-2)).toEqual(["recording_stopped:encoder_failed", "device_error:encoder_failed"]);
    return { videoPath, ledger, story: unasked(host) };
  };

  test.concurrent(
    "is taken away; the file is whole",
    async () => {
      await withEncoders([{ vanish: 20 }], {}, async (host, directory) => {
        const { videoPath, ledger } = await untilEnd(host, directory);
        await expectAccountedFor(pathsOf(videoPath ?? ""), ledger);
        expect(reasonsIn(ledger)).toEqual(["encoder_failed"]);
        return {};
      });
    },
    TIMEOUT_MS,
  );

  test.concurrent(
    "never gives anything; there is no file",
    async () => {
      await withEncoders([{ stall: 0, stall_always: 1 }], {}, async (host, directory) => {
        const { videoPath, ledger, story } = await untilEnd(host, directory);
        expect(videoPath).toBeNull();
        expect(ledger.dropped["encoder_stall"]).toBeGreaterThan(0);
        expect(story[0]).toBe("warning:encoder_restarted");
        return {};
      });
    },
    TIMEOUT_MS,
  );
});

test("list tells the encoder nodes with what they can, and those that can't be looked at", async () => {
  using device = await m2mDevice(
    { codec: "jpeg" },
    { node: "/dev/video11" },
    { node: "/dev/video12", open_error: "EACCES" },
  );
  const { exitCode, stdout } = await runProgram(["list"], { env: device.env });
  expect(exitCode).toBe(0);
  const [, listed = ""] = stdout.split("Hardware encoders (V4L2 memory-to-memory):\n");
  const nodes = listed.split(/\n(?= {2}\/dev)/);
  expect(nodes[0]).toMatch(/^ {2}\/dev\/video11 {2}bcm2835-codec {2}bcm2835-codec-encode\n {4}for +--codec h264\n/);
  expect(nodes[0]).toMatch(/\n {4}out +H264\n {4}in +YU12 .*multi-planar.*\n {4}size +32x32 to 1920x1920/);
  expect(nodes[0]).toMatch(/\n {4}controls +.*\n {15}\S.*Bitrate/s);
  expect(nodes[1]).toMatch(/^ {2}\/dev\/video12 {2}can't be looked at: no permission; .*group video/);
  expect(nodes[2]).toMatch(/^ {2}\/dev\/video31 .*\n {4}for +--codec mjpeg\n {4}out +JPEG/);
}, 30_000);
