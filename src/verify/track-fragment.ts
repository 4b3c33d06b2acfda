import { type BoxReader, MalformedBoxError, requireBox } from "./box-reader.ts";
import type { MovieTrack, SampleDefaults } from "./movie-track.ts";
import { readTrackRun, type TrackRun } from "./track-run.ts";

/** One fragment's samples. */
export interface TrackFragment {
  /** Decode time of the first sample, ticks. */
  readonly startTime: number;
  readonly runs: readonly TrackRun[];
}

/**
 * The boxes of `traf` (ISO/IEC 14496-12, 8.8.6) of the movie fragment that begins at byte `moofAt` of the file. All samples
 * together can't be larger than `fileByteCount`: a few bytes could announce millions of them otherwise.
 */
export function readTrackFragment(
  boxes: readonly BoxReader[],
  { track, moofAt, fileByteCount }: { track: MovieTrack; moofAt: number; fileByteCount: number },
): TrackFragment {
  if (!track.fragmentDefaults) throw new MalformedBoxError("moov announces no fragments (trex)");
  const { trackId, baseAt, defaults } = readTrackFragmentHeader(requireBox(boxes, "tfhd"), track.fragmentDefaults);
  if (trackId !== track.trackId) throw new MalformedBoxError(`it is of track ${trackId}, expected ${track.trackId}`);
  const tfdt = requireBox(boxes, "tfdt");
  const startTime = tfdt.versionAndFlags({ versionMax: 1 }).version === 1 ? tfdt.uint64() : tfdt.uint32();
  tfdt.expectEnd();
  const runs: TrackRun[] = [];
  let dataAt = baseAt ?? moofAt;
  let bytesLeft = fileByteCount;
  for (const trun of boxes.filter((box) => box.type === "trun")) {
    const run = readTrackRun(trun, { baseAt: baseAt ?? moofAt, dataAt, defaults, fileByteCount: bytesLeft });
    runs.push(run);
    const byteCount = run.samples.reduce((sum, sample) => sum + sample.byteCount, 0);
    dataAt = run.dataAt + byteCount;
    bytesLeft -= byteCount;
  }
  if (runs.length === 0) throw new MalformedBoxError("no trun box");
  return { startTime, runs };
}

/** `tfhd` (8.8.7): which of its fields are there is in its flags. */
function readTrackFragmentHeader(tfhd: BoxReader, trex: SampleDefaults) {
  const { flags } = tfhd.versionAndFlags({ flagsKnown: 0x2003b });
  // Offsets count from a place that is given, or from the moof box.
  if ((flags & 0x20001) === 0) throw new MalformedBoxError("tfhd does not say what offsets count from");
  const trackId = tfhd.uint32();
  const baseAt = flags & 0x1 ? tfhd.uint64() : undefined;
  if (flags & 0x2 && tfhd.uint32() !== 1) throw new MalformedBoxError("tfhd: unknown sample description");
  const defaults = {
    duration: flags & 0x8 ? tfhd.uint32() : trex.duration,
    byteCount: flags & 0x10 ? tfhd.uint32() : trex.byteCount,
    flags: flags & 0x20 ? tfhd.uint32() : trex.flags,
  };
  tfhd.expectEnd();
  return { trackId, baseAt, defaults };
}
