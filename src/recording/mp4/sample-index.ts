import { NumberColumn } from "./number-column.ts";

/** What a file's tables say of one sample. */
export interface IndexedSample {
  readonly byteCount: number;
  /** Microseconds to the next sample, below 2^32. */
  readonly durationUs: number;
  readonly isKey: boolean;
}

/**
 * Where every sample of a recording lies and how long it lasts, for the tables that are written at its end. Takes 8 bytes
 * for each sample, 4 for each key frame, 12 for each chunk: 1.8 MB for an hour at 60 frames/s.
 */
export class SampleIndex {
  readonly durationsUs = new NumberColumn(Uint32Array);
  readonly byteCounts = new NumberColumn(Uint32Array);
  /** Sample numbers, from 1. */
  readonly keyNumbers = new NumberColumn(Uint32Array);
  /** A chunk is a run of samples whose data lie one after the other: where in the file each begins … */
  readonly chunkOffsets = new NumberColumn(Float64Array);
  /** … and how many samples come before it. */
  readonly chunkStarts = new NumberColumn(Uint32Array);
  #totalUs = 0;

  get sampleCount(): number {
    return this.byteCounts.length;
  }

  /** From the first sample's beginning to the last one's end. */
  get totalUs(): number {
    return this.#totalUs;
  }

  /** Adds samples whose data lie one after the other, the first one's at byte `offset` of the file. */
  addChunk(offset: number, samples: readonly IndexedSample[]): void {
    if (samples.length === 0) return;
    this.chunkOffsets.push(offset);
    this.chunkStarts.push(this.sampleCount);
    for (const { byteCount, durationUs, isKey } of samples) {
      this.byteCounts.push(byteCount);
      this.durationsUs.push(durationUs);
      if (isKey) this.keyNumbers.push(this.sampleCount);
      this.#totalUs += durationUs;
    }
  }

  /** Forgets the samples after the first `sampleCount`. */
  truncate(sampleCount: number): void {
    while (this.sampleCount > sampleCount) {
      this.byteCounts.pop();
      this.#totalUs -= this.durationsUs.pop() ?? 0;
    }
    while ((this.keyNumbers.last ?? 0) > sampleCount) this.keyNumbers.pop();
    while ((this.chunkStarts.last ?? -1) >= sampleCount) {
      this.chunkStarts.pop();
      this.chunkOffsets.pop();
    }
  }
}
