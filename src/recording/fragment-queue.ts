import { type RuntimeError, toRuntimeError } from "../errors.ts";
import type { DurableRecording } from "./durable-recording.ts";
import type { Fragment, RecordedFrame } from "./fragment.ts";

export interface FragmentQueueEvents {
  /** These are on the disk. `byteCount`: of their samples' data. */
  onWritten(frames: readonly RecordedFrame[], byteCount: number): void;
  /** These could not be written. */
  onLost(frames: readonly RecordedFrame[]): void;
  /** The first failure to write; everything after it is lost. */
  onFailure(error: RuntimeError): void;
}

/** Encoded bytes that may wait for a slow disk. */
const WAITING_BYTES_MAX = 32 * 1024 * 1024;
/** Fragments that wait are written together up to so many bytes. */
const TOGETHER_BYTES_MAX = 8 * 1024 * 1024;

/**
 * Fragments on their way to the disk. Those that came while it was busy go together: a disk that takes a second to sync
 * then does so twice for all of them, not twice for each, and the queue grows no longer. Bound: when 32 MiB wait,
 * `isFull` says so; whoever pushes has to look.
 */
export class FragmentQueue {
  readonly #recording: DurableRecording;
  readonly #events: FragmentQueueEvents;
  readonly #waiting: Fragment[] = [];
  #waitingBytes = 0;
  #writing: Promise<void>;
  #isWriting = true;
  #failed = false;

  /** Begins the recording's files. */
  constructor(recording: DurableRecording, events: FragmentQueueEvents) {
    this.#recording = recording;
    this.#events = events;
    this.#writing = this.#run(() => recording.begin());
  }

  get isFull(): boolean {
    return this.#waitingBytes >= WAITING_BYTES_MAX;
  }

  /** Encoded bytes that wait, those that are just being written among them. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  push(fragment: Fragment): void {
    this.#waiting.push(fragment);
    this.#waitingBytes += fragment.byteCount;
    if (!this.#isWriting) this.#writing = this.#run();
  }

  /** Resolves when all that was pushed is written or lost. */
  async drain(): Promise<void> {
    while (this.#isWriting) await this.#writing;
  }

  async #run(first?: () => Promise<void>): Promise<void> {
    this.#isWriting = true;
    if (first !== undefined) await this.#attempt(first);
    while (this.#waiting.length > 0) {
      const fragments = this.#takeTogether();
      const frames = fragments.flatMap((fragment) => fragment.frames);
      const byteCount = fragments.reduce((sum, fragment) => sum + fragment.byteCount, 0);
      if (await this.#attempt(() => this.#recording.append(fragments))) this.#events.onWritten(frames, byteCount);
      else this.#events.onLost(frames);
      this.#waitingBytes -= byteCount;
    }
    this.#isWriting = false;
  }

  #takeTogether(): Fragment[] {
    let [count, byteCount] = [0, 0];
    for (const fragment of this.#waiting) {
      byteCount += fragment.byteCount;
      if (count > 0 && byteCount > TOGETHER_BYTES_MAX) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  /** Nothing is written after a failure. */
  async #attempt(write: () => Promise<void>): Promise<boolean> {
    if (this.#failed) return false;
    try {
      await write();
      return true;
    } catch (error) {
      this.#failed = true;
      this.#events.onFailure(toRuntimeError(error, "disk_error"));
      return false;
    }
  }
}
