import type { PositionedFile } from "./positioned-file.ts";
import type { SampleEntry } from "./sample-entry.ts";
import type { StoredSample } from "./stored-sample.ts";

/** NAL unit types by ITU-T H.264, table 7-1. */
const NAL_SLICE = 1;
const NAL_SLICE_IDR = 5;
/** Sequence, picture, and extensions of sequence parameter sets. */
const NAL_PARAMETER_SETS = [7, 8, 13];

/** What is wrong with a sample's data, which lie inside the file; undefined when nothing is. Reads a few bytes of them. */
export function findDataProblem(
  file: PositionedFile,
  sample: StoredSample,
  codec: SampleEntry["codec"],
): string | undefined {
  if (codec === "h264") return findH264Problem(file, sample);
  return codec === "mjpeg" ? findJpegProblem(file, sample) : undefined;
}

/** NAL units after lengths of 4 bytes must fill the sample (ISO/IEC 14496-15, 5.3.4.2) and hold one picture. */
function findH264Problem(file: PositionedFile, { at: start, byteCount, isSync }: StoredSample): string | undefined {
  const end = start + byteCount;
  const types = new Set<number>();
  let at = start;
  while (at < end) {
    if (end - at < 5) return `${end - at} bytes are left after its NAL units`;
    const head = file.peek(at, 5);
    const nalBytes = new DataView(head.buffer, head.byteOffset).getUint32(0);
    const header = head[4] ?? 0;
    if (nalBytes === 0 || nalBytes > end - at - 4) return `a NAL unit of ${nalBytes} bytes does not fit at byte ${at}`;
    if (header & 0x80) return `no NAL unit begins at byte ${at + 4}`;
    types.add(header & 0x1f);
    at += 4 + nalBytes;
  }
  const isIdr = types.has(NAL_SLICE_IDR);
  if (!isIdr && !types.has(NAL_SLICE)) return "it holds no picture";
  if (isIdr && types.has(NAL_SLICE)) return "it mixes slices of key frames and of others";
  if (NAL_PARAMETER_SETS.some((type) => types.has(type))) return "it holds parameter sets, which belong into avcC";
  if (isIdr !== isSync) return isIdr ? "a key frame is not marked as such" : "it is marked as a key frame and is none";
  return undefined;
}

/** A JPEG image begins with SOI and ends with EOI (ITU-T T.81, B.2.1). */
function findJpegProblem(file: PositionedFile, { at, byteCount, isSync }: StoredSample): string | undefined {
  if (byteCount < 4) return "it is too small for a JPEG image";
  const [first, second] = file.peek(at, 2);
  if (first !== 0xff || second !== 0xd8) return "it does not begin as a JPEG image";
  const [lastButOne, last] = file.peek(at + byteCount - 2, 2);
  if (lastButOne !== 0xff || last !== 0xd9) return "it does not end as a JPEG image";
  return isSync ? undefined : "a JPEG image is not marked as a key frame";
}
