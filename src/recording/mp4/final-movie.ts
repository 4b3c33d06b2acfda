import assert from "node:assert/strict";
import { type BoxBytes, splitBoxes, wrapInBox } from "./box-bytes.ts";
import type { SampleIndex } from "./sample-index.ts";
import { sampleTableBoxes } from "./sample-table-boxes.ts";

/** All ones in 32 bits say that the duration is not known. */
const DURATION_UNKNOWN = 0xffff_ffff;

/**
 * The movie box of an ordinary file, made of the one that began the fragmented file: with the samples' tables and
 * durations, without the announcement of fragments (`mvex`). All else stays byte for byte: mp4box could read the old box,
 * but not write it again as it was (`avcC`, `colr`, `esds`: see mp4box-movie.ts), and `repair` has nothing but its bytes.
 *
 * `extraBoxes`: whole boxes to go in at the end, in place of the `uuid` boxes that were there. Returns the box in pieces.
 */
export function finalMovie(initialMoov: Uint8Array, index: SampleIndex, extraBoxes?: Uint8Array): Uint8Array[] {
  const [moov] = splitBoxes(initialMoov);
  assert(moov?.type === "moov", "the movie box is none");
  const kept = splitBoxes(moov.payload).filter(
    ({ type }) => type !== "mvex" && !(type === "uuid" && extraBoxes !== undefined),
  );
  const parts = kept.flatMap((box) => complete(box, index));
  return wrapInBox("moov", extraBoxes === undefined ? parts : [...parts, extraBoxes]);
}

function complete(box: BoxBytes, index: SampleIndex): Uint8Array[] {
  const { type, bytes, payload } = box;
  switch (type) {
    case "trak":
    case "mdia":
    case "minf":
      return wrapInBox(
        type,
        splitBoxes(payload).flatMap((child) => complete(child, index)),
      );
    case "mvhd":
    case "mdhd":
      return withDuration(box, 4, index.totalUs); // timescale
    case "tkhd":
      return withDuration(box, 8, index.totalUs); // track_ID, reserved
    case "stbl": {
      const descriptions = splitBoxes(payload).filter((child) => child.type === "stsd");
      return wrapInBox(type, [...descriptions.map((child) => child.bytes), ...sampleTableBoxes(index)]);
    }
    default:
      return [bytes];
  }
}

/**
 * `mvhd`, `tkhd` or `mdhd` (ISO/IEC 14496-12, 8.2.2, 8.3.2, 8.4.2) with another duration, in ticks of 1 µs: movie and track
 * count alike. They begin alike as well: version and flags, two times, `bytesBetween` others, the duration; version 1 has
 * times and duration in 64 bits and is needed beyond 2^32 µs, which is 71 minutes.
 */
function withDuration({ type, payload }: BoxBytes, bytesBetween: number, durationUs: number): Uint8Array[] {
  const old = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  assert(old.getUint8(0) === 0, `${type} of version ${old.getUint8(0)}`);
  const between = payload.subarray(12, 12 + bytesBetween);
  const rest = payload.subarray(12 + bytesBetween + 4);
  if (durationUs < DURATION_UNKNOWN) {
    return wrapInBox(type, [payload.subarray(0, 12), between, uint32(durationUs), rest]);
  }
  const versionAndFlags = uint32((1 << 24) | (old.getUint32(0) & 0xff_ffff));
  const times = [old.getUint32(4), old.getUint32(8)].map(uint64);
  return wrapInBox(type, [versionAndFlags, ...times, between, uint64(durationUs), rest]);
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function uint64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}
