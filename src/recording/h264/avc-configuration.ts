import assert from "node:assert/strict";
import { NAL_LENGTH_BYTES } from "./nal-units.ts";
import { parseSequenceParameterSet } from "./sequence-parameter-set.ts";

/** The parameter sets of a stream, as NAL units without length or start code, in the order they came. */
export interface ParameterSets {
  readonly sps: readonly Uint8Array[];
  readonly pps: readonly Uint8Array[];
}

/** Baseline, Main and Extended: their record ends after the picture parameter sets. */
const PROFILES_WITHOUT_EXTENSION = new Set([66, 77, 88]);

/** AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1.2): the payload of the `avcC` box. */
export function buildAvcConfiguration({ sps, pps }: ParameterSets): Uint8Array<ArrayBuffer> {
  const [firstSps] = sps;
  assert(firstSps !== undefined && pps.length > 0, "avcC needs an SPS and a PPS");
  assert(sps.length < 32 && pps.length < 256, "avcC holds at most 31 SPS and 255 PPS");
  const { profileIdc, constraintFlags, levelIdc, ...picture } = parseSequenceParameterSet(firstSps);
  const bytes = [1, profileIdc, constraintFlags, levelIdc, 0xfc | (NAL_LENGTH_BYTES - 1)];
  bytes.push(0xe0 | sps.length, ...sps.flatMap(withLength16));
  bytes.push(pps.length, ...pps.flatMap(withLength16));
  if (!PROFILES_WITHOUT_EXTENSION.has(profileIdc)) {
    const spsExtensionCount = 0;
    bytes.push(0xfc | picture.chromaFormatIdc, 0xf8 | (picture.bitDepthLuma - 8), 0xf8 | (picture.bitDepthChroma - 8));
    bytes.push(spsExtensionCount);
  }
  return Uint8Array.from(bytes);
}

function withLength16(nalUnit: Uint8Array): number[] {
  return [nalUnit.byteLength >> 8, nalUnit.byteLength & 0xff, ...nalUnit];
}
