/** Pixel layouts by libcamera's names (drm_fourcc.h): RGB888 lies in memory as B, G, R; BGR888 as R, G, B. */
export type PixelFormat = "YUV420" | "NV12" | "RGB888" | "BGR888" | "YUYV";

/** Colour as code points of ITU-T H.273, as in the H.264 VUI and MP4's `colr` box. 2 = unspecified. */
export interface Colour {
  readonly primaries: number;
  readonly transfer: number;
  readonly matrix: number;
  readonly fullRange: boolean;
}

/** BT.709, 16..235: HD video. */
export const REC709: Colour = { primaries: 1, transfer: 1, matrix: 1, fullRange: false };
/** SMPTE 170M (BT.601), 16..235: SD video. */
export const SMPTE170M: Colour = { primaries: 6, transfer: 6, matrix: 6, fullRange: false };
/** sYCC: BT.709 primaries, sRGB transfer, BT.601 matrix, 0..255: what a JPEG holds. */
export const SYCC: Colour = { primaries: 1, transfer: 13, matrix: 6, fullRange: true };

export interface StreamFormat {
  /** Visible pixels of a row and visible rows. */
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: PixelFormat;
  /** Bytes from one row to the next, per plane (YUV420: Y, U, V; NV12: Y, UV; the others: one). */
  readonly strides: readonly number[];
  readonly colour: Colour;
}

/** Rows are padded to a multiple of so many bytes. */
const PADDED_TO = 256;

/** YUV420 with rows as a Raspberry Pi 5 pads them: 1456 pixels are 1536 bytes, 768 of each chroma plane. */
export function paddedYuv420({
  width,
  height,
  colour,
}: Pick<StreamFormat, "width" | "height" | "colour">): StreamFormat {
  const stride = Math.ceil(width / PADDED_TO) * PADDED_TO;
  return { width, height, pixelFormat: "YUV420", strides: [stride, stride / 2, stride / 2], colour };
}

/** Rows of plane `index`: chroma planes of YUV420 and NV12 have half of them, rounded up. */
export function planeRows(format: Pick<StreamFormat, "height" | "pixelFormat">, index: number): number {
  const subsampled = index > 0 && (format.pixelFormat === "YUV420" || format.pixelFormat === "NV12");
  return subsampled ? Math.ceil(format.height / 2) : format.height;
}
