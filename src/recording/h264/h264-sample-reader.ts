import { RuntimeError } from "../../errors.ts";
import type { ParameterSets } from "./avc-configuration.ts";
import { listNalUnits, NAL_PPS, NAL_SLICE, NAL_SLICE_IDR, NAL_SPS, type NalUnit } from "./nal-units.ts";

/** One picture as an MP4 sample. */
interface H264Sample {
  /** Length-prefixed NAL units without parameter sets; usually a view of the chunk, so valid as long as that is. */
  readonly data: Uint8Array;
  /** Holds an IDR picture: decoding can start here. */
  readonly isKey: boolean;
}

/**
 * Turns an encoder's chunks into MP4 samples of an `avc1` track, whose parameter sets live in `avcC` only
 * (ISO/IEC 14496-15, 5.4.2.1). One reader serves one recording: what the first picture brought stays right for all.
 */
export class H264SampleReader {
  readonly #sps: Uint8Array[] = [];
  readonly #pps: Uint8Array[] = [];
  #pictureSeen = false;

  /** Copies of the sets seen so far; undefined until there is one of each. Final after the first sample. */
  get parameterSets(): ParameterSets | undefined {
    if (this.#sps.length === 0 || this.#pps.length === 0) return undefined;
    return { sps: this.#sps, pps: this.#pps };
  }

  /**
   * The sample in `chunk`, or undefined when it holds headers and no picture. Throws `encoder_failed` for a broken
   * chunk, a picture before its parameter sets, and parameter sets that change after the first picture.
   */
  read(chunk: Uint8Array): H264Sample | undefined {
    const units = listNalUnits(chunk);
    for (const unit of units) if (isParameterSet(unit)) this.#keepParameterSet(unit, chunk);
    const isKey = units.some((unit) => unit.type === NAL_SLICE_IDR);
    if (!isKey && !units.some((unit) => unit.type === NAL_SLICE)) return undefined;
    if (!this.parameterSets) {
      throw new RuntimeError(
        "encoder_failed",
        "H.264 stream starts without parameter sets: expected SPS and PPS first",
      );
    }
    this.#pictureSeen = true;
    return { data: withoutParameterSets(chunk, units), isKey };
  }

  #keepParameterSet(unit: NalUnit, chunk: Uint8Array): void {
    const bytes = chunk.subarray(unit.start, unit.end);
    const known = unit.type === NAL_SPS ? this.#sps : this.#pps;
    if (known.some((set) => sameBytes(set, bytes))) return;
    if (this.#pictureSeen) {
      const name = unit.type === NAL_SPS ? "sequence" : "picture";
      throw new RuntimeError(
        "encoder_failed",
        `H.264 ${name} parameter set changed in mid-stream: got ${Buffer.from(bytes).toString("hex")}, ` +
          "expected those of the first picture",
      );
    }
    known.push(bytes.slice());
  }
}

/** A view of the chunk where the kept NAL units lie together (parameter sets in front), else a copy without the sets. */
function withoutParameterSets(chunk: Uint8Array, units: readonly NalUnit[]): Uint8Array {
  const kept = units.filter((unit) => !isParameterSet(unit));
  const start = kept[0]?.lengthAt ?? 0;
  const end = kept.at(-1)?.end ?? 0;
  const byteCount = kept.reduce((sum, unit) => sum + unit.end - unit.lengthAt, 0);
  if (end - start === byteCount) return chunk.subarray(start, end);
  const data = new Uint8Array(byteCount);
  let at = 0;
  for (const unit of kept) {
    data.set(chunk.subarray(unit.lengthAt, unit.end), at);
    at += unit.end - unit.lengthAt;
  }
  return data;
}

function isParameterSet(unit: NalUnit): boolean {
  return unit.type === NAL_SPS || unit.type === NAL_PPS;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, index) => byte === b[index]);
}
