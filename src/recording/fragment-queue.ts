import { type RuntimeError, toRuntimeError } from "../errors.ts";
import type { DurableRecording } from "./durable-recording.ts";
import type { Fragment, RecordedFrame } from "./fragment.ts";
import type { PacketMemory } from "./packet-memory.ts";

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
  readonly #memory: PacketMemory;
  readonly #events: FragmentQueueEvents;
  readonly #waiting: Fragment[] = [];
  #waitingBytes = 0;
  #writing: Promise<void>;
  #isWriting = true;
  #failed = false;

  /** Begins the recording's files. `memory`: gets back what was written. */
  constructor(recording: DurableRecording, memory: PacketMemory, events: FragmentQueueEvents) {
    this.#recording = recording;
    this.#memory = memory;
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
    if (first !== undefined) await first().catch((error: unknown) => this.#fail(error));
    while (this.#waiting.length > 0) {
      const fragments = this.#takeTogether();
      await this.#write(fragments);
      this.#waitingBytes -= bytesOf(fragments);
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

  async #write(fragments: readonly Fragment[]): Promise<void> {
    const frames = fragments.flatMap((fragment) => fragment.frames);
    if (this.#failed) return this.#events.onLost(frames);
    try {
      await this.#recording.append(fragments);
      this.#events.onWritten(frames, bytesOf(fragments));
      // Only then: a disk that does not answer may still read what counts as lost.
      for (const { samples } of fragments) for (const { data } of samples) this.#memory.giveBack(data);
    } catch (error) {
      // A disk that is full may have room for the first of them.
      if (fragments.length > 1 && toRuntimeError(error).code === "disk_full") {
        for (const fragment of fragments) await this.#write([fragment]);
      } else {
        this.#fail(error);
        this.#events.onLost(frames);
      }
    }
  }

  /** Nothing is written afterwards. */
  #fail(error: unknown): void {
    this.#failed = true;
    this.#events.onFailure(toRuntimeError(error, "disk_error"));
  }
}

/** Of their samples' data. */
function bytesOf(fragments: readonly Fragment[]): number {
  return fragments.reduce((sum, { byteCount }) => sum + byteCount, 0);
}
