import type { M2mNode } from "../../src/native/m2m-list.ts";

/** As a Raspberry Pi 4's driver describes itself. */
export const BCM2835 = {
  kind: "encoder",
  path: "/dev/video11",
  driver: "bcm2835-codec",
  card: "bcm2835-codec-encode",
  codecs: ["h264"],
  isMultiplanar: true,
  width: { min: 32, max: 1920, step: 2 },
  height: { min: 32, max: 1920, step: 2 },
  codedFormats: "H264",
  rawFormats: "YU12 YV12 NV12",
  controls: ["Video Bitrate: 25000..25000000 (10000000)", "H264 Level: 0..13 (11)"],
} as const satisfies M2mNode;
