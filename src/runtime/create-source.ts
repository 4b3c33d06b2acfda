import type { FrameSource } from "../capture/frame-source.ts";
import { PicamSource } from "../capture/picam-source.ts";
import { ReplaySource } from "../capture/replay-source.ts";
import { type Colour, REC709, SMPTE170M, type StreamFormat, SYCC } from "../capture/stream-format.ts";
import { SyntheticSource } from "../capture/synthetic-source.ts";
import type { CameraConfig } from "./camera-config.ts";

/** Which camera of the machine: libcamera's id where it is known, else the place in the list sorted by id. */
export interface CameraSelection {
  readonly cameraId: string | undefined;
  readonly cameraIndex: number;
}

export type CreateSource = (config: CameraConfig, selection: CameraSelection) => FrameSource;

const SYNTHETIC_SIZE = { width: 1456, height: 1088 };
/** From this height on, video is BT.709 by convention. */
const HD_HEIGHT = 720;

/** The source that the configuration names. Nothing is opened yet. */
export const createSource: CreateSource = (config, { cameraId, cameraIndex }) => {
  const { source, size } = config;
  switch (source.kind) {
    case "libcamera":
      return new PicamSource({
        cameraId,
        cameraIndex,
        size,
        frameRate: config.captureFps ?? config.recordFps,
        colour: wantedColour(config, size?.height ?? HD_HEIGHT),
      });
    case "synthetic": {
      const { width, height } = size ?? SYNTHETIC_SIZE;
      const frameRate = config.captureFps ?? config.recordFps;
      return new SyntheticSource({
        width,
        height,
        frameRate,
        colour: wantedColour(config, height),
        inDmabufs: source.faults.memory === "dmabuf",
        faults: source.faults,
      });
    }
    case "replay": {
      const raw = source.raw === undefined ? undefined : { format: rawFormat(source.raw, config) };
      const { path, pace } = source;
      return new ReplaySource({ path, raw, frameRate: config.captureFps, pace });
    }
  }
};

/** JPEGs are full-range BT.601; H.264 follows the picture's size, as the Raspberry Pi's encoder does. */
function wantedColour({ codec }: CameraConfig, height: number): Colour {
  if (codec === "mjpeg") return SYCC;
  return height >= HD_HEIGHT ? REC709 : SMPTE170M;
}

function rawFormat(raw: { width: number; height: number; stride: number }, config: CameraConfig): StreamFormat {
  const { width, height, stride } = raw;
  const chroma = Math.ceil(stride / 2);
  return {
    width,
    height,
    pixelFormat: "YUV420",
    strides: [stride, chroma, chroma],
    colour: wantedColour(config, height),
  };
}
