import { describe, expect, test } from "bun:test";
import { m2mDevice, type M2mSwitches } from "../support/m2m-device.ts";
import { decode } from "./ffmpeg.ts";
import { drive, look, type Round } from "./m2m-driver.ts";

// The device that tests preload, proved by a program of plain ioctls.

// The driver's own.
const FRAMES = 20;
const SIZE = { width: 320, height: 240 };

/** Luma in the middle of each decoded picture. */
async function greys(stream: Uint8Array, codec: "h264" | "mjpeg" = "h264"): Promise<number[]> {
  const { width, height } = SIZE;
  const pictures = await decode(codec, stream);
  const pictureBytes = (width * height * 3) / 2;
  expect(pictures.length % pictureBytes).toBe(0);
  return Array.from(
    { length: pictures.length / pictureBytes },
    (_, n) => pictures[n * pictureBytes + (width * height + width) / 2] ?? -1,
  );
}

/** What the driver painted. */
function painted(count = FRAMES): number[] {
  return Array.from({ length: count }, (_, n) => 32 + ((n * 7) % 163));
}

function expectGreys(seen: readonly number[], wanted: readonly number[]): void {
  expect(seen.length).toBe(wanted.length);
  const worst = Math.max(...seen.map((grey, n) => Math.abs(grey - (wanted[n] ?? Number.NaN))));
  expect(worst).toBeLessThanOrEqual(3);
}

const timeOf = (n: number): number => (n + 1) * 33_333;
const times = (count = FRAMES): number[] => Array.from({ length: count }, (_, n) => timeOf(n));
const timesOf = ({ packets }: Round): number[] => packets.filter(({ bytes }) => bytes > 0).map(({ timeUs }) => timeUs);
const keyTimes = ({ packets }: Round): number[] => packets.filter(({ isKey }) => isKey).map(({ timeUs }) => timeUs);

/** How many NAL units of this type (ITU-T H.264, table 7-1) a byte stream has. */
function countUnits(stream: Uint8Array, type: number): number {
  let count = 0;
  for (let i = 0; i + 3 < stream.length; i++) {
    if (stream[i] === 0 && stream[i + 1] === 0 && stream[i + 2] === 1)
      count += ((stream[i + 3] ?? 0) & 31) === type ? 1 : 0;
  }
  return count;
}
const SPS = 7;
const IDR = 5;

describe("by default, a Raspberry Pi 4's H.264 encoder", () => {
  test("is found in /dev, with its formats and controls", async () => {
    const [node, ...others] = await look();
    expect(others).toEqual([]);
    expect(node).toMatchObject({
      path: "/dev/video11",
      driver: "bcm2835-codec",
      card: "bcm2835-codec-encode",
      isMultiPlanar: true,
      raw: ["YU12", "YV12", "NV12", "NV21"],
      coded: ["H264"],
    });
    expect(node?.controls).toMatchObject({
      "Video Bitrate": [25_000, 25_000_000, 25_000, 10_000_000],
      "Video Bitrate Mode": [0, 1, 1, 0, "Variable Bitrate", "Constant Bitrate"],
      "H264 Profile": [0, 4, 1, 4, "Baseline", "Constrained Baseline", "Main", "High"],
      "Force Key Frame": [0, 0, 0, 0],
    });
    expect(node?.controls).not.toHaveProperty("Min Number of Output Buffers");
  });

  for (const memory of ["mmap", "dmabuf"] as const) {
    test(`encodes every picture from ${memory} memory and drains`, async () => {
      const { round, context, report, stream } = await drive([], `memory=${memory}`);
      expect(round).toMatchObject({
        failure: null,
        isIdleAnError: true,
        picturesFree: 4,
        errorAfterLast: "EPIPE",
        hasEosEvent: true,
      });
      expect(timesOf(round)).toEqual(times());
      expect(round.packets.at(-1)).toMatchObject({ bytes: 0, isLast: true });
      expectGreys(await greys(stream), painted());
      expect(countUnits(stream, SPS)).toBe(1);
      expect(context).toMatchObject({
        outputMemory: memory,
        framesQueued: FRAMES,
        framesEncoded: FRAMES,
        framesGivenBack: FRAMES,
        captureBuffersDelivered: FRAMES + 1,
        frameInterval: [1, 30],
        crop: [320, 240],
        wasOutputStreamedOff: true,
        wasCaptureStreamedOff: true,
        isClosed: true,
      });
      expect(context.buffersMapped).toBe(memory === "mmap" ? 8 : 4);
      expect(context.buffersUnmapped).toBe(context.buffersMapped);
      expect(context.encoderCpuNs).toBeGreaterThan(0);
      // Which buffer is free when a picture is painted is a matter of time.
      const frames = context.imports.reduce((sum, { fresh, reused }) => sum + fresh + reused, 0);
      expect(frames).toBe(memory === "mmap" ? 0 : FRAMES);
      expect(context.imports.filter(({ fresh }) => fresh > 1)).toEqual([]);
      expect(report).toMatchObject(memory === "mmap" ? { writesSynced: 0 } : { writesSynced: FRAMES, heapBuffers: 4 });
      expect(report.violations).toEqual([]);
    });
  }
});

test("a child that does not touch the device leaves an empty report", async () => {
  using device = await m2mDevice();
  await Bun.spawn(["true"], { env: { ...process.env, ...device.env } }).exited;
  expect(await device.report()).toMatchObject({ contexts: [], violations: [], trace: [] });
});

test("a switch that nobody knows ends the program", async () => {
  using device = await m2mDevice();
  const child = Bun.spawn(["true"], {
    env: { ...process.env, ...device.env, CSI_TEST_M2M: "codec=h264,stal=3" },
    stderr: "pipe",
  });
  expect(await child.stderr.text()).toBe('CSI_TEST_M2M: unknown switch "stal=3"\n');
  await child.exited;
  expect(child.signalCode).toBe("SIGABRT");
});

describe("what is in /dev", () => {
  test("nodes of several kinds stand side by side", async () => {
    const nodes = await look(
      { kind: "camera" },
      { kind: "not_v4l2", node: "/dev/video1" },
      { open_error: "EACCES", node: "/dev/video2" },
      { kind: "decoder" },
      {},
      { codec: "jpeg" },
    );
    expect(nodes).toMatchObject([
      { path: "/dev/video0", isM2m: false },
      { path: "/dev/video1", error: "ENOTTY" },
      { path: "/dev/video10", card: "bcm2835-codec-decode", isM2m: true, raw: ["H264"] },
      { path: "/dev/video11", card: "bcm2835-codec-encode", coded: ["H264"] },
      { path: "/dev/video2", error: "EACCES" },
      { path: "/dev/video31", card: "bcm2835-codec-encode_image", coded: ["JPEG"] },
    ]);
  });

  test("controls=… adds and takes away", async () => {
    const names = async (controls: NonNullable<M2mSwitches["controls"]>): Promise<string[]> => {
      const [node] = await look({ controls });
      return Object.keys(node?.controls ?? {});
    };
    expect(await names("all")).toContain("Min Number of Output Buffers");
    expect(await names("no_force_key")).not.toContain("Force Key Frame");
    expect(await names("none")).toEqual([]);
  });
});

describe("what it encodes", () => {
  test("codec=jpeg: one image a picture, rows padded to 16", async () => {
    const { round, stream } = await drive([{ codec: "jpeg" }]);
    expect(round).toMatchObject({ failure: null, codedHeight: 240 });
    expectGreys(await greys(stream, "mjpeg"), painted());
  });

  for (const format of ["YU12", "YV12", "NV12", "NV21"] as const) {
    for (const codec of ["h264", "jpeg"] as const) {
      test(`formats=${format} with codec=${codec}`, async () => {
        const { story, round, stream } = await drive([{ formats: format, codec }], `format=${format}`, "frames=3");
        expect(story.nodes[0]?.raw).toEqual([format]);
        expect(round.failure).toBeNull();
        const pictures = await decode(codec === "jpeg" ? "mjpeg" : "h264", stream);
        // The driver paints the first chroma plane with 100 and the second with 150.
        const luma = SIZE.width * SIZE.height;
        const middle = SIZE.width * SIZE.height * (1 / 8) + SIZE.width / 4;
        const [u = -1, v = -1] = [pictures[luma + middle], pictures[luma * 1.25 + middle]];
        expect([u, v].map((value) => Math.round(value / 10))).toEqual(
          /V12|21/.test(format) && format !== "NV12" ? [15, 10] : [10, 15],
        );
      });
    }
  }

  test("planar=single speaks the single-planar API", async () => {
    const { story, round, stream } = await drive([{ planar: "single" }], "memory=dmabuf");
    expect(story.nodes[0]).toMatchObject({ isM2m: true, isMultiPlanar: false });
    expect(round.failure).toBeNull();
    expectGreys(await greys(stream), painted());
  });

  test("stride_align and height_align change the layout, and the picture stays", async () => {
    const { round, stream } = await drive([{ stride_align: 512, height_align: 64 }], "memory=dmabuf");
    expect(round).toMatchObject({ bytesPerLine: 512, codedHeight: 256, sizeImage: (512 * 256 * 3) / 2, failure: null });
    expectGreys(await greys(stream), painted());
  });

  test("max_size clamps what is asked for", async () => {
    const { context } = await drive([{ max_size: "160x120" }]);
    expect(context.outputFormat).toMatchObject({ width: 160, height: 120, bytesPerLine: 192 });
  });

  for (const sizes of ["zero", "small_stride", "small_sizeimage", "huge", "planes"] as const) {
    test(`sizes=garbage_${sizes} reads back as a layout that cannot be`, async () => {
      const { round, context } = await drive([{ sizes: `garbage_${sizes}` }]);
      expect(round.failure).toEqual({ call: "S_FMT's answer", error: "ERANGE" });
      expect(context.outputFormat).toMatchObject({ bytesPerLine: 320, sizeImage: 115_200 });
    });
  }

  test("controls are heeded and reported: bitrate rounded to its step, level and profile in the SPS, the GOP's length", async () => {
    // H264_LEVEL 4.2 (13), H264_PROFILE baseline (0), H264_I_PERIOD, BITRATE.
    const { round, context, stream } = await drive([], "set=0x990a67:13+0x990a6b:0+0x990a66:8+0x9909cf:2012000");
    expect(context.controls).toEqual({
      "H264 Level": 13,
      "H264 Profile": 0,
      "H264 I-Frame Period": 8,
      "Video Bitrate": 2_000_000,
    });
    expect([...stream.subarray(5, 8)]).toEqual([66, expect.any(Number), 42]); // profile_idc, constraints, level_idc
    expect(keyTimes(round)).toEqual([0, 8, 16].map(timeOf));
  });

  test("FORCE_KEY_FRAME makes a key frame of a later picture", async () => {
    const { round, context } = await drive([], "force_key_at=7");
    expect(keyTimes(round).length).toBe(2);
    expect(context.keyFramesForced).toBe(1);
  });

  test("canned=1 repeats the first 60 frames", async () => {
    const { stream, context } = await drive([{ canned: 1 }], "frames=130");
    expect(context.framesEncoded).toBe(130);
    const first = painted(60);
    expectGreys(await greys(stream), [...first, ...first, ...first.slice(0, 10)]);
  });
});

describe("how it delivers", () => {
  const REPEAT = "set=0x9909e2:1+0x990a66:5"; // REPEAT_SEQ_HEADER, H264_I_PERIOD

  test.each<[M2mSwitches, string, number]>([
    [{ headers: "first" }, "set=0x990a66:5", 1],
    [{ headers: "first" }, REPEAT, 4],
    [{ headers: "each" }, "set=0x990a66:5", 4],
    [{ headers: "separate" }, "set=0x990a66:5", 1],
    [{ headers: "separate" }, REPEAT, 4],
  ])("%o with %s: of 4 key frames %d have parameter sets", async (switches, set, count) => {
    const { stream } = await drive([switches], set);
    expect(countUnits(stream, IDR)).toBe(4);
    expect(countUnits(stream, SPS)).toBe(count);
    expectGreys(await greys(stream), painted());
  });

  test("headers=separate: a buffer of their own, with the first frame's timestamp or none", async () => {
    const { round } = await drive([{ headers: "separate" }]);
    expect(round.packets.slice(0, 2)).toMatchObject([
      { timeUs: timeOf(0), isKey: false },
      { timeUs: timeOf(0), isKey: true },
    ]);
    const zero = await drive([{ headers: "separate_zero_timestamp" }]);
    expect(zero.round.packets[0]).toMatchObject({ timeUs: 0, isKey: false });
    expect(timesOf(zero.round).slice(1)).toEqual(times());
  });

  test("HEADER_MODE separate does the same", async () => {
    const { round } = await drive([], "set=0x9909d8:0");
    expect(timesOf(round)).toEqual([timeOf(0), ...times()]);
  });

  test("key_flags can be wrong, or none", async () => {
    const wrong = await drive([{ key_flags: "wrong" }]);
    expect(keyTimes(wrong.round)).toEqual(times().slice(1));
    const none = await drive([{ key_flags: "none" }]);
    expect(keyTimes(none.round)).toEqual([]);
  });

  test("split=N: pieces of at most N bytes, with the frame's timestamp", async () => {
    const { round, stream } = await drive([{ split: 30 }]);
    expect(Math.max(...round.packets.map(({ bytes }) => bytes))).toBe(30);
    expect([...new Set(timesOf(round))]).toEqual(times());
    expect(round.packets.length).toBeGreaterThan(FRAMES + 10);
    expectGreys(await greys(stream), painted());
  });

  test("skip=N: every Nth frame comes to nothing, its buffer comes back", async () => {
    const { round, context, stream } = await drive([{ skip: 5 }]);
    expect(timesOf(round)).toEqual(times().filter((_, n) => n % 5 !== 4));
    expect(context).toMatchObject({ framesEncoded: 16, framesSkipped: 4, framesGivenBack: 20 });
    expectGreys(
      await greys(stream),
      painted().filter((_, n) => n % 5 !== 4),
    );
  });

  test("error=N: every Nth frame is flagged", async () => {
    const { round } = await drive([{ error: 5 }]);
    expect(round.packets.flatMap(({ isError }, n) => (isError ? [n] : []))).toEqual([4, 9, 14, 19]);
  });

  test("encode_delay=MS: a picture that is painted over before it comes back is seen wrong", async () => {
    const late = await drive([{ encode_delay: 15 }], "memory=dmabuf", "early_reuse=1");
    expectGreys(await greys(late.stream), Array<number>(FRAMES).fill(235));
    const right = await drive([{ encode_delay: 15 }], "memory=dmabuf");
    expectGreys(await greys(right.stream), painted());
    expect(right.context.outputBuffersHeldMax).toBe(4);
  });
});

describe("dmabufs it does not want", () => {
  test.each<[NonNullable<M2mSwitches["dmabuf"]>, string, { call: string; error: string }]>([
    ["refuse_reqbufs", "", { call: "REQBUFS", error: "EINVAL" }],
    ["refuse_prepare", "EFAULT", { call: "QBUF", error: "EFAULT" }],
    ["refuse_queue", "", { call: "QBUF", error: "EFAULT" }],
  ])("dmabuf=%s", async (dmabuf, prepareError, failure) => {
    const { round } = await drive([{ dmabuf }], "memory=dmabuf");
    expect(round).toMatchObject({ prepareError, failure });
    const { round: copying } = await drive([{ dmabuf }]);
    expect(copying.failure).toBeNull();
  });

  test("prepare_buf=no: ENOTTY, and queueing works", async () => {
    const { round } = await drive([{ prepare_buf: "no" }], "memory=dmabuf");
    expect(round).toMatchObject({ prepareError: "ENOTTY", failure: null });
  });
});

describe("how it ends", () => {
  test("drain=flag_on_last: the last frame carries the flag", async () => {
    const { round, stream } = await drive([{ drain: "flag_on_last" }]);
    expect(round.packets.at(-1)).toMatchObject({ isLast: true, timeUs: timeOf(FRAMES - 1) });
    expect(round.packets.length).toBe(FRAMES);
    expectGreys(await greys(stream), painted());
  });

  test("drain=eos_event: an event and no flag", async () => {
    const { round } = await drive([{ drain: "eos_event" }]);
    expect(round).toMatchObject({ hasEosEvent: true, failure: null });
    expect(round.packets.some(({ isLast }) => isLast)).toBe(false);
    expect(timesOf(round)).toEqual(times());
  });

  test("drain=unsupported: ENOTTY", async () => {
    const { round } = await drive([{ drain: "unsupported" }]);
    expect(round.failure).toEqual({ call: "ENCODER_CMD", error: "ENOTTY" });
  });

  test.each<[string, M2mSwitches]>([
    ["the end", { drain_delay: 300 }],
    ["each STREAMOFF", { streamoff_delay: 150 }],
  ])("%s can take long", async (_, switches) => {
    const start = performance.now();
    const { round } = await drive([switches]);
    expect(performance.now() - start).toBeGreaterThan(300);
    expect(round.failure).toBeNull();
  });
});

describe("how it fails", () => {
  test("refuse=CALL:ERRNO: all calls of this ioctl, or the first N", async () => {
    const always = await drive([{ refuse: "ENCODER_CMD:EBUSY" }]);
    expect(always.round.failure).toEqual({ call: "ENCODER_CMD", error: "EBUSY" });
    const late = await drive([{ refuse: "S_PARM:EIO:0+STREAMON:ENOMEM:1" }]);
    expect(late.round.failure).toEqual({ call: "STREAMON", error: "ENOMEM" });
  });

  test("buffers_max=N: a queue has no more", async () => {
    const { context } = await drive([{ buffers_max: 2 }]);
    expect(context).toMatchObject({ outputBuffers: 2, captureBuffers: 2 });
  });

  test("stall=N: the first stream falls silent, the next one works", async () => {
    const { story } = await drive([{ stall: 7 }], "rounds=2", "patience=700");
    expect(story.rounds).toMatchObject([{ failure: { call: "poll", error: "ETIME" } }, { failure: null }]);
    expect(story.rounds.map(timesOf)).toEqual([times(7), times()]);
  });

  test("stall_always=1: and no other works either", async () => {
    const { story } = await drive([{ stall: 7, stall_always: 1 }], "rounds=2", "patience=700");
    expect(story.rounds.map(({ failure }) => failure?.error)).toEqual(["ETIME", "ETIME"]);
  });

  test("eio=N: one DQBUF fails, the next stream works", async () => {
    const { story } = await drive([{ eio: 5 }], "rounds=2");
    expect(story.rounds.map(({ failure }) => failure)).toEqual([{ call: "DQBUF CAPTURE", error: "EIO" }, null]);
    expect(story.rounds[0]?.packets.length).toBe(5);
  });

  test("vanish=N: everything gives ENODEV, and the node is not there any more", async () => {
    const { story } = await drive([{ vanish: 5 }], "rounds=2");
    expect(story.rounds.map(({ packets }) => packets.length)).toEqual([5, 0]);
    expect(story.rounds.map(({ failure }) => failure?.error)).toEqual(["ENODEV", "ENOENT"]);
  });
});

describe("what it tells of the program", () => {
  test.each([
    ["output_first", "context 2: S_FMT of OUTPUT before CAPTURE's"],
    ["no_bytes", "context 2: a picture of 115200 bytes was queued with bytesused 0"],
    ["no_time", expect.stringMatching(/^context 2: the timestamp of the frame in buffer \d does not increase$/)],
    ["twice", expect.stringMatching(/^context 2: QBUF of buffer \d, which is queued already$/)],
    ["double_start", expect.stringMatching(/^dmabuf \d+: START WRITE twice without an END$/)],
    ["lone_end", expect.stringMatching(/^dmabuf \d+: END WRITE without a START$/)],
    ["open_queue", expect.stringMatching(/^dmabuf \d+ was queued between START WRITE and END$/)],
    ["open_close", expect.stringMatching(/^dmabuf \d+ was closed between START WRITE and END$/)],
  ])("the mistake %s is a violation", async (mistake, sentence) => {
    const { report, round } = await drive([], "memory=dmabuf", `mistake=${mistake}`);
    expect(report.violations).toEqual([sentence]);
    expect(round.twiceError).toBe(mistake === "twice" ? "EINVAL" : "");
  });

  test("trace=1: every ioctl, in order, with what it came to", async () => {
    const { report } = await drive([{ trace: 1 }], "frames=1");
    const begin = report.trace.findIndex(({ call }) => call === "S_FMT");
    expect(report.trace.slice(begin, begin + 2)).toEqual([
      {
        context: 2,
        call: "S_FMT",
        queue: "CAPTURE",
        detail: "H264 320x240, bytesperline 0, sizeimage 524288",
        error: "",
      },
      {
        context: 2,
        call: "S_FMT",
        queue: "OUTPUT",
        detail: "YU12 320x240, bytesperline 320, sizeimage 115200",
        error: "",
      },
    ]);
    expect(report.trace).toContainEqual(expect.objectContaining({ call: "DQBUF", queue: "CAPTURE", error: "EPIPE" }));
  });
});
