import { RESERVED_BOX, RESERVED_MARK } from "../recording/mp4/reserved-box.ts";
import { MalformedBoxError } from "../verify/box-reader.ts";
import { type MovieTrack, readMovie } from "../verify/movie-track.ts";
import type { PositionedFile } from "../verify/positioned-file.ts";
import { Problems } from "../verify/problems.ts";
import { listTopLevelBoxes, loadBox, readBoxHeader, type TopLevelBox } from "../verify/top-level-boxes.ts";
import { NotRepairableError } from "./not-repairable-error.ts";
import { type IndexedFragments, indexFragments } from "./recorded-fragments.ts";

/** What there is in the video of a recording that was broken off. */
export interface AbortedRecording extends IndexedFragments {
  /** Where the reserved box is, bytes from the file's beginning. */
  readonly reservedAt: number;
  /** The movie box that it began with, whole. */
  readonly moov: Uint8Array;
}

/**
 * Reads a video with the parser of `verify`, headers only. undefined: it is an ordinary MP4 already. Throws
 * NotRepairableError for any other file but one that this module began to record, UnreadableFileError as PositionedFile.
 */
export function readAbortedRecording(file: PositionedFile): AbortedRecording | undefined {
  const boxes = listTopLevelBoxes(file, new Problems());
  const [ftyp, reserved] = boxes;
  if (ftyp?.type !== "ftyp") throw new NotRepairableError("it is no MP4 file");
  const wholeMoov = boxes.find(({ type, end }) => type === "moov" && end <= file.byteCount);
  const moov = wholeMoov ?? movieInsideMediaData(file, reserved);
  if (moov === undefined) {
    throw new NotRepairableError("its movie box (moov) is missing or cut off, and no picture can be found without it");
  }
  const track = readTrack(file, moov);
  const isFragmented = track.fragmentDefaults !== undefined || boxes.some(({ type }) => type === "moof");
  if (!isFragmented) return undefined;
  if (reserved === undefined || !isReserved(file, reserved) || moov.at !== reserved.at + RESERVED_BOX.byteLength) {
    throw new NotRepairableError(
      "it is a fragmented MP4 file without room for the header of an ordinary one: this module did not record it",
    );
  }
  return {
    reservedAt: reserved.at,
    moov: file.read(moov.at, moov.end - moov.at),
    ...indexFragments(file, moov.end, track),
  };
}

/** An ordinary file whose end was cut off, as in a copy that was not finished, has its first movie box still. */
function movieInsideMediaData(file: PositionedFile, mdat: TopLevelBox | undefined): TopLevelBox | undefined {
  if (mdat?.type !== "mdat") return undefined;
  const first = readBoxHeader(file, mdat.payloadAt);
  return first?.type === "moov" && first.end <= file.byteCount ? first : undefined;
}

function readTrack(file: PositionedFile, moov: TopLevelBox): MovieTrack {
  const problems = new Problems();
  try {
    const track = readMovie(loadBox(file, moov), problems);
    // What is odd about an ordinary file is for `verify` to say.
    const [problem] = track.fragmentDefaults === undefined ? [] : problems.list();
    if (problem !== undefined) throw new NotRepairableError(problem);
    return track;
  } catch (error) {
    if (!(error instanceof MalformedBoxError)) throw error;
    throw new NotRepairableError(`its movie box (moov) is damaged: ${error.message}`, { cause: error });
  }
}

/** Still reserved, or the header that took its place. */
function isReserved(file: PositionedFile, { type, at, payloadAt, end }: TopLevelBox): boolean {
  if (type === "mdat") return payloadAt - at === RESERVED_BOX.byteLength;
  if (type !== "free" || end - at !== RESERVED_BOX.byteLength) return false;
  return Buffer.from(file.read(payloadAt, end - payloadAt)).toString("latin1") === RESERVED_MARK;
}
