import { type RuntimeError, toRuntimeError } from "../errors.ts";
import { hideFragment, REVEAL_FRAGMENT } from "./mp4/hidden-fragment.ts";
import type { FragmentedMp4 } from "./mp4/fragmented-mp4.ts";
import type { Mp4Sample } from "./mp4/video-track.ts";
import type { RecordingFiles } from "./recording-files.ts";
import type { TimingCsvFormatter, TimingRow } from "./timing-csv.ts";

/** A sample and the frame that it was made from. */
export interface RecordedSample {
  readonly data: Uint8Array;
  readonly isKey: boolean;
  readonly frame: RecordedFrame;
}

/** What is remembered of a frame while it is encoded. Times in ns. */
export interface RecordedFrame extends TimingRow {
  readonly frameNumber: number;
}

export interface FragmentWriterEvents {
  /** These are on their way to the disk for good: the system has taken them. */
  onWritten(frames: readonly RecordedFrame[]): void;
  /** These could not be written. */
  onLost(frames: readonly RecordedFrame[]): void;
  /** The first failure to write; everything after it is lost. */
  onFailure(error: RuntimeError): void;
}

/** Half a second: at rates above 1 frame/s, a row is on disk within a second, the wait for the next frame included. */
const FRAGMENT_US = 500_000;
/** Encoded bytes that may wait for a slow disk. */
const WAITING_BYTES_MAX = 32 * 1024 * 1024;

/**
 * Writes samples and their CSV rows: MP4 fragments of about half a second, each followed by its rows. A sample's time is
 * its sensor timestamp relative to the first, so each one waits for the next to know how long it lasts.
 *
 * Bound: 32 MiB of fragments wait for the disk; `isFull` then tells the recorder to drop frames (`disk_slow`).
 */
export class FragmentWriter {
  readonly #files: RecordingFiles;
  readonly #csv: TimingCsvFormatter;
  readonly #events: FragmentWriterEvents;
  readonly #lastDurationUs: number;
  #mp4: FragmentedMp4 | undefined;
  #firstTimestampNs: bigint | undefined;
  #newest: { sample: RecordedSample; timeUs: number } | undefined;
  #samples: Mp4Sample[] = [];
  #frames: RecordedFrame[] = [];
  #writing: Promise<void> = Promise.resolve();
  #waitingBytes = 0;
  #failed = false;

  /** `lastDurationUs`: how long the last sample is shown when there is no next one, µs. */
  constructor(files: RecordingFiles, csv: TimingCsvFormatter, lastDurationUs: number, events: FragmentWriterEvents) {
    this.#files = files;
    this.#csv = csv;
    this.#lastDurationUs = lastDurationUs;
    this.#events = events;
  }

  get isFull(): boolean {
    return this.#waitingBytes >= WAITING_BYTES_MAX;
  }

  get isEmpty(): boolean {
    return this.#mp4 === undefined;
  }

  /** Writes the file's beginning; before the first sample. */
  begin(mp4: FragmentedMp4): void {
    this.#mp4 = mp4;
    this.#write(async () => await this.#files.video.append(mp4.initSegment()), 0, []);
  }

  add(sample: RecordedSample): void {
    this.#firstTimestampNs ??= sample.frame.sensorTimestampNs;
    const timeUs = Number((sample.frame.sensorTimestampNs - this.#firstTimestampNs + 500n) / 1000n);
    this.#completeNewest(timeUs);
    const startUs = this.#samples[0]?.timeUs ?? timeUs;
    // A fragment that starts with a key frame can be played by itself.
    if (timeUs - startUs >= FRAGMENT_US || (sample.isKey && this.#samples.length > 0)) this.#flush();
    this.#newest = { sample, timeUs };
  }

  /** Writes what is left and closes the files. Throws `disk_…` or `file_gone`, with the files closed all the same. */
  async finish(): Promise<void> {
    if (this.#newest !== undefined) this.#completeNewest(this.#newest.timeUs + this.#lastDurationUs);
    this.#flush();
    await this.#writing;
    const { disk, video, timing } = this.#files;
    const steps = [() => this.#checkInPlace(), () => video.close(), () => timing.close()];
    const results = await Promise.allSettled(steps.map((step) => disk.run(step)));
    for (const result of results) if (result.status === "rejected") throw result.reason;
  }

  #completeNewest(endUs: number): void {
    if (this.#newest === undefined) return;
    const { sample, timeUs } = this.#newest;
    this.#samples.push({ data: sample.data, timeUs, durationUs: endUs - timeUs, isKey: sample.isKey });
    this.#frames.push(sample.frame);
    this.#newest = undefined;
  }

  #flush(): void {
    const [mp4, samples, frames] = [this.#mp4, this.#samples, this.#frames];
    if (samples.length === 0 || mp4 === undefined) return;
    this.#samples = [];
    this.#frames = [];
    const byteCount = samples.reduce((sum, { data }) => sum + data.length, 0);
    this.#write(async () => await this.#append(mp4.fragment(samples), frames), byteCount, frames);
  }

  /** One write after the other. */
  #write(write: () => Promise<void>, byteCount: number, frames: readonly RecordedFrame[]): void {
    this.#waitingBytes += byteCount;
    this.#writing = this.#files.disk.run(async () => {
      await this.#writeNow(write, frames);
      this.#waitingBytes -= byteCount;
    });
  }

  async #writeNow(write: () => Promise<void>, frames: readonly RecordedFrame[]): Promise<void> {
    if (!this.#failed) {
      try {
        await write();
        this.#events.onWritten(frames);
        return;
      } catch (error) {
        this.#failed = true;
        this.#events.onFailure(toRuntimeError(error, "disk_error"));
      }
    }
    this.#events.onLost(frames);
  }

  /** Samples and rows, both or neither. Players see the fragment only once all of it was written. */
  async #append(fragment: Uint8Array, frames: readonly RecordedFrame[]): Promise<void> {
    const { video, timing } = this.#files;
    const { byteCount } = video;
    await this.#checkInPlace();
    hideFragment(fragment);
    await video.append(fragment);
    try {
      await video.overwrite(byteCount + REVEAL_FRAGMENT.offset, REVEAL_FRAGMENT.bytes);
      await timing.append(frames.map((frame) => this.#csv.row(frame)).join(""));
    } catch (error) {
      await video.truncate(byteCount);
      throw error;
    }
  }

  /** Before the first picture nothing is lost with them. */
  async #checkInPlace(): Promise<void> {
    if (this.isEmpty) return;
    await this.#files.video.checkInPlace();
    await this.#files.timing.checkInPlace();
  }
}
