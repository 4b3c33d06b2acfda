import { type RuntimeError, toRuntimeError } from "../errors.ts";
import { DurableRecording } from "./durable-recording.ts";
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
  /** These are on the disk. */
  onWritten(frames: readonly RecordedFrame[]): void;
  /** These could not be written. */
  onLost(frames: readonly RecordedFrame[]): void;
  /** The first failure to write; everything after it is lost. */
  onFailure(error: RuntimeError): void;
}

/** Half a second: at rates above 1 frame/s, a row is on disk within a second, the wait for the next frame included. */
const FRAGMENT_US = 500_000;
/** A fragment is ended early rather than to hold more encoded bytes than this in memory. */
const FRAGMENT_BYTES_MAX = 8 * 1024 * 1024;
/** Encoded bytes that may wait for a slow disk. */
const WAITING_BYTES_MAX = 32 * 1024 * 1024;

/**
 * Writes samples and their CSV rows: MP4 fragments of about half a second, each followed by its rows, and in the end an
 * ordinary MP4. A sample's time is its sensor timestamp relative to the first, so each one waits for the next to know how
 * long it lasts.
 *
 * Nobody waits for the disk, whose part is in durable-recording.ts. Bounds: a fragment of 8 MiB is being
 * filled, 32 MiB of them wait; `isFull` then tells the recorder to drop frames (`disk_slow`).
 */
export class FragmentWriter {
  readonly #files: RecordingFiles;
  readonly #csv: TimingCsvFormatter;
  readonly #events: FragmentWriterEvents;
  readonly #lastDurationUs: number;
  #recording: DurableRecording | undefined;
  #firstTimestampNs: bigint | undefined;
  #newest: { sample: RecordedSample; timeUs: number } | undefined;
  #samples: Mp4Sample[] = [];
  /** Of their data. */
  #sampleBytes = 0;
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
    return this.#recording === undefined;
  }

  /** Writes the file's beginning; before the first sample. */
  begin(mp4: FragmentedMp4): void {
    const recording = new DurableRecording(this.#files, mp4);
    this.#recording = recording;
    this.#write(() => recording.begin(), 0, []);
  }

  add(sample: RecordedSample): void {
    this.#firstTimestampNs ??= sample.frame.sensorTimestampNs;
    const timeUs = Number((sample.frame.sensorTimestampNs - this.#firstTimestampNs + 500n) / 1000n);
    this.#completeNewest(timeUs);
    if (this.#isFragmentDone(timeUs, sample.isKey)) this.#flush();
    this.#newest = { sample, timeUs };
  }

  /**
   * Writes what is left, makes an ordinary MP4 and closes the files. Throws `disk_full` or `disk_error`, with the files
   * closed all the same and the video a fragmented one. `extraBoxes`: whole boxes to go into the final movie box.
   */
  async finish({ extraBoxes }: { extraBoxes?: Uint8Array } = {}): Promise<void> {
    if (this.#newest !== undefined) this.#completeNewest(this.#newest.timeUs + this.#lastDurationUs);
    this.#flush();
    await this.#writing;
    try {
      await this.#recording?.makeOrdinary(extraBoxes);
    } finally {
      await this.#closeFiles();
    }
  }

  #isFragmentDone(nextTimeUs: number, isNextKey: boolean): boolean {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (first === undefined || last === undefined) return false;
    // A fragment that starts with a key frame can be played by itself; where every frame is one, all can.
    const isLong = nextTimeUs - first.timeUs >= FRAGMENT_US || this.#sampleBytes >= FRAGMENT_BYTES_MAX;
    return isLong || (isNextKey && !last.isKey);
  }

  #completeNewest(endUs: number): void {
    if (this.#newest === undefined) return;
    const { sample, timeUs } = this.#newest;
    this.#samples.push({ data: sample.data, timeUs, durationUs: endUs - timeUs, isKey: sample.isKey });
    this.#frames.push(sample.frame);
    this.#sampleBytes += sample.data.byteLength;
    this.#newest = undefined;
  }

  #flush(): void {
    const [recording, samples, frames, byteCount] = [this.#recording, this.#samples, this.#frames, this.#sampleBytes];
    if (samples.length === 0 || recording === undefined) return;
    this.#samples = [];
    this.#frames = [];
    this.#sampleBytes = 0;
    const rows = (): string => frames.map((frame) => this.#csv.row(frame)).join("");
    this.#write(() => recording.append(samples, rows()), byteCount, frames);
  }

  /** One write after the other. */
  #write(write: () => Promise<void>, byteCount: number, frames: readonly RecordedFrame[]): void {
    this.#waitingBytes += byteCount;
    this.#writing = this.#writing.then(async () => {
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

  async #closeFiles(): Promise<void> {
    const results = await Promise.allSettled([this.#files.video.close(), this.#files.timing.close()]);
    for (const result of results) if (result.status === "rejected") throw result.reason;
  }
}
