import { readFileSync } from "node:fs";
import { join } from "node:path";
import { formatOf } from "../../../native/formats.ts";
import { planeRows } from "../../../../src/capture/stream-format.ts";
import { psnr } from "../../../support/psnr.ts";
import type { DecoderReport } from "../journal.ts";
import { sourceName, type StreamCase } from "../plan.ts";

/** How near to what went in a decoded frame is, dB. */
export interface PictureLikeness {
  readonly frame: number;
  readonly all: number;
  /** Of the last 8 rows and columns of the first plane, which a wrong crop shows first. */
  readonly edges: number;
  /**
   * Where the picture moves: compared with its own source, and with the one beside it that it is most like. undefined
   * where no neighbour's source is there.
   */
  readonly moving: { readonly own: number; readonly other: number } | undefined;
}

const EDGE_PIXELS = 8;
/** Samples that differ by more than this from one frame to the next show where it moves. */
const MOVING_MIN = 8;

/** Compares the frames of a case that were decoded with what went in. */
export function pictureLikenesses(folder: string, stream: StreamCase, report: DecoderReport): PictureLikeness[] {
  const decoded = readFileSync(join(folder, "decoded.raw"));
  const wanted = stream.compared.length * report.byte_count;
  if (decoded.length !== wanted) throw new Error(`decoded.raw has ${decoded.length} bytes, expected ${wanted}`);
  const sources = new Map(stream.compared.map((frame) => [frame, readFileSync(join(folder, sourceName(frame)))]));
  return stream.compared.map((frame, index) => {
    const coded = decoded.subarray(index * report.byte_count, (index + 1) * report.byte_count);
    const picture = visiblePart(coded, stream, report);
    const source = sources.get(frame) ?? new Uint8Array();
    const neighbours = [sources.get(frame - 1), sources.get(frame + 1)].filter((one) => one !== undefined);
    return {
      frame,
      all: psnr(picture, source),
      edges: psnrAt(picture, source, edgesOf(stream)),
      moving: movingLikeness(picture, source, neighbours),
    };
  });
}

function movingLikeness(picture: Uint8Array, source: Uint8Array, neighbours: readonly Uint8Array[]) {
  const each = neighbours.map((neighbour) => {
    const moving: number[] = [];
    for (let index = 0; index < source.length; index++)
      if (Math.abs((source[index] ?? 0) - (neighbour[index] ?? 0)) > MOVING_MIN) moving.push(index);
    return { own: psnrAt(picture, source, moving), other: psnrAt(picture, neighbour, moving) };
  });
  return each.sort((a, b) => a.own - a.other - (b.own - b.other))[0];
}

/** The planes of the visible part of a coded frame, one after the other and without padding, as a source has them. */
function visiblePart(coded: Uint8Array, { pixelFormat, width, height }: StreamCase, report: DecoderReport): Uint8Array {
  const visible = formatOf(pixelFormat, width, height);
  const codedFormat = { pixelFormat, height: report.coded_height };
  let at = 0;
  const rows = visible.strides.flatMap((rowBytes, plane) => {
    const stride = pixelFormat === "YUV420" && plane > 0 ? report.stride / 2 : report.stride;
    const first = at;
    at += stride * planeRows(codedFormat, plane);
    return Array.from({ length: planeRows(visible, plane) }, (_, row) =>
      coded.subarray(first + row * stride, first + row * stride + rowBytes),
    );
  });
  return Buffer.concat(rows);
}

/** Where the samples of the edges are in a picture's first plane. */
function edgesOf({ pixelFormat, width, height }: StreamCase): number[] {
  const rowBytes = formatOf(pixelFormat, width, height).strides[0] ?? 0;
  const edgeBytes = (EDGE_PIXELS * rowBytes) / width;
  const samples: number[] = [];
  for (let row = 0; row < height; row++) {
    const from = row >= height - EDGE_PIXELS ? 0 : rowBytes - edgeBytes;
    for (let byte = from; byte < rowBytes; byte++) samples.push(row * rowBytes + byte);
  }
  return samples;
}

function psnrAt(a: Uint8Array, b: Uint8Array, indexes: readonly number[]): number {
  const pick = (bytes: Uint8Array) => Uint8Array.from(indexes, (index) => bytes[index] ?? 0);
  return psnr(pick(a), pick(b));
}
