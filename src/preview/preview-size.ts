/** Smaller than this nothing can be made out, and a JPEG is all header. */
const SIDE_MIN = 16;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size of previews of a picture, pixels: even, since chroma has half of them, and at least 16x16. `scale`: above 0 and up to 1. */
export function previewSize({ width, height }: Size, scale: number): Size {
  return { width: previewSide(width, scale), height: previewSide(height, scale) };
}

function previewSide(side: number, scale: number): number {
  return Math.max(SIDE_MIN, 2 * Math.floor((side * scale) / 2));
}
