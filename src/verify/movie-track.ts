import { type BoxReader, findBox, MalformedBoxError, requireBox } from "./box-reader.ts";
import { readMetadataBoxes } from "./movie-metadata.ts";
import type { Problems } from "./problems.ts";
import { readSampleEntry, type SampleEntry } from "./sample-entry.ts";

/** What `trex` says of samples whose fragment does not. */
export interface SampleDefaults {
  readonly duration: number;
  readonly byteCount: number;
  readonly flags: number;
}

/** The video track of a movie box. */
export interface MovieTrack {
  readonly trackId: number;
  /** Ticks per second. */
  readonly timescale: number;
  /** Ticks; 0 when the samples are in fragments. */
  readonly duration: number;
  readonly entry: SampleEntry;
  /** The boxes of `stbl`. */
  readonly tables: readonly BoxReader[];
  /** Undefined in a file that announces no fragments. */
  readonly fragmentDefaults: SampleDefaults | undefined;
  /** What the movie box holds of the recording's metadata, not looked into. Borrowed from it. */
  readonly metadata: readonly Uint8Array[];
}

/** A recording's times are microseconds. */
const TIMESCALE = 1_000_000;

/** Reads `moov` (ISO/IEC 14496-12, 8.2.1), which must hold one video track. Throws MalformedBoxError. */
export function readMovie(moov: BoxReader, problems: Problems): MovieTrack {
  const boxes = moov.children();
  const tracks = boxes.filter((box) => box.type === "trak");
  const [trak] = tracks;
  if (!trak) throw new MalformedBoxError("moov holds no track");
  if (tracks.length > 1) problems.add("movie", `file holds ${tracks.length} tracks, expected 1; the first is checked`);
  const movie = readTimes(requireBox(boxes, "mvhd"));
  const track = readTrack(trak.children(), movie, findBox(boxes, "mvex"), problems);
  return { ...track, metadata: readMetadataBoxes(boxes) };
}

function readTrack(
  trak: readonly BoxReader[],
  movie: Times,
  mvex: BoxReader | undefined,
  problems: Problems,
): Omit<MovieTrack, "metadata"> {
  const tkhd = readTrackHeader(requireBox(trak, "tkhd"));
  const mdia = requireBox(trak, "mdia").children();
  const { timescale, duration } = readTimes(requireBox(mdia, "mdhd"));
  if (timescale !== TIMESCALE) problems.add("movie", `track timescale is ${timescale}, expected ${TIMESCALE}`);
  const hdlr = requireBox(mdia, "hdlr");
  hdlr.skip(8);
  const handler = hdlr.fourcc();
  if (handler !== "vide") problems.add("movie", `track is of type ${JSON.stringify(handler)}, expected "vide"`);
  const tables = requireBox(requireBox(mdia, "minf").children(), "stbl").children();
  const entry = readSampleEntry(requireBox(tables, "stsd"), problems);
  if (tkhd.width !== entry.width || tkhd.height !== entry.height) {
    const got = `${tkhd.width}x${tkhd.height}`;
    problems.add("movie", `track is shown at ${got}, but its pictures are ${entry.width}x${entry.height}`);
  }
  if (!mvex) checkDurations(movie, tkhd.duration, { timescale, duration }, problems);
  checkEditList(findBox(trak, "edts"), problems);
  const fragmentDefaults = mvex && readSampleDefaults(mvex, tkhd.trackId);
  return { trackId: tkhd.trackId, timescale, duration, entry, tables, fragmentDefaults };
}

interface Times {
  /** Ticks per second. */
  readonly timescale: number;
  readonly duration: number;
}

/** Timescale and duration of `mvhd` (8.2.2) or `mdhd` (8.4.2), which begin alike. */
function readTimes(box: BoxReader): Times {
  const { version } = box.versionAndFlags({ versionMax: 1 });
  box.skip(version === 1 ? 16 : 8);
  const timescale = box.uint32();
  const duration = version === 1 ? box.uint64() : box.uint32();
  return { timescale, duration };
}

/** An ordinary file's movie and track last as long as the track's media; in ticks of the movie's, which may be coarser. */
function checkDurations(movie: Times, trackDuration: number, media: Times, problems: Problems): void {
  const ticksPerTick = movie.timescale / media.timescale;
  const expected = media.duration * ticksPerTick;
  const tolerance = ticksPerTick === 1 ? 0 : 1;
  for (const [what, duration] of [
    ["movie", movie.duration],
    ["track", trackDuration],
  ] as const) {
    if (Math.abs(duration - expected) <= tolerance) continue;
    problems.add("movie", `${what} lasts ${duration} ticks, expected ${expected} as its media do`);
  }
}

/** `tkhd` (8.3.2); width and height are 16.16 numbers at its end. */
function readTrackHeader(box: BoxReader): { trackId: number; duration: number; width: number; height: number } {
  const { version } = box.versionAndFlags({ versionMax: 1, flagsKnown: 0xf });
  box.skip(version === 1 ? 16 : 8);
  const trackId = box.uint32();
  box.skip(4);
  const duration = version === 1 ? box.uint64() : box.uint32();
  box.skip(52);
  return { trackId, duration, width: box.uint32() / 2 ** 16, height: box.uint32() / 2 ** 16 };
}

/** `trex` (8.8.3) of this track. */
function readSampleDefaults(mvex: BoxReader, trackId: number): SampleDefaults | undefined {
  for (const trex of mvex.children().filter((box) => box.type === "trex")) {
    trex.versionAndFlags();
    if (trex.uint32() !== trackId) continue;
    if (trex.uint32() !== 1) throw new MalformedBoxError("trex: unknown sample description");
    return { duration: trex.uint32(), byteCount: trex.uint32(), flags: trex.uint32() };
  }
  return undefined;
}

/** `elst` (8.6.6): anything but "all of it from the start" moves the samples' times. */
function checkEditList(edts: BoxReader | undefined, problems: Problems): void {
  const elst = edts && findBox(edts.children(), "elst");
  if (!elst) return;
  const { version } = elst.versionAndFlags({ versionMax: 1 });
  const entryCount = elst.uint32();
  if (entryCount === 0) return;
  elst.skip(version === 1 ? 8 : 4); // the edit's length
  const isFromStart = version === 1 ? elst.int32() === 0 && elst.int32() === 0 : elst.int32() === 0;
  if (entryCount > 1 || !isFromStart) problems.add("movie", "an edit list moves the samples' times");
}
