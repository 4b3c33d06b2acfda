import type { Colour, PixelFormat, StreamFormat } from "../capture/stream-format.ts";

/** `CsiLayout` of shim/include/csi_frame.h. */
export const LAYOUT_BYTES = 32;
const PIXEL_FORMATS: readonly PixelFormat[] = ["YUV420", "NV12", "RGB888", "BGR888", "YUYV"];

export function writeLayout(view: DataView, offset: number, format: StreamFormat): void {
  view.setUint32(offset, format.width, true);
  view.setUint32(offset + 4, format.height, true);
  view.setUint32(offset + 8, PIXEL_FORMATS.indexOf(format.pixelFormat), true);
  view.setUint32(offset + 12, format.strides.length, true);
  format.strides.forEach((stride, plane) => {
    view.setUint32(offset + 16 + 4 * plane, stride, true);
  });
  writeColour(view, offset + 28, format.colour);
}

export function readLayout(view: DataView, offset: number): StreamFormat {
  const pixelFormat = PIXEL_FORMATS[view.getUint32(offset + 8, true)];
  if (pixelFormat === undefined)
    throw new Error("the camera library named a pixel format that this program does not know");
  const planeCount = view.getUint32(offset + 12, true);
  return {
    width: view.getUint32(offset, true),
    height: view.getUint32(offset + 4, true),
    pixelFormat,
    strides: Array.from({ length: planeCount }, (_, plane) => view.getUint32(offset + 16 + 4 * plane, true)),
    colour: readColour(view, offset + 28),
  };
}

/** `CsiColour`: four bytes. */
export function writeColour(view: DataView, offset: number, colour: Colour): void {
  view.setUint8(offset, colour.primaries);
  view.setUint8(offset + 1, colour.transfer);
  view.setUint8(offset + 2, colour.matrix);
  view.setUint8(offset + 3, colour.fullRange ? 1 : 0);
}

export function readColour(view: DataView, offset: number): Colour {
  return {
    primaries: view.getUint8(offset),
    transfer: view.getUint8(offset + 1),
    matrix: view.getUint8(offset + 2),
    fullRange: view.getUint8(offset + 3) !== 0,
  };
}
