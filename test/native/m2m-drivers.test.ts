import { expect } from "bun:test";
import type { PlayOptions } from "./m2m-rules-story.ts";
import type { Played } from "./play-m2m.ts";
import { proveRules } from "./prove-rules.ts";

// What drivers have of their own, each proved by what the device of test/native/m2m-device saw and by the numbers in the
// decoded pictures.

/** Of enum v4l2_mpeg_video_h264_level. */
const LEVEL_4_2 = 13;
/** Of enum v4l2_colorspace. */
const [COLORSPACE_SMPTE170M, COLORSPACE_REC709] = [1, 3];
/** NAL unit types: ITU-T H.264, table 7-1. */
const [SLICE, IDR, SPS, PPS] = [1, 5, 7, 8];

const MIB = 1 << 20;
const SENSOR: PlayOptions = { width: 1456, height: 1088, stride: 1472, frameRate: 60, frames: 3, colour: "rec709" };

const isCopied = (played: Played) => {
  expect(played.the("closed")).toMatchObject({ zeroCopy: false, copiedFrames: 20 });
  expect(played.context.outputMemory).toBe("mmap");
  // Each copy is announced to the dmabuf: DMA_BUF_IOCTL_SYNC, START and END.
  expect(played.report.readsSynced).toBe(20);
};
const isNotCopied = (played: Played) => {
  expect(played.the("closed")).toMatchObject({ zeroCopy: true, copiedFrames: 0 });
  expect(played.context.outputMemory).toBe("dmabuf");
  expect(played.report.readsSynced).toBe(0);
};

proveRules({
  "bcm2835-codec, pictures": [
    {
      claim: "rows of a multiple of 64 bytes are read where they lie, the height as it is",
      options: { width: 336, height: 242, stride: 448 },
      proof: (played) => {
        expect(played.context.outputFormat).toMatchObject({ bytesPerLine: 448, height: 242, sizeImage: 448 * 363 });
        isNotCopied(played);
      },
    },
    {
      claim: "other rows are copied",
      options: { width: 336, height: 242, stride: 352 },
      proof: (played) => {
        expect(played.context.outputFormat).toMatchObject({ bytesPerLine: 384, height: 242 });
        isCopied(played);
      },
    },
    {
      claim: "pictures that the driver wants more rows of are copied",
      nodes: [{ height_align: 4 }], // they fit the dmabuf's last page
      options: { width: 336, height: 242, stride: 384 },
      proof: (played) => {
        expect(played.context.outputFormat).toMatchObject({ bytesPerLine: 384, height: 244 });
        isCopied(played);
      },
    },
    {
      claim: "a dmabuf that is shorter than a picture is refused, and pictures are copied",
      options: { memory: "short_dmabuf" },
      proof: (played) => {
        expect(played.calls("PREPARE_BUF").map(({ error }) => error)).toEqual(["EINVAL"]);
        isCopied(played);
      },
    },
    ...(["refuse_reqbufs", "refuse_prepare"] as const).map((dmabuf) => ({
      claim: `where dmabufs are not wanted, pictures are copied: ${dmabuf}`,
      nodes: [{ dmabuf }],
      proof: isCopied,
    })),
    {
      claim: "where they can't be tried, the first picture is the trial",
      nodes: [{ prepare_buf: "no" as const }],
      proof: isNotCopied,
    },
    {
      claim: "where that fails, pictures are copied from then on and none is lost",
      nodes: [{ prepare_buf: "no", dmabuf: "refuse_queue" }],
      proof: (played) => {
        expect(played.the("warning").message).toBe(
          "/dev/video11: cannot take a frame's dmabuf: Bad address; from here on frames are copied",
        );
        expect(played.the("closed")).toMatchObject({ zeroCopy: false, copiedFrames: 20 });
        expect(played.frames("skipped")).toEqual([]);
      },
    },
    {
      claim: "colours are BT.709 if the pictures are",
      options: SENSOR,
      proof: (played) => expect(played.context.outputFormat?.colourSpace).toBe(COLORSPACE_REC709),
    },
    {
      claim: "colours are SMPTE 170M if the pictures are",
      proof: (played) => expect(played.context.outputFormat?.colourSpace).toBe(COLORSPACE_SMPTE170M),
    },
  ],

  "bcm2835-codec, stream": [
    ...([{}, SENSOR, { width: 1920, height: 1920, frames: 1 }] as PlayOptions[]).map((options) => ({
      claim: `coded pictures get 1 to 2 MiB: ${options.width ?? 320}x${options.height ?? 240}`,
      options,
      proof: (played: Played) => expect(played.context.captureFormat?.sizeImage).toBeWithin(MIB, 2 * MIB + 1),
    })),
    {
      claim: "a picture that spans several buffers is joined",
      nodes: [{ split: 50 }],
      proof: (played) => {
        expect(played.packets).toHaveLength(20);
        expect(played.context.captureBuffersDelivered).toBeGreaterThan(100);
      },
    },
    {
      claim: "the level is what size and rate need: 4.2 for 1456x1088 at 60",
      options: SENSOR,
      proof: (played) => {
        expect(played.context.controls["H264 Level"]).toBe(LEVEL_4_2);
        const [, , , , type, profile, , level] = played.packets[0] ?? [];
        expect({ type, profile, level }).toEqual({ type: 0x67, profile: 100, level: 42 });
      },
    },
    {
      claim: "every key frame has its parameter sets where the driver can repeat them",
      options: { forceKey: [0, 8], queueFramesMax: 1 },
      proof: (played) => {
        expect(played.units[8]).toEqual([SPS, PPS, IDR]);
        expect(played.units[9]).toEqual([SLICE]);
      },
    },
    ...(["first", "each", "separate", "separate_zero_timestamp"] as const).map((headers) => ({
      claim: `the first packet has them wherever they come: ${headers}`,
      nodes: [{ headers, controls: "none" as const }],
      options: { frames: 62 },
      proof: (played: Played) => {
        expect(played.units[0]).toEqual([SPS, PPS, IDR]);
        expect(played.keyFrames).toEqual([0, 60]);
        expect(played.units[60]).toEqual(headers === "each" ? [SPS, PPS, IDR] : [IDR]);
        expect(played.frames("chunk")).toHaveLength(62);
      },
    })),
    ...(["wrong", "none"] as const).map((keyFlags) => ({
      claim: `which pictures are key frames is read from the stream: flags are ${keyFlags}`,
      nodes: [{ key_flags: keyFlags }],
      options: { forceKey: [0, 8], queueFramesMax: 1 },
      proof: (played: Played) => expect(played.keyFrames).toEqual([0, 8]),
    })),
    {
      claim: "it is not restarted by CMD_START, which does nothing, but by a new open",
      nodes: [{ stall: 7 }],
      proof: ({ report, contexts }) => {
        const commands = report.trace.filter(({ call }) => call === "ENCODER_CMD");
        expect(commands.map(({ context, detail }) => `${detail} ${context}`)).toEqual([`STOP ${contexts[1]?.number}`]);
        for (const each of contexts)
          expect(each).toMatchObject({ wasOutputStreamedOff: true, wasCaptureStreamedOff: true });
      },
    },
    {
      claim: "JPEGs come from another node",
      nodes: [{}, { codec: "jpeg" }],
      options: { codec: "mjpeg" },
      proof: (played) => {
        expect(played.the("opened").name).toBe("bcm2835-codec-encode_image (/dev/video31)");
        expect(played.context.controls).toEqual({ "Compression Quality": 90 });
        expect(played.keyFrames).toHaveLength(20);
      },
    },
  ],

  others: [
    {
      claim: "a Raspberry Pi 5 has none, which is said as such",
      nodes: [{ kind: "camera" }, { kind: "decoder" }],
      proof: (played) =>
        expect(played.the("not_opened")).toMatchObject({
          code: "encoder_unavailable",
          message: "this machine has no V4L2 encoder for this codec",
        }),
    },
    {
      claim: "venus takes NV12 only, 128 wide and 32 high: pictures are rearranged, and what is around them is cut off",
      nodes: [{ formats: "NV12", stride_align: 128, height_align: 32 }],
      options: { width: 336, height: 242 },
      proof: (played) => {
        expect(played.context.outputFormat).toMatchObject({ fourcc: "NV12", bytesPerLine: 384, height: 256 });
        expect(played.context.crop).toEqual([336, 242]);
        isCopied(played);
      },
    },
    {
      claim: "one that pads and can't cut off is not used",
      nodes: [{ height_align: 32, refuse: "S_SELECTION:EINVAL" }],
      options: { height: 242 },
      proof: (played) =>
        expect(played.the("not_opened")).toMatchObject({
          code: "encoder_failed",
          message: "/dev/video11 (bcm2835-codec-encode) makes 320x256 of a picture of 320x242 and cannot cut that down",
        }),
    },
    {
      claim: "hantro makes JPEGs only, here from NV12: it is not asked for H.264",
      nodes: [{ codec: "jpeg", formats: "NV12" }],
      proof: (played) => {
        expect(played.the("not_opened").code).toBe("encoder_unavailable");
        expect(played.report.trace.filter(({ call }) => call === "S_FMT")).toEqual([]);
      },
    },
    {
      claim: "hantro makes JPEGs of pictures that are rearranged for it",
      nodes: [{ codec: "jpeg", formats: "NV12" }],
      options: { codec: "mjpeg" },
      proof: isCopied,
    },
  ],
});
