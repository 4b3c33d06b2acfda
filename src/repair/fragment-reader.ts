import { SampleIndex } from "../recording/mp4/sample-index.ts";
import { MalformedBoxError, requireBox } from "../verify/box-reader.ts";
import type { MovieTrack } from "../verify/movie-track.ts";
import type { PositionedFile } from "../verify/positioned-file.ts";
import { loadBox, readBoxHeader, type TopLevelBox } from "../verify/top-level-boxes.ts";
import { readTrackFragment, type TrackFragment } from "../verify/track-fragment.ts";
import { NotRepairableError } from "./not-repairable-error.ts";

/** The two boxes of a fragment. */
interface FragmentBoxes {
  readonly moof: TopLevelBox;
  readonly mdat: TopLevelBox;
}

/** Reads a recording's fragments one after the other and indexes their samples. */
export class FragmentReader {
  readonly index = new SampleIndex();
  /** Where the next one is expected, bytes from the file's beginning. */
  at: number;
  readonly #file: PositionedFile;
  readonly #track: MovieTrack;
  #fragmentCount = 0;

  constructor(file: PositionedFile, track: MovieTrack, at: number) {
    this.#file = file;
    this.#track = track;
    this.at = at;
  }

  /**
   * Reads the fragment that begins here, if the file holds all of it, and goes to its end; false where there is none. One
   * that is no right one is none while it is hidden; where players see it, it is damaged: throws NotRepairableError.
   */
  read({ isHidden }: { isHidden: boolean }): boolean {
    const boxes = this.#findBoxes();
    if (boxes === undefined) return false;
    try {
      for (const { dataAt, samples } of this.#readNext(boxes).runs) {
        const indexed = samples.map(({ byteCount, duration: durationUs, isSync: isKey }) => ({
          byteCount,
          durationUs,
          isKey,
        }));
        this.index.addChunk(dataAt, indexed);
      }
    } catch (error) {
      if (!(error instanceof MalformedBoxError)) throw error;
      if (isHidden) return false;
      const what = `its fragment ${this.#fragmentCount + 1} at byte ${this.at} is damaged`;
      throw new NotRepairableError(`${what}: ${error.message}`, { cause: error });
    }
    this.#fragmentCount++;
    this.at = boxes.mdat.end;
    return true;
  }

  #findBoxes(): FragmentBoxes | undefined {
    const moof = readBoxHeader(this.#file, this.at);
    if (moof?.type !== "moof") return undefined;
    const mdat = readBoxHeader(this.#file, moof.end);
    return mdat?.type === "mdat" && mdat.end <= this.#file.byteCount ? { moof, mdat } : undefined;
  }

  /** It must be what follows: with the next number, beginning when the last one ended, filling its data. */
  #readNext({ moof, mdat }: FragmentBoxes): TrackFragment {
    const boxes = loadBox(this.#file, moof).children();
    const mfhd = requireBox(boxes, "mfhd");
    mfhd.versionAndFlags();
    const number = mfhd.uint32();
    if (number !== this.#fragmentCount + 1) throw new MalformedBoxError(`it has the number ${number}`);
    const fragment = readTrackFragment(requireBox(boxes, "traf").children(), {
      track: this.#track,
      moofAt: moof.at,
      // The samples of all fragments together can't be larger than the file then.
      fileByteCount: mdat.end - mdat.payloadAt,
    });
    const { totalUs } = this.index;
    if (fragment.startTime !== totalUs) {
      throw new MalformedBoxError(`it begins at ${fragment.startTime} µs, the one before it ends at ${totalUs} µs`);
    }
    let at = mdat.payloadAt;
    for (const { dataAt, samples } of fragment.runs) {
      if (dataAt !== at) throw new MalformedBoxError(`its samples begin at byte ${dataAt}, expected ${at}`);
      at = samples.reduce((end, { byteCount }) => end + byteCount, at);
    }
    if (at !== mdat.end) throw new MalformedBoxError(`its samples end at byte ${at}, its data at ${mdat.end}`);
    return fragment;
  }
}
