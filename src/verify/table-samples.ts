import { findBox, MalformedBoxError, requireBox } from "./box-reader.ts";
import type { MovieTrack } from "./movie-track.ts";
import type { Problems } from "./problems.ts";
import type { StoredSample } from "./stored-sample.ts";
import { chunkOffsets, compositionOffsets, durations, sampleSizes, syncSamples } from "./sample-tables.ts";

/**
 * The samples that the movie box's own tables describe (ISO/IEC 14496-12, 8.6 and 8.7): all of them in an ordinary file,
 * none in a fragmented one. The tables must agree on how many there are and with the track's duration.
 */
export function* tableSamples(
  track: MovieTrack,
  fileByteCount: number,
  problems: Problems,
): Generator<StoredSample, void> {
  const { tables } = track;
  try {
    const sizes = sampleSizes(requireBox(tables, "stsz"), fileByteCount);
    const deltas = durations(requireBox(tables, "stts"));
    const offsets = chunkOffsets(requireBox(tables, "stsc"), findBox(tables, "co64") ?? requireBox(tables, "stco"));
    const compositions = compositionOffsets(findBox(tables, "ctts"));
    const syncs = syncSamples(findBox(tables, "stss"));
    let number = 0;
    let time = 0;
    let at = 0;
    for (const byteCount of sizes) {
      number++;
      const duration = take(deltas, "stts");
      const chunkAt = take(offsets, "stsc");
      at = chunkAt ?? at;
      const isSync = take(syncs, "stss");
      yield { number, at, byteCount, time: time + take(compositions, "ctts"), duration, isSync };
      time += duration;
      at += byteCount;
    }
    expectEnd(deltas, "stts", number);
    expectEnd(offsets, "stsc", number);
    if (number > 0 && time !== track.duration) {
      problems.add("tables", `samples last ${time} ticks, but the track's duration is ${track.duration}`);
    }
  } catch (error) {
    if (!(error instanceof MalformedBoxError)) throw error;
    problems.add("tables", `sample tables cannot be read: ${error.message}`);
  }
}

function take<T>(values: Generator<T, void>, table: string): T {
  const next = values.next();
  if (next.done) throw new MalformedBoxError(`${table} has fewer samples than stsz`);
  return next.value;
}

function expectEnd(values: Generator<unknown, void>, table: string, sampleCount: number): void {
  if (!values.next().done) throw new MalformedBoxError(`${table} has more samples than stsz, which has ${sampleCount}`);
}
