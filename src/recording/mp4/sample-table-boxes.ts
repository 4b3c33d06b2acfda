import { wrapInBox } from "./box-bytes.ts";
import type { SampleIndex } from "./sample-index.ts";

/** Every chunk's samples are described by the first entry of `stsd`. */
const SAMPLE_DESCRIPTION = 1;

/**
 * The boxes that tell an ordinary file's samples (ISO/IEC 14496-12, 8.6 and 8.7), in the order in which they follow `stsd`
 * in `stbl`; in pieces. Made of typed arrays: mp4box takes such tables as arrays of Numbers and writes them one by one.
 */
export function sampleTableBoxes(index: SampleIndex): Uint8Array[] {
  const { sampleCount } = index;
  const durations = durationRuns(index.durationsUs.toArray());
  const chunks = chunkRuns(index.chunkStarts.toArray(), sampleCount);
  const offsets = halves(index.chunkOffsets.toArray());
  const keyNumbers = index.keyNumbers.toArray();
  const areAllKeys = keyNumbers.length === sampleCount;
  return [
    ...tableBox("stts", [durations.length / 2], durations),
    // Without this box every sample is a sync sample (8.6.2).
    ...(areAllKeys ? [] : tableBox("stss", [keyNumbers.length], keyNumbers)),
    ...tableBox("stsc", [chunks.length / 3], chunks),
    ...tableBox("stsz", [0, sampleCount], index.byteCounts.toArray()), // 0: each sample has a size of its own
    ...tableBox("co64", [offsets.length / 2], offsets),
  ];
}

/** The entries of `stts` (8.6.1.2): how many samples in a row last how long. */
function durationRuns(durationsUs: Uint32Array): Uint32Array<ArrayBuffer> {
  const entries = new Uint32Array(2 * durationsUs.length);
  let end = 0;
  let [count, durationUs] = [0, 0];
  // Counted, not for…of: that takes ten times as long while it is not compiled, and it runs once.
  for (let index = 0; index <= durationsUs.length; index++) {
    const next = durationsUs[index];
    if (next !== durationUs && count > 0) {
      entries[end++] = count;
      entries[end++] = durationUs;
      count = 0;
    }
    durationUs = next ?? 0;
    count++;
  }
  return entries.subarray(0, end);
}

/** The entries of `stsc` (8.7.4): from which chunk on chunks hold how many samples. */
function chunkRuns(chunkStarts: Uint32Array, sampleCount: number): Uint32Array<ArrayBuffer> {
  const entries = new Uint32Array(3 * chunkStarts.length);
  let end = 0;
  let previous = 0;
  for (let chunk = 0; chunk < chunkStarts.length; chunk++) {
    const samplesPerChunk = (chunkStarts[chunk + 1] ?? sampleCount) - (chunkStarts[chunk] ?? 0);
    if (samplesPerChunk === previous) continue;
    entries[end++] = chunk + 1;
    entries[end++] = samplesPerChunk;
    entries[end++] = SAMPLE_DESCRIPTION;
    previous = samplesPerChunk;
  }
  return entries.subarray(0, end);
}

/** Numbers of 64 bits in the order of `co64` (8.7.5), the higher half first. */
function halves(numbers: Float64Array): Uint32Array<ArrayBuffer> {
  const entries = new Uint32Array(2 * numbers.length);
  for (let index = 0; index < numbers.length; index++) {
    const number = numbers[index] ?? 0;
    entries[2 * index] = Math.floor(number / 2 ** 32);
    entries[2 * index + 1] = number % 2 ** 32;
  }
  return entries;
}

/** A FullBox (4.2.2) of version 0 without flags: a few numbers, then the entries, all of 32 bits, big endian. In pieces. */
function tableBox(type: string, head: readonly number[], entries: Uint32Array<ArrayBuffer>): Uint8Array[] {
  const versionAndFlags = 0;
  return wrapInBox(type, [bigEndian(Uint32Array.of(versionAndFlags, ...head)), bigEndian(entries)]);
}

/** In place: all machines that this runs on are little endian. */
function bigEndian({ buffer, byteOffset, byteLength }: Uint32Array<ArrayBuffer>): Uint8Array {
  return Buffer.from(buffer, byteOffset, byteLength).swap32();
}
