import { DurableRecording } from "./durable-recording.ts";
import type { RecordedFrame } from "./fragment.ts";
import { FragmentQueue, type FragmentQueueEvents } from "./fragment-queue.ts";
import { PacketMemory } from "./packet-memory.ts";
import { metadataBox } from "./metadata/metadata-box.ts";
import type { FragmentedMp4 } from "./mp4/fragmented-mp4.ts";
import type { Mp4Sample } from "./mp4/video-track.ts";
import type { RecordingFiles } from "./recording-files.ts";
import type { TimingCsvFormatter } from "./timing-csv.ts";

/** A sample and the frame that it was made from. */
export interface RecordedSample {
  readonly data: Uint8Array;
  readonly isKey: boolean;
  readonly frame: RecordedFrame;
}

/** Half a second: at rates above 1 frame/s, a row is on disk within a second, the wait for the next frame included. */
const FRAGMENT_US = 500_000;
/** A fragment is ended early rather than to hold more encoded bytes than this in memory. */
const FRAGMENT_BYTES_MAX = 8 * 1024 * 1024;

/**
 * Writes samples and their CSV rows: MP4 fragments of about half a second, each followed by its rows, and in the end an
 * ordinary MP4. A sample's time is its sensor timestamp relative to the first, so each one waits for the next to know how
 * long it lasts.
 *
 * Nobody waits for the disk: fragments do, in fragment-queue.ts. Bound: one of 8 MiB is being filled, 32 MiB of them
 * wait; `isFull` then tells the recorder to drop frames (`disk_slow`).
 */
export class FragmentWriter {
  readonly #files: RecordingFiles;
  readonly #csv: TimingCsvFormatter;
  readonly #events: FragmentQueueEvents;
  readonly #memory = new PacketMemory();
  readonly #lastDurationUs: number;
  #output: { readonly recording: DurableRecording; readonly queue: FragmentQueue } | undefined;
  #firstTimestampNs: bigint | undefined;
  #newest: { sample: RecordedSample; timeUs: number } | undefined;
  #samples: Mp4Sample[] = [];
  #frames: RecordedFrame[] = [];
  #byteCount = 0;

  /** `lastDurationUs`: how long the last sample is shown when there is no next one, µs. */
  constructor(files: RecordingFiles, csv: TimingCsvFormatter, lastDurationUs: number, events: FragmentQueueEvents) {
    this.#files = files;
    this.#csv = csv;
    this.#lastDurationUs = lastDurationUs;
    this.#events = events;
  }

  get isFull(): boolean {
    return this.#output?.queue.isFull ?? false;
  }

  /** Encoded bytes that are not on the disk yet. */
  get waitingBytes(): number {
    return this.#byteCount + (this.#output?.queue.waitingBytes ?? 0);
  }

  get isEmpty(): boolean {
    return this.#output === undefined;
  }

  /** Writes the files' beginnings; before the first sample. `metadata`: what the recording says of itself, with `end` null. */
  begin(mp4: FragmentedMp4, metadata: string): void {
    const recording = new DurableRecording(this.#files, mp4, this.#csv, metadata);
    this.#output = { recording, queue: new FragmentQueue(recording, this.#memory, this.#events) };
  }

  /** Memory for the data of a sample to come, until that is written. */
  memoryFor(byteCount: number): Uint8Array {
    return this.#memory.take(byteCount);
  }

  add(sample: RecordedSample): void {
    this.#firstTimestampNs ??= sample.frame.sensorTimestampNs;
    const timeUs = Number((sample.frame.sensorTimestampNs - this.#firstTimestampNs + 500n) / 1000n);
    this.#completeNewest(timeUs);
    if (this.#isFragmentDone(timeUs, sample.isKey)) this.#flush();
    this.#newest = { sample, timeUs };
  }

  /** Writes what is left; resolves when all of it is written or lost. Nothing may be added any more. */
  async drain(): Promise<void> {
    if (this.#newest !== undefined) this.#completeNewest(this.#newest.timeUs + this.#lastDurationUs);
    this.#flush();
    await this.#output?.queue.drain();
  }

  /**
   * Drains, makes an ordinary MP4 and closes video and timing file. Throws `disk_…` or `file_gone`, with the files closed
   * all the same and the video a fragmented one. `metadata`: to stand in the movie box, in place of what it began with.
   */
  async finish(metadata: string | undefined): Promise<void> {
    await this.drain();
    try {
      await this.#output?.recording.makeOrdinary(metadata === undefined ? undefined : metadataBox(metadata));
    } finally {
      await this.#closeFiles();
    }
  }

  #isFragmentDone(nextTimeUs: number, isNextKey: boolean): boolean {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (first === undefined || last === undefined) return false;
    const isLong = nextTimeUs - first.timeUs >= FRAGMENT_US || this.#byteCount >= FRAGMENT_BYTES_MAX;
    // A fragment that starts with a key frame can be played by itself; where every frame is one, all can.
    return isLong || (isNextKey && !last.isKey);
  }

  #completeNewest(endUs: number): void {
    if (this.#newest === undefined) return;
    const { sample, timeUs } = this.#newest;
    this.#samples.push({ data: sample.data, timeUs, durationUs: endUs - timeUs, isKey: sample.isKey });
    this.#frames.push(sample.frame);
    this.#byteCount += sample.data.byteLength;
    this.#newest = undefined;
  }

  #flush(): void {
    if (this.#samples.length === 0) return;
    this.#output?.queue.push({ samples: this.#samples, frames: this.#frames, byteCount: this.#byteCount });
    this.#samples = [];
    this.#frames = [];
    this.#byteCount = 0;
  }

  async #closeFiles(): Promise<void> {
    const { disk, video, timing } = this.#files;
    const results = await Promise.allSettled([video, timing].map((file) => disk.run(() => file.close())));
    for (const result of results) if (result.status === "rejected") throw result.reason;
  }
}
