import { SampleIndex } from "../recording/mp4/sample-index.ts";
import { MalformedBoxError, requireBox } from "../verify/box-reader.ts";
import type { MovieTrack } from "../verify/movie-track.ts";
import type { PositionedFile } from "../verify/positioned-file.ts";
import { loadBox, readBoxHeader, type TopLevelBox } from "../verify/top-level-boxes.ts";
import { readTrackFragment, type TrackFragment } from "../verify/track-fragment.ts";
import { NotRepairableError } from "./not-repairable-error.ts";

/** The whole fragments of a video. Places are bytes from the file's beginning. */
export interface IndexedFragments {
  /** Their samples, in the file's order; of the last one, if that is hidden, too. */
  readonly index: SampleIndex;
  /** Samples of the revealed fragments but the last: the rows of these were synced before the last one was begun. */
  readonly settledSamples: number;
  readonly revealedSamples: number;
  /** Where the last revealed fragment ends, and the last whole one. */
  readonly revealedEnd: number;
  readonly wholeEnd: number;
}

/** `moof`, or `free` while hidden, or what a power cut made of the one being written over the other. */
const FRAGMENT_NAME = /^[fm][ro][eo][ef]$/;
const REVEALED = "moof";
/** A `moof` box's name, and the box that always comes first in it: 16 bytes of `mfhd` (ISO/IEC 14496-12, 8.8.5). */
const REVEALED_BEGINNING = Buffer.from(`${REVEALED}\0\0\0\x10mfhd`, "latin1");
const SEARCHED_BYTES = 1024 * 1024;

/**
 * Indexes the samples of a recording's whole fragments, from byte `start` on, the last of which may be hidden. Throws
 * NotRepairableError where a revealed fragment is damaged or lies behind damage: what ends a recording leaves no such
 * thing, and what `repair` cannot reach it must not cut off.
 */
export function indexFragments(file: PositionedFile, start: number, track: MovieTrack): IndexedFragments {
  const index = new SampleIndex();
  let [settledSamples, revealedSamples, revealedEnd, wholeEnd] = [0, 0, start, start];
  for (let number = 1; revealedEnd === wholeEnd; number++) {
    const place = wholeFragmentAt(file, revealedEnd);
    if (place === undefined || !addFragment(file, place, number, { track, index })) break;
    wholeEnd = place.mdat.end;
    if (place.moof.type !== REVEALED) break;
    settledSamples = revealedSamples;
    revealedSamples = index.sampleCount;
    revealedEnd = wholeEnd;
  }
  const lostAt = findRevealed(file, wholeEnd + 8);
  if (lostAt !== undefined) {
    throw new NotRepairableError(
      `it is damaged from byte ${wholeEnd} on, and there are pictures behind that, from byte ${lostAt} on`,
    );
  }
  return { index, settledSamples, revealedSamples, revealedEnd, wholeEnd };
}

interface FragmentPlace {
  readonly moof: TopLevelBox;
  readonly mdat: TopLevelBox;
}

/** The two boxes of a fragment that begins at byte `at`, if the file holds all of them. */
function wholeFragmentAt(file: PositionedFile, at: number): FragmentPlace | undefined {
  const moof = readBoxHeader(file, at);
  if (moof === undefined || !FRAGMENT_NAME.test(moof.type)) return undefined;
  const mdat = readBoxHeader(file, moof.end);
  return mdat?.type === "mdat" && mdat.end <= file.byteCount ? { moof, mdat } : undefined;
}

/** False for a hidden fragment that is none; a revealed one must be right. */
function addFragment(
  file: PositionedFile,
  { moof, mdat }: FragmentPlace,
  number: number,
  { track, index }: { track: MovieTrack; index: SampleIndex },
): boolean {
  try {
    const { runs } = readFragment(file, { moof, mdat }, number, { track, startTime: index.totalUs });
    for (const { dataAt, samples } of runs) {
      const indexed = samples.map(({ byteCount, duration, isSync }) => ({
        byteCount,
        durationUs: duration,
        isKey: isSync,
      }));
      index.addChunk(dataAt, indexed);
    }
    return true;
  } catch (error) {
    if (!(error instanceof MalformedBoxError)) throw error;
    if (moof.type !== REVEALED) return false;
    throw new NotRepairableError(`its fragment ${number} at byte ${moof.at} is damaged: ${error.message}`, {
      cause: error,
    });
  }
}

/** Reads a fragment that must be what follows: the next number, beginning when the last one ended, filling its data. */
function readFragment(
  file: PositionedFile,
  { moof, mdat }: FragmentPlace,
  number: number,
  { track, startTime }: { track: MovieTrack; startTime: number },
): TrackFragment {
  const boxes = loadBox(file, moof).children();
  const mfhd = requireBox(boxes, "mfhd");
  mfhd.versionAndFlags();
  const sequenceNumber = mfhd.uint32();
  if (sequenceNumber !== number) throw new MalformedBoxError(`it has the number ${sequenceNumber}`);
  const traf = requireBox(boxes, "traf").children();
  const fragment = readTrackFragment(traf, { track, moofAt: moof.at, fileByteCount: file.byteCount });
  if (fragment.startTime !== startTime) {
    throw new MalformedBoxError(`it begins at ${fragment.startTime} µs, the one before it ends at ${startTime} µs`);
  }
  let at = mdat.payloadAt;
  for (const { dataAt, samples } of fragment.runs) {
    if (dataAt !== at) throw new MalformedBoxError(`its samples begin at byte ${dataAt}, expected ${at}`);
    at = samples.reduce((end, { byteCount }) => end + byteCount, at);
  }
  if (at !== mdat.end) throw new MalformedBoxError(`its samples end at byte ${at}, its data at ${mdat.end}`);
  return fragment;
}

/** Where the next revealed fragment after byte `start` seems to begin. */
function findRevealed(file: PositionedFile, start: number): number | undefined {
  const overlap = REVEALED_BEGINNING.length - 1;
  for (let at = start; at + overlap < file.byteCount; at += SEARCHED_BYTES) {
    const bytes = file.read(at, Math.min(SEARCHED_BYTES + overlap, file.byteCount - at));
    const found = Buffer.from(bytes.buffer).indexOf(REVEALED_BEGINNING);
    if (found >= 0) return at + found - 4;
  }
  return undefined;
}
