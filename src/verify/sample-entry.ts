import { type BoxReader, MalformedBoxError, requireBox } from "./box-reader.ts";
import type { Problems } from "./problems.ts";

/** How the track's pictures are coded. */
export interface SampleEntry {
  /** `avc1`, `mp4v`, … */
  readonly fourcc: string;
  readonly codec: "h264" | "mjpeg" | "unknown";
  readonly width: number;
  readonly height: number;
}

/** Object types of JPEG and of H.264 in an ES descriptor: mp4ra.org, "object types". */
const OBJECT_TYPE_JPEG = 0x6c;

/** The one entry of `stsd` (ISO/IEC 14496-12, 8.5.2), which must be of video. */
export function readSampleEntry(stsd: BoxReader, problems: Problems): SampleEntry {
  stsd.versionAndFlags();
  const entryCount = stsd.uint32();
  const [entry] = stsd.children();
  if (!entry || entryCount !== 1) throw new MalformedBoxError(`stsd has ${entryCount} entries, expected 1`);
  entry.skip(6);
  if (entry.uint16() !== 1) throw new MalformedBoxError(`${entry.type}: its data are in another file`);
  entry.skip(16);
  const width = entry.uint16();
  const height = entry.uint16();
  entry.skip(50);
  const boxes = entry.children();
  return { fourcc: entry.type, codec: readCodec(entry.type, boxes, problems), width, height };
}

function readCodec(fourcc: string, boxes: readonly BoxReader[], problems: Problems): SampleEntry["codec"] {
  if (fourcc === "avc1") {
    checkAvcConfiguration(requireBox(boxes, "avcC"), problems);
    return "h264";
  }
  if (fourcc === "mp4v" && objectType(requireBox(boxes, "esds")) === OBJECT_TYPE_JPEG) return "mjpeg";
  problems.add(
    "movie",
    `pictures are coded as ${JSON.stringify(fourcc)}, expected H.264 (avc1) or JPEG (mp4v with 0x6C)`,
  );
  return "unknown";
}

/** AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1.2). */
function checkAvcConfiguration(avcC: BoxReader, problems: Problems): void {
  avcC.skip(1);
  const profileAndLevel = [avcC.uint8(), avcC.uint8(), avcC.uint8()];
  const lengthBytes = (avcC.uint8() & 3) + 1;
  if (lengthBytes !== 4) problems.add("avcC", `NAL units have lengths of ${lengthBytes} bytes, expected 4`);
  const spsCount = avcC.uint8() & 0x1f;
  for (let i = 0; i < spsCount; i++) {
    const sps = readParameterSet(avcC);
    const isRight = (sps[0] ?? 0) % 32 === 7 && profileAndLevel.every((byte, index) => byte === sps[index + 1]);
    if (!isRight) problems.add("avcC", `sequence parameter set ${i + 1} does not agree with avcC`);
  }
  const ppsCount = avcC.uint8();
  for (let i = 0; i < ppsCount; i++) {
    if ((readParameterSet(avcC)[0] ?? 0) % 32 !== 8) problems.add("avcC", `picture parameter set ${i + 1} is none`);
  }
  if (spsCount === 0 || ppsCount === 0) problems.add("avcC", "parameter sets are missing");
}

function readParameterSet(avcC: BoxReader): number[] {
  const byteCount = avcC.uint16();
  return Array.from({ length: byteCount }, () => avcC.uint8());
}

/** objectTypeIndication of an `esds` box: ES_Descriptor, then DecoderConfigDescriptor (ISO/IEC 14496-1, 7.2.6). */
function objectType(esds: BoxReader): number | undefined {
  esds.versionAndFlags();
  if (readDescriptorTag(esds) !== 0x03) return undefined;
  esds.skip(2);
  const optionalParts = esds.uint8();
  if ((optionalParts & 0xe0) !== 0) return undefined; // dependsOn, URL, OCR: never in a recording
  return readDescriptorTag(esds) === 0x04 ? esds.uint8() : undefined;
}

/** The tag of a descriptor; reads over its length, 7 bits a byte. */
function readDescriptorTag(esds: BoxReader): number {
  const tag = esds.uint8();
  while ((esds.uint8() & 0x80) !== 0);
  return tag;
}
