import assert from "node:assert/strict";
import type { ISOFile } from "mp4box";
import { BOX_HEADER_BYTES, makeBox, splitBoxes, wrapInBox } from "./box-bytes.ts";
import { finalMovie } from "./final-movie.ts";
import { createMovie, type Mp4boxTrack, serialize } from "./mp4box-movie.ts";
import { RESERVED_BOX } from "./reserved-box.ts";
import type { SampleIndex } from "./sample-index.ts";
import { TIMESCALE, type Mp4Sample, type VideoTrack } from "./video-track.ts";

const UINT32_MAX = 0xffff_ffff;
/** `sample-composition-time-offsets-present` of `trun` (ISO/IEC 14496-12, 8.8.8): mp4box sets it and writes zeros. */
const TRUN_COMPOSITION_OFFSETS = 0x800;

/**
 * A fragmented MP4 file (ISO/IEC 14496-12, 8.8) as bytes: an initialization segment, then fragments that each stand for
 * themselves, so that a file that was cut off plays up to its last whole fragment (inside a `moof` only if that was
 * hidden: hidden-fragments.ts). In the end `finalMovie` and the reserved box make an ordinary file of it:
 * make-ordinary.ts. Does no I/O and keeps nothing of the samples. Loads mp4box (about 20 ms): import it when a recording
 * starts, `await import("./fragmented-mp4.ts")`.
 */
export class FragmentedMp4 {
  readonly #file: ISOFile;
  readonly #trak: Mp4boxTrack;
  readonly #ftyp: Uint8Array;
  readonly #moov: Uint8Array;

  /** `extraBoxes`: whole boxes to stand at the end of the first movie box, e.g. a `uuid` box (11.1). */
  constructor(track: VideoTrack, extraBoxes: Uint8Array = new Uint8Array()) {
    ({ file: this.#file, trak: this.#trak } = createMovie(track));
    this.#ftyp = serialize([this.#file.ftyp]);
    const [moov] = splitBoxes(serialize([this.#file.moov]));
    assert(moov !== undefined);
    this.#moov = makeBox(moov.type, moov.payload, extraBoxes);
  }

  /** Where in the file the reserved box is, bytes from its beginning. */
  get reservedAt(): number {
    return this.#ftyp.byteLength;
  }

  /** `ftyp`, the reserved box and `moov`: the file's beginning. */
  initSegment(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(Buffer.concat([this.#ftyp, RESERVED_BOX, this.#moov]));
  }

  /** The movie box of the ordinary file that these samples make, in pieces. See final-movie.ts for `extraBoxes`. */
  finalMovie(index: SampleIndex, extraBoxes?: Uint8Array): Uint8Array[] {
    return finalMovie(this.#moov, index, extraBoxes);
  }

  /**
   * `moof` and `mdat` for one or more consecutive samples, in pieces: the samples' data are those given. Each begins where the one before it ends (`timeUs` +
   * `durationUs`), so hold a sample back until the next one's time is known. Inside a fragment this is asserted, because
   * the file stores the time of a fragment's first sample and durations only; `verify` asks for it across fragments too.
   */
  fragment(samples: readonly Mp4Sample[]): Uint8Array[] {
    checkSamples(samples);
    const data = samples.map((sample) => sample.data);
    return [this.#movieFragment(samples), ...wrapInBox("mdat", data)];
  }

  #movieFragment(samples: readonly Mp4Sample[]): Uint8Array<ArrayBuffer> {
    const moof = this.#file.createMoof(samples.map((sample, index) => this.#toMp4box(sample, index)));
    const [traf] = moof.trafs;
    const [trun] = traf?.truns ?? [];
    assert(traf !== undefined && trun !== undefined, "mp4box made a moof without traf or trun");
    traf.tfdt.version = 1; // 64-bit decode time from the start, not only beyond 2^32
    trun.flags &= ~TRUN_COMPOSITION_OFFSETS;
    const bytes = serialize([moof]);
    // The data begin after the mdat header; mp4box knows the moof's size only once it is written.
    new DataView(bytes.buffer).setInt32(trun.data_offset_position, bytes.byteLength + BOX_HEADER_BYTES);
    return bytes;
  }

  #toMp4box(
    { data, timeUs, durationUs, isKey }: Mp4Sample,
    index: number,
  ): Parameters<ISOFile["createMoof"]>[0][number] {
    const [description] = this.#trak.mdia.minf.stbl.stsd.entries;
    assert(description !== undefined);
    return {
      number: index,
      track_id: this.#trak.tkhd.track_id,
      timescale: TIMESCALE,
      description_index: 0,
      description,
      size: data.byteLength,
      duration: durationUs,
      dts: timeUs,
      cts: timeUs,
      is_sync: isKey,
      is_leading: 0,
      depends_on: 0,
      is_depended_on: 0,
      has_redundancy: 0,
      degradation_priority: 0,
      offset: 0,
    };
  }
}

/** Asserts what the format cannot hold. */
function checkSamples(samples: readonly Mp4Sample[]): void {
  const [first] = samples;
  assert(first !== undefined, "a fragment needs a sample");
  let dataBytes = 0;
  let timeUs = first.timeUs;
  for (const sample of samples) {
    checkTimes(sample, timeUs);
    timeUs += sample.durationUs;
    dataBytes += sample.data.byteLength;
  }
  assert(dataBytes <= UINT32_MAX - BOX_HEADER_BYTES, `fragment of ${dataBytes} bytes`);
}

/** The sentences are made when they are needed only: this is done for each frame. */
function checkTimes({ timeUs, durationUs }: Mp4Sample, expectedUs: number): void {
  if (!Number.isSafeInteger(timeUs) || timeUs < 0) assert.fail(`sample time ${timeUs} µs`);
  if (timeUs !== expectedUs) {
    assert.fail(`sample at ${timeUs} µs, expected at ${expectedUs} µs where the last one ended`);
  }
  if (!Number.isInteger(durationUs) || durationUs < 0 || durationUs > UINT32_MAX) {
    assert.fail(`duration ${durationUs} µs`);
  }
}
