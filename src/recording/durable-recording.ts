import { messageOf, RuntimeError, toRuntimeError } from "../errors.ts";
import type { Fragment } from "./fragment.ts";
import type { FragmentedMp4 } from "./mp4/fragmented-mp4.ts";
import { hideFragments } from "./mp4/hidden-fragments.ts";
import { makeOrdinary } from "./mp4/make-ordinary.ts";
import { SampleIndex } from "./mp4/sample-index.ts";
import { byteCountOf } from "./pieces.ts";
import type { RecordingFiles } from "./recording-files.ts";
import { syncFolders } from "./sync-folders.ts";
import type { TimingCsvFormatter } from "./timing-csv.ts";

interface EncodedFragment {
  /** Its `moof` and `mdat`. */
  readonly pieces: readonly Uint8Array[];
  readonly byteCount: number;
  /** Its lines of the CSV. */
  readonly rows: string;
}

/**
 * The files of a recording and the order in which they change, so that neither the end of the process nor that of the
 * power costs more than what was just being written. First the metadata, then the video's beginning with the same in it,
 * then their names are synced: a video with a movie box has a whole file of metadata beside it. For each group of
 * fragments, one step after the other:
 *
 * 1. the video grows by the group, hidden (hidden-fragments.ts), and is synced: fdatasync(2)
 * 2. the group is revealed, 4 bytes in place; the CSV grows by its rows; both are synced
 *
 * What holds on the disk at any moment, given that it keeps what fdatasync said it has, and whatever order it stores the
 * rest in (ext4 with data=ordered: a file may have grown only in part, or hold zeros where data were still to come; bytes
 * overwritten in place may be old or new, a sector at a time):
 *
 * - A revealed fragment is whole: it was revealed after its data had been synced.
 * - A row's picture is in the file: rows come after the same sync. Its fragment may still be hidden.
 * - Only the last group may be torn, hidden or short of rows, and only the last row torn: the next group begins after
 *   both files were synced.
 *
 * `repair` builds on these. The end is in make-ordinary.ts. Calls are the caller's to order: one at a time.
 */
export class DurableRecording {
  readonly #files: RecordingFiles;
  readonly #mp4: FragmentedMp4;
  readonly #csv: TimingCsvFormatter;
  readonly #metadata: string;
  readonly #index = new SampleIndex();
  readonly #encoded = new WeakMap<Fragment, EncodedFragment>();
  #hasBegun = false;

  /** `metadata`: text of the file that stands beside the video. */
  constructor(files: RecordingFiles, mp4: FragmentedMp4, csv: TimingCsvFormatter, metadata: string) {
    this.#files = files;
    this.#mp4 = mp4;
    this.#csv = csv;
    this.#metadata = metadata;
  }

  /** Writes the metadata and the video's beginning, and puts all files, names included, on the disk. Throws as `append`. */
  begin(): Promise<void> {
    const { disk, video, metadata } = this.#files;
    return disk.run(async () => {
      await this.#checkInPlace();
      await metadata.create(this.#metadata);
      await video.append(this.#mp4.initSegment());
      await this.#syncBoth();
      await syncFolders(video.path);
      this.#hasBegun = true;
    });
  }

  /**
   * Adds these fragments and their rows: all of it or, where it throws (`disk_…`, `file_gone`), nothing. Then the first of
   * them may be tried again, by fewer at a time.
   */
  append(fragments: readonly Fragment[]): Promise<void> {
    return this.#files.disk.run(() => this.#appendNow(fragments));
  }

  /** Makes an ordinary MP4 of the video. Throws with the fragmented one left as it was. `extraBoxes`: see final-movie.ts. */
  async makeOrdinary(extraBoxes?: Uint8Array): Promise<void> {
    if (!this.#hasBegun) return;
    const { disk, video } = this.#files;
    await disk.run(() => this.#checkInPlace());
    try {
      const moov = this.#mp4.finalMovie(this.#index, extraBoxes);
      await disk.run(() => makeOrdinary(video, this.#mp4.reservedAt, moov));
    } catch (cause) {
      const { code } = toRuntimeError(cause);
      throw new RuntimeError(code, `${video.path} stays a fragmented MP4: ${messageOf(cause)}`, { cause });
    }
  }

  async #appendNow(fragments: readonly Fragment[]): Promise<void> {
    const { video, timing } = this.#files;
    await this.#checkInPlace();
    const [videoBytes, timingBytes] = [video.byteCount, timing.byteCount];
    const encoded = fragments.map((fragment) => this.#encode(fragment));
    const { pieces, reveal, fragmentsAt } = hideFragments(
      videoBytes,
      encoded.flatMap((each) => each.pieces),
    );
    try {
      await video.append(pieces);
      await video.datasync();
      await video.overwrite(reveal.at, reveal.bytes);
      await timing.append(encoded.map(({ rows }) => rows).join(""));
      await this.#syncBoth();
    } catch (error) {
      await timing.takeBack(timingBytes);
      await video.takeBack(videoBytes);
      throw error;
    }
    let end = fragmentsAt;
    for (const [number, { samples, byteCount }] of fragments.entries()) {
      end += encoded[number]?.byteCount ?? 0;
      const indexed = samples.map(({ data, ...sample }) => ({ ...sample, byteCount: data.byteLength }));
      this.#index.addChunk(end - byteCount, indexed); // a fragment ends with its samples' data
    }
  }

  /** Fragments and rows are numbered as they are encoded: once each. */
  #encode(fragment: Fragment): EncodedFragment {
    const known = this.#encoded.get(fragment);
    if (known !== undefined) return known;
    const rows = fragment.frames.map((frame) => this.#csv.row(frame)).join("");
    const pieces = this.#mp4.fragment(fragment.samples);
    const encoded = { pieces, byteCount: byteCountOf(pieces), rows };
    this.#encoded.set(fragment, encoded);
    return encoded;
  }

  /** One after the other: `disk` says why. */
  async #syncBoth(): Promise<void> {
    await this.#files.video.datasync();
    await this.#files.timing.datasync();
  }

  async #checkInPlace(): Promise<void> {
    await this.#files.video.checkInPlace();
    await this.#files.timing.checkInPlace();
  }
}
