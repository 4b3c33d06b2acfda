import { RESERVED_BOX, RESERVED_MARK } from "../recording/mp4/reserved-box.ts";
import type { MovieTrack } from "./movie-track.ts";
import type { PositionedFile } from "./positioned-file.ts";
import type { TopLevelBox } from "./top-level-boxes.ts";

/** A recording that goes on or was broken off, or that there was no time or room to make an ordinary file of. */
export interface UnfinishedVideo {
  /** Where the last group of fragments begins: samples of those before it, and their rows, were on the disk before it was begun. */
  readonly lastGroupAt: number;
  /** Behind the last whole fragment lies nothing, or what was being written: no other fragment. */
  readonly isEndOfAll: boolean;
}

/** What a group of fragments begins with (hidden-fragments.ts) … */
const EMPTIED = Buffer.from("\0\0\0\x08free", "latin1");
/** … and what comes next, after a size: `moof` and the first box in it, 16 bytes of `mfhd` (ISO/IEC 14496-12, 8.8.5). */
const MOOF_BEGINNING = Buffer.from("moof\0\0\0\x10mfhd", "latin1");
/** What may be on its way to the disk at once: fragments that wait (fragment-writer.ts), or the tables of half a day. */
const TAIL_BYTES_MAX = 64 * 1024 * 1024;

/** undefined: an ordinary file, or one that this module did not begin to record (reserved-box.ts). */
export function findUnfinished(
  file: PositionedFile,
  boxes: readonly TopLevelBox[],
  { fragmentDefaults }: MovieTrack,
): UnfinishedVideo | undefined {
  const [, reserved, moov] = boxes;
  if (reserved === undefined || moov?.type !== "moov" || fragmentDefaults === undefined) return undefined;
  if (!isReserved(file, reserved)) return undefined;
  // Without groups, each fragment is one.
  const lastGroup = boxes.findLast(isGroup) ?? boxes.findLast(({ type }) => type === "moof") ?? moov;
  const wholeEnd = boxes.findLast((box, index) => isWhole(box, boxes[index - 1], file))?.end ?? moov.end;
  const tailAt = Math.max(wholeEnd, boxes.findLast(isGroup)?.end ?? 0);
  return { lastGroupAt: lastGroup.at, isEndOfAll: !hasFragments(file, tailAt) };
}

function isGroup({ type, at, end }: TopLevelBox): boolean {
  return type === "free" && end - at === EMPTIED.length;
}

/** The media data of a fragment that is all in the file. */
function isWhole({ type, end }: TopLevelBox, previous: TopLevelBox | undefined, file: PositionedFile): boolean {
  return type === "mdat" && previous?.type === "moof" && end <= file.byteCount;
}

function isReserved(file: PositionedFile, { type, at, payloadAt, end }: TopLevelBox): boolean {
  if (type !== "free" || end - at !== RESERVED_BOX.byteLength || end > file.byteCount) return false;
  return Buffer.from(file.read(payloadAt, end - payloadAt)).toString("latin1") === RESERVED_MARK;
}

/** Whether a group of fragments that players are to see begins behind byte `start`, or may. */
function hasFragments(file: PositionedFile, start: number): boolean {
  const tailBytes = Math.max(0, file.byteCount - start);
  if (tailBytes > TAIL_BYTES_MAX) return true;
  const tail = Buffer.from(file.read(start, tailBytes).buffer);
  for (let found = tail.indexOf(EMPTIED); found >= 0; found = tail.indexOf(EMPTIED, found + 1)) {
    const moofAt = found + EMPTIED.length + 4;
    if (tail.subarray(moofAt, moofAt + MOOF_BEGINNING.length).equals(MOOF_BEGINNING)) return true;
  }
  return false;
}
