import { planeOffsets } from "../../src/capture/buffer-pool.ts";
import type { StreamFormat } from "../../src/capture/stream-format.ts";
import { SyntheticPicture } from "../../src/capture/synthetic-picture.ts";
import { psnr } from "../support/psnr.ts";
import { readFrameNumber } from "../support/read-frame-number.ts";
import { annexB, decode } from "./ffmpeg.ts";
import { formatOf } from "./formats.ts";

/** A synthetic picture, coded and decoded. */
export interface NumberedPicture {
  /** The number that it carries; NaN where there is none. */
  readonly number: number;
  /** How like the picture of that number its worst plane is, dB. */
  readonly likeness: number;
}

/** Decodes packets of synthetic pictures of this visible size. */
export async function decodeNumbered(
  codec: "h264" | "mjpeg",
  packets: readonly Uint8Array[],
  { width, height }: { readonly width: number; readonly height: number },
): Promise<NumberedPicture[]> {
  if (packets.length === 0) return [];
  const format = formatOf("YUV420", width, height);
  const painter = new SyntheticPicture(format);
  const original = new Uint8Array((width * height * 3) / 2);
  const pixels = await decode(codec, codec === "h264" ? annexB(packets) : Buffer.concat(packets));
  return Array.from({ length: pixels.length / original.length }, (_, index) => {
    const picture = pixels.subarray(index * original.length, (index + 1) * original.length);
    const number = readFrameNumber(picture, width) ?? Number.NaN;
    painter.paint(original, Number.isNaN(number) ? 0 : number);
    return { number, likeness: worstPlane(format, picture, original) };
  });
}

function worstPlane(format: StreamFormat, picture: Uint8Array, original: Uint8Array): number {
  const starts = planeOffsets(format);
  return Math.min(
    ...starts.map((start, plane) => {
      const end = starts[plane + 1] ?? original.length;
      return psnr(picture.subarray(start, end), original.subarray(start, end));
    }),
  );
}
