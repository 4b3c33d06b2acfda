import type { SampleIndex } from "../recording/mp4/sample-index.ts";
import type { MovieTrack } from "../verify/movie-track.ts";
import type { PositionedFile } from "../verify/positioned-file.ts";
import { readBoxHeader, type TopLevelBox } from "../verify/top-level-boxes.ts";
import { FragmentReader } from "./fragment-reader.ts";
import { NotRepairableError } from "./not-repairable-error.ts";

/** The whole fragments of a video. Places are bytes from the file's beginning. */
export interface IndexedFragments {
  /** Their samples, in the file's order; of the last group, if that is hidden, too. */
  readonly index: SampleIndex;
  /** Samples of all groups but the last that is revealed: the rows of these were synced before it was begun. */
  readonly settledSamples: number;
  readonly revealedSamples: number;
  /** Where the last revealed fragment ends, and the last whole group. */
  readonly revealedEnd: number;
  readonly wholeEnd: number;
}

/** What a group of fragments begins with when it has been revealed (hidden-fragments.ts) … */
const EMPTIED = Buffer.from("\0\0\0\x08free", "latin1");
/** … and what comes next, after a size: `moof` and the first box in it, 16 bytes of `mfhd` (ISO/IEC 14496-12, 8.8.5). */
const MOOF_BEGINNING = Buffer.from("moof\0\0\0\x10mfhd", "latin1");
const REVEALED_BYTES = EMPTIED.length + 4 + MOOF_BEGINNING.length;
const SEARCHED_BYTES = 1024 * 1024;

/**
 * Indexes the samples of a recording's whole fragments, from byte `start` on. Throws NotRepairableError where a revealed
 * one is damaged or lies behind damage: what ends a recording leaves no such thing, and nobody may cut it off.
 */
export function indexFragments(file: PositionedFile, start: number, track: MovieTrack): IndexedFragments {
  const reader = new FragmentReader(file, track, start);
  const { index } = reader;
  let settledSamples = 0;
  for (;;) {
    const box = readBoxHeader(file, reader.at);
    if (box !== undefined && isEmptied(box)) {
      settledSamples = index.sampleCount;
      reader.at = box.end;
    } else if (!reader.read({ isHidden: false })) break;
  }
  const [revealedSamples, revealedEnd] = [index.sampleCount, reader.at];
  const wholeEnd = readHidden(file, reader) ?? revealedEnd;
  const lostAt = findRevealed(file, wholeEnd);
  if (lostAt !== undefined) {
    throw new NotRepairableError(
      `it is damaged from byte ${wholeEnd} on, and there are pictures behind that, from byte ${lostAt} on`,
    );
  }
  return { index, settledSamples, revealedSamples, revealedEnd, wholeEnd };
}

function isEmptied({ type, at, end }: TopLevelBox): boolean {
  return type === "free" && end - at === EMPTIED.length;
}

/** Reads the group that is still hidden, if there is a whole one; returns where it ends. */
function readHidden(file: PositionedFile, reader: FragmentReader): number | undefined {
  const box = readBoxHeader(file, reader.at);
  if (box?.type !== "free" || box.end > file.byteCount) return undefined;
  const { sampleCount } = reader.index;
  reader.at = box.payloadAt;
  while (reader.at < box.end && reader.read({ isHidden: true }));
  return reader.index.sampleCount > sampleCount ? box.end : undefined;
}

/** Where a revealed group seems to begin, from byte `start` on. */
function findRevealed(file: PositionedFile, start: number): number | undefined {
  for (let at = start; at < file.byteCount; at += SEARCHED_BYTES) {
    const byteCount = Math.min(SEARCHED_BYTES + REVEALED_BYTES, file.byteCount - at);
    const bytes = Buffer.from(file.read(at, byteCount).buffer);
    for (let found = bytes.indexOf(EMPTIED); found >= 0; found = bytes.indexOf(EMPTIED, found + 1)) {
      const moofAt = found + EMPTIED.length + 4;
      if (bytes.subarray(moofAt, moofAt + MOOF_BEGINNING.length).equals(MOOF_BEGINNING)) return at + moofAt - 4;
    }
  }
  return undefined;
}
