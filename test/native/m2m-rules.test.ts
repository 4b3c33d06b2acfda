import { expect } from "bun:test";
import { timeUsOf } from "./m2m-rules-story.ts";
import type { Played } from "./play-m2m.ts";
import { proveRules } from "./prove-rules.ts";

// The kernel's "Memory-to-Memory Stateful Video Encoder Interface" (dev-encoder.rst), rule by rule, each proved by what
// the device of test/native/m2m-device saw and by the numbers in the decoded pictures.

/** V4L2_CID_MPEG_VIDEO_BITRATE as the trace has it. */
const BITRATE = "id 0x9909cf";
/** A buffer with V4L2_BUF_FLAG_LAST in it. */
const LAST = /, flags 0x10....$/;
/** Of enum v4l2_mpeg_video_h264_profile and _level. */
const [PROFILE_HIGH, LEVEL_2_1] = [4, 6];

const range = (start: number, end: number) => Array.from({ length: end - start }, (_, index) => start + index);
const ALL = range(0, 20);
const nth = (n: number) => ALL.filter((frame) => frame % n === n - 1);
const notNth = (n: number) => ALL.filter((frame) => frame % n !== n - 1);

proveRules({
  "1, finding it": [
    {
      claim: "the encoder is the first node, by number, that makes the wanted format of pictures",
      nodes: [
        { kind: "camera" },
        { kind: "not_v4l2", node: "/dev/video1" },
        { open_error: "EACCES", node: "/dev/video2" },
        { kind: "decoder" },
        { codec: "jpeg", node: "/dev/video12" },
        { node: "/dev/video102" },
        { node: "/dev/video47" },
      ],
      proof: (played) => expect(played.the("opened").name).toBe("bcm2835-codec-encode (/dev/video47)"),
    },
    {
      claim: "one of the single-planar API will do as well",
      nodes: [{ planar: "single" }],
      proof: (played) => expect(played.the("closed")).toMatchObject({ zeroCopy: true, copiedFrames: 0 }),
    },
  ],

  "2, formats": [
    {
      claim: "the coded format is set before the raw one",
      proof: (played) => expect(played.calls("S_FMT").map(({ queue }) => queue)).toEqual(["CAPTURE", "OUTPUT"]),
    },
    {
      claim: "pictures are laid out as the driver answers, not as it was asked",
      nodes: [{ stride_align: 512, height_align: 32 }],
      proof: (played) => {
        expect(played.context.outputFormat).toMatchObject({ bytesPerLine: 512, height: 256 });
        expect(played.the("closed").copiedFrames).toBe(20);
      },
    },
  ],

  "3, rate and crop": [
    {
      claim: "the frame interval is told",
      options: { frameRate: 60 },
      proof: (played) => {
        const [numerator, denominator] = played.context.frameInterval ?? [0, 0];
        expect(denominator / numerator).toBe(60);
      },
    },
    {
      claim: "what is coded around the picture is cut off",
      nodes: [{ stride_align: 512, height_align: 32 }],
      proof: (played) => expect(played.context.crop).toEqual([320, 240]),
    },
    {
      claim: "a driver that can do neither is fine where it pads nothing",
      nodes: [{ refuse: "S_PARM:ENOTTY+S_SELECTION:EINVAL" }],
      proof: (played) => expect(played.frames("chunk")).toEqual(ALL),
    },
  ],

  "4, controls": [
    {
      claim: "all that make a recording what it is are set",
      proof: (played) =>
        expect(played.context.controls).toEqual({
          ...{ "Video Bitrate Mode": 0, "Video Bitrate": 4_000_000, "Video B Frames": 0 },
          ...{ "H264 Profile": PROFILE_HIGH, "H264 Level": LEVEL_2_1, "H264 I-Frame Period": 300 },
          ...{ "Repeat Sequence Header": 1, "Sequence Header Mode": 1, "Force Key Frame": 0 },
        }),
    },
    {
      claim: "none is set that the device has not",
      nodes: [{ controls: "none" }],
      options: { forceKey: [0, 8] },
      proof: (played) => {
        expect(played.calls("S_EXT_CTRLS", "S_CTRL")).toEqual([]);
        expect(played.frames("chunk")).toEqual(ALL);
      },
    },
    {
      claim: "the bit rate is read back",
      proof: (played) => {
        const calls = played.calls("S_EXT_CTRLS", "G_CTRL").map(({ call, detail }) => `${call} ${detail}`);
        const at = calls.indexOf(`S_EXT_CTRLS ${BITRATE} = 4000000`);
        expect(calls[at + 1]).toBe(`G_CTRL ${BITRATE} = 4000000`);
      },
    },
    {
      claim: "a driver that keeps another bit rate is not used",
      nodes: [{ refuse: "S_EXT_CTRLS:EINVAL" }],
      proof: (played) =>
        expect(played.the("not_opened")).toMatchObject({
          code: "encoder_failed",
          message: "/dev/video11 refuses a bitrate of 4000000 bit/s and keeps 10000000",
        }),
    },
    {
      claim: "the button for key frames is pressed at the start and wherever one is wanted",
      options: { forceKey: [0, 8], queueFramesMax: 1 }, // with more, an earlier one that waits becomes it
      proof: (played) => {
        expect(played.context.keyFramesForced).toBe(2);
        expect(played.keyFrames).toEqual([0, 8]);
      },
    },
    {
      claim: "where there is no such button, key frames come by themselves once a second",
      nodes: [{ controls: "no_force_key" }],
      options: { frames: 40, forceKey: [0, 8] },
      proof: (played) => {
        expect(played.keyFrames).toEqual([0, 30]);
        expect(played.calls("S_EXT_CTRLS").filter(({ error }) => error !== "")).toEqual([]);
      },
    },
  ],

  "5, buffers": [
    {
      claim: "as many are asked for as the driver needs at least", // fewer: a violation
      nodes: [{ controls: "all" }],
      options: { buffers: 1, queueFramesMax: 1 },
      proof: (played) => expect(played.context).toMatchObject({ outputMemory: "dmabuf", outputBuffers: 2 }),
    },
    {
      claim: "as many are used as the driver gives, of dmabufs",
      nodes: [{ buffers_max: 1 }],
      proof: (played) =>
        expect(played.context).toMatchObject({ outputMemory: "dmabuf", outputBuffers: 1, captureBuffers: 1 }),
    },
    {
      claim: "as many are used as the driver gives, of its own",
      nodes: [{ buffers_max: 1 }],
      options: { memory: "own" },
      proof: (played) =>
        expect(played.context).toMatchObject({ outputMemory: "mmap", outputBuffers: 1, captureBuffers: 1 }),
    },
    {
      claim: "pictures in dmabufs are not copied, and each of those is mapped once",
      proof: (played) => {
        expect(played.the("closed")).toMatchObject({ zeroCopy: true, copiedFrames: 0 });
        expect(played.context.imports.reduce((sum, { fresh }) => sum + fresh, 0)).toBeLessThanOrEqual(6);
      },
    },
    {
      claim: "pictures elsewhere are copied into the driver's",
      options: { memory: "own" },
      proof: (played) => {
        expect(played.the("closed")).toMatchObject({ zeroCopy: false, copiedFrames: 20 });
        expect(played.context.outputMemory).toBe("mmap");
      },
    },
  ],

  "6, streaming": [
    {
      claim:
        "all buffers for coded pictures are queued before either side streams, and both stream before the first picture",
      proof: (played) => {
        const order = played.calls("QBUF", "STREAMON").map(({ call, queue }) => `${call} ${queue}`);
        const { captureBuffers } = played.context;
        expect(order.slice(0, captureBuffers)).toEqual(Array(captureBuffers).fill("QBUF CAPTURE"));
        expect(order.slice(captureBuffers, captureBuffers + 3)).toEqual([
          ...["STREAMON OUTPUT", "STREAMON CAPTURE", "QBUF OUTPUT"],
        ]);
      },
    },
    {
      claim: "each picture goes with its sensor's time in microseconds",
      proof: (played) => expect(queuedTimes(played)).toEqual(ALL.map(timeUsOf)),
    },
  ],

  "7, one picture in, none, one or several buffers out": [
    {
      claim: "they are matched by timestamp, and what gave nothing is said to have given nothing",
      nodes: [{ skip: 3, split: 300 }],
      proof: (played) => {
        expect(played.frames("chunk")).toEqual(notNth(3));
        expect(played.frames("skipped")).toEqual(nth(3));
        expect(played.reasons).toEqual(["encoder_skip"]);
        expect(played.context.captureBuffersDelivered).toBeGreaterThan(2 * played.packets.length);
      },
    },
    {
      claim: "a picture that gave nothing is known to be lost a second later where no other comes",
      nodes: [{ skip: 10 }],
      options: { pause: { beforeFrame: 10, ms: 1300 } },
      proof: (played) => {
        expect(played.frames("skipped")).toEqual([9, 19]);
        expect(played.reasons).toEqual(["encoder_skip"]);
        expect(played.story.findIndex((event) => event.kind === "skipped")).toBeLessThan(
          played.story.findIndex((event) => event.kind === "submitted" && event.frame === 10),
        );
        expect(played.all("warning")).toEqual([]);
      },
    },
    {
      claim: "one that comes after it was given up costs what builds on it, and no more",
      nodes: [{ drain: "flag_on_last" }],
      options: { pause: { beforeFrame: 10, ms: 1300 } },
      proof: (played) => {
        expect(played.all("skipped")[0]).toMatchObject({ frame: 9, reason: "encoder_skip" });
        const [, back = Number.NaN] = played.keyFrames;
        expect(back).toBeWithin(11, 16);
        expect(played.frames("skipped")).toEqual(range(9, back));
        expect([played.all("failed"), played.all("warning")]).toEqual([[], []]);
      },
    },
  ],

  // Whoever gets a picture's memory back writes over it at once.
  "8, a picture's memory": [
    {
      claim: "in a dmabuf is given back when the device is done with it, not earlier",
      nodes: [{ encode_delay: 10 }],
      proof: (played) => {
        expect(played.context.outputBuffersHeldMax).toBeGreaterThan(1);
        expect(played.frames("chunk")).toEqual(ALL);
      },
    },
    {
      claim: "that was copied is given back at once",
      nodes: [{ encode_delay: 100 }],
      options: { memory: "own", frames: 4 },
      proof: (played) => {
        const kinds = played.story.map(({ kind }) => kind);
        expect(kinds.lastIndexOf("released")).toBeLessThan(kinds.indexOf("chunk"));
      },
    },
  ],

  "9, the end": [
    ...(["flag_empty", "flag_on_last", "eos_event"] as const).map((drain) => ({
      claim: `a drain is asked for once and followed to its end: ${drain}`,
      nodes: [{ drain, drain_delay: 300 }],
      proof: (played: Played) => {
        expect(commands(played)).toEqual(["STOP"]);
        expect(played.frames("chunk")).toEqual(ALL);
        expect(played.drainMs).toBeWithin(300, 1000);
        const flagged = played.calls("DQBUF").filter(({ detail }) => LAST.test(detail));
        expect(flagged).toHaveLength(drain === "eos_event" ? 0 : 1);
        expect(flagged.map(({ detail }) => / 0 bytes/.test(detail))).toEqual(
          { flag_empty: [true], flag_on_last: [false], eos_event: [] }[drain],
        );
      },
    })),
    {
      claim: "both queues are stopped after it, and nothing is asked of them in between",
      proof: (played) => {
        const [last, ...stops] = played.calls("DQBUF", "QBUF", "STREAMOFF").slice(-3);
        expect(last).toMatchObject({ call: "DQBUF", queue: "CAPTURE", error: "", detail: expect.stringMatching(LAST) });
        expect(stops.map(({ call, queue }) => `${call} ${queue}`)).toEqual(["STREAMOFF OUTPUT", "STREAMOFF CAPTURE"]);
      },
    },
    {
      claim: "a device that is busy is asked again",
      nodes: [{ refuse: "ENCODER_CMD:EBUSY:3" }],
      proof: (played) => {
        expect(played.calls("ENCODER_CMD").map(({ error }) => error)).toEqual(["EBUSY", "EBUSY", "EBUSY", ""]);
        expect(played.frames("chunk")).toEqual(ALL);
      },
    },
    {
      claim: "where it can't be asked for, every picture is waited for",
      nodes: [{ drain: "unsupported", encode_delay: 50 }],
      proof: (played) => {
        expect(commands(played)).toEqual(["STOP"]);
        expect(played.frames("chunk")).toEqual(ALL);
        expect(played.drainMs).toBeLessThan(900);
      },
    },
    {
      claim: "where it can't be asked for, what does not come within a second is counted as come to nothing",
      nodes: [{ drain: "unsupported", skip: 5 }],
      proof: (played) => {
        expect(played.frames("skipped")).toEqual(nth(5));
        expect(played.reasons).toEqual(["encoder_skip"]);
        expect(played.drainMs).toBeWithin(900, 2000);
      },
    },
    {
      claim: "what gave nothing just before it was no stall",
      nodes: [{ skip: 5 }],
      proof: (played) => {
        expect(played.frames("skipped")).toEqual(nth(5));
        expect(played.reasons).toEqual(["encoder_skip"]);
      },
    },
    {
      claim: "one that does not come within a second is not waited for",
      nodes: [{ drain_delay: 10_000 }],
      proof: (played) => {
        expect(played.frames("chunk")).toEqual(ALL);
        expect(played.drainMs).toBeWithin(900, 2000);
      },
    },
    ...(["flag_empty", "unsupported"] as const).map((drain) => ({
      claim: `a device that stalls in it is not waited for, and what is in it counts as stalled: ${drain}`,
      nodes: [{ drain, stall: 17 }],
      proof: (played: Played) => {
        expect(played.frames("skipped")).toEqual([17, 18, 19]);
        expect(played.reasons).toEqual(["encoder_stall"]);
        expect(played.drainMs).toBeWithin(900, 2000);
      },
    })),
  ],

  "10, damage": [
    {
      claim: "a damaged picture is left out with all that need it, and a key frame is forced",
      nodes: [{ error: 7 }],
      options: { queueFramesMax: 1 },
      proof: (played) => {
        const skipped = played.frames("skipped");
        expect(skipped).toEqual(expect.arrayContaining([6, 13]));
        expect(played.reasons).toEqual(["encoder_error"]);
        expect(played.context.keyFramesForced).toBe(1 + 2);
        // Behind each gap there is a key frame, and nowhere else.
        const behindGaps = played.frames("chunk").filter((frame) => frame === 0 || skipped.includes(frame - 1));
        expect(played.keyFrames).toEqual(behindGaps);
      },
    },
    {
      claim: "EIO: the device is closed and opened again, and begins with a key frame",
      nodes: [{ eio: 5 }],
      proof: (played) => {
        const skipped = played.frames("skipped");
        expect(skipped[0]).toBe(5);
        expect(played.contexts).toHaveLength(2);
        expect(played.the("warning")).toMatchObject({
          code: "encoder_restarted",
          message: "/dev/video11: cannot get a coded picture: Input/output error",
        });
        expect(played.keyFrames).toEqual([0, 1 + (skipped.at(-1) ?? Number.NaN)]);
        expect(played.the("closed")).toMatchObject({ zeroCopy: true, copiedFrames: 0 });
      },
    },
  ],

  "11, a stall": [
    {
      claim:
        "a device that has frames and gives nothing for a second is opened again; the gap is recorded, a key frame follows",
      nodes: [{ stall: 7 }],
      proof: (played) => {
        const restarted = played.the("warning");
        expect(restarted).toMatchObject({
          code: "encoder_restarted",
          message: "bcm2835-codec-encode (/dev/video11) has frames and gave nothing for 1000 ms",
        });
        const last = played.all("released").findLast(({ atMs }) => atMs < restarted.atMs - 500);
        expect(restarted.atMs - (last?.atMs ?? Number.NaN)).toBeWithin(900, 1800);
        expect(played.frames("skipped")).toEqual([7, 8, 9, 10]);
        expect(played.reasons).toEqual(["encoder_stall"]);
        expect(played.keyFrames).toEqual([0, 11]);
        expect(played.contexts).toHaveLength(2);
      },
    },
    {
      claim: "one that has no frames is not stalled",
      options: { pause: { beforeFrame: 10, ms: 1300 } },
      proof: (played) => {
        expect(played.frames("chunk")).toEqual(ALL);
        expect(played.all("warning")).toEqual([]);
      },
    },
    {
      claim: "at low rates a device has longer: two and a half frame intervals",
      nodes: [{ encode_delay: 1200 }],
      options: { frames: 1, frameRate: 0.8, pause: { beforeFrame: 1, ms: 1500 } },
      proof: (played) => {
        expect(played.frames("chunk")).toEqual([0]);
        expect(played.all("warning")).toEqual([]);
      },
    },
  ],
});

/** ENCODER_CMD's. */
function commands(played: Played): string[] {
  return played.calls("ENCODER_CMD").map(({ detail }) => detail);
}

/** What went with the pictures, µs. */
function queuedTimes(played: Played): number[] {
  const queued = played.calls("QBUF").filter(({ queue }) => queue === "OUTPUT");
  return queued.map(({ detail }) => Number(/(\d+) us/.exec(detail)?.[1]));
}
