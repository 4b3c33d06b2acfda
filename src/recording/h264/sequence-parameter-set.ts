import { RuntimeError } from "../../errors.ts";

/** What the avcC record needs from a sequence parameter set (ITU-T H.264, 7.3.2.1.1). */
interface SequenceParameterSet {
  readonly profileIdc: number;
  /** `constraint_set0_flag` (bit 7) to `constraint_set5_flag` (bit 2): avcC's `profile_compatibility`. */
  readonly constraintFlags: number;
  /** Ten times the level's number; 42 is level 4.2. */
  readonly levelIdc: number;
  /** 0 = monochrome, 1 = 4:2:0, 2 = 4:2:2, 3 = 4:4:4. */
  readonly chromaFormatIdc: number;
  readonly bitDepthLuma: number;
  readonly bitDepthChroma: number;
}

/** Profiles whose SPS says its chroma format and bit depths; in all others they are 4:2:0 and 8 bits. */
const PROFILES_WITH_CHROMA_FORMAT = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

/** Bytes that hold everything up to the bit depths, emulation prevention included. */
const HEAD_BYTES_MAX = 32;

/** Reads the head of an SPS NAL unit (header byte included). Throws `encoder_failed` when it is too short. */
export function parseSequenceParameterSet(nalUnit: Uint8Array): SequenceParameterSet {
  const rbsp = withoutEmulationPrevention(nalUnit.subarray(0, HEAD_BYTES_MAX));
  const [, profileIdc, constraintFlags, levelIdc] = rbsp;
  if (profileIdc === undefined || constraintFlags === undefined || levelIdc === undefined) throw tooShort(nalUnit);
  const head = { profileIdc, constraintFlags, levelIdc };
  if (!PROFILES_WITH_CHROMA_FORMAT.has(profileIdc)) {
    return { ...head, chromaFormatIdc: 1, bitDepthLuma: 8, bitDepthChroma: 8 };
  }
  const bits = new BitReader(rbsp, 4, () => tooShort(nalUnit));
  bits.readExpGolomb(); // seq_parameter_set_id
  const chromaFormatIdc = bits.readExpGolomb();
  if (chromaFormatIdc === 3) bits.readBit(); // separate_colour_plane_flag
  const bitDepthLuma = 8 + bits.readExpGolomb();
  const bitDepthChroma = 8 + bits.readExpGolomb();
  return { ...head, chromaFormatIdc, bitDepthLuma, bitDepthChroma };
}

/** Takes out the 3 of each 00 00 03 (7.4.1.1). */
function withoutEmulationPrevention(bytes: Uint8Array): Uint8Array {
  const kept: number[] = [];
  let zeros = 0;
  for (const byte of bytes) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    kept.push(byte);
  }
  return Uint8Array.from(kept);
}

function tooShort(nalUnit: Uint8Array): RuntimeError {
  return new RuntimeError("encoder_failed", `H.264 sequence parameter set is cut off: got ${nalUnit.byteLength} bytes`);
}

/** Most significant bit first. */
class BitReader {
  readonly #bytes: Uint8Array;
  readonly #atEnd: () => Error;
  #bit: number;

  constructor(bytes: Uint8Array, startByte: number, atEnd: () => Error) {
    this.#bytes = bytes;
    this.#bit = startByte * 8;
    this.#atEnd = atEnd;
  }

  readBit(): number {
    const byte = this.#bytes[this.#bit >> 3];
    if (byte === undefined) throw this.#atEnd();
    return (byte >> (7 - (this.#bit++ & 7))) & 1;
  }

  /** ue(v), 9.1: as many bits after the first 1 as there were zeros before it. */
  readExpGolomb(): number {
    let zeros = 0;
    while (this.readBit() === 0) zeros++;
    let value = 1;
    for (let i = 0; i < zeros; i++) value = value * 2 + this.readBit();
    return value - 1;
  }
}
