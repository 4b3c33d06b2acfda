import { basename } from "node:path";
import { systemErrorCode } from "../system-error.ts";
import { AppendFile } from "../recording/append-file.ts";
import { diskError } from "../recording/disk-error.ts";
import { finalMovie } from "../recording/mp4/final-movie.ts";
import { makeOrdinary } from "../recording/mp4/make-ordinary.ts";
import { PositionedFile } from "../verify/positioned-file.ts";
import { recordingPaths } from "../verify/recording-paths.ts";
import { UnreadableFileError } from "../verify/unreadable-file-error.ts";
import { type AbortedRecording, readAbortedRecording } from "./aborted-recording.ts";
import { type AgreeingRows, agreeingRows } from "./agreeing-rows.ts";
import { findWriter } from "./find-writer.ts";
import { NotRepairableError } from "./not-repairable-error.ts";

/** More behind the rows that agree is not what the end of a recording leaves: 10 s of rows at 60 frames/s. */
const TORN_ROWS_BYTES_MAX = 65_536;

/** The timing file beside the video, and what of it agrees with the video. */
interface Timing {
  readonly path: string;
  readonly byteCount: number;
  readonly rows: AgreeingRows;
}

/**
 * Makes an ordinary MP4 of a recording that was broken off, in place, and has its timing file agree with it: sample k is
 * row k, and there is none without the other. Relies on the order in which recordings are written (durable-recording.ts):
 *
 * - Rows decide how many of the last samples count. One that has its row is in the file, even if its fragment is still
 *   hidden; one without has no exact time, and is left out of the tables. Its bytes stay where they are.
 * - A video without any row beside it keeps all revealed samples: pictures without times are better than none.
 * - What lies behind the last fragment and the last row that count is cut off.
 * - Damage that such an end does not explain is no matter for this: nothing is changed.
 *
 * May be ended at any moment and run again: the timing file first, then the order of make-ordinary.ts. Returns what was
 * done, as a sentence. Throws NotRepairableError or UnreadableFileError, or as AppendFile.
 */
export async function repairRecording(path: string): Promise<string> {
  const aborted = read(path);
  if (aborted === undefined) return "is an ordinary MP4 file already: nothing to do";
  const { index, reservedAt, moov, revealedSamples, revealedEnd, wholeEnd } = aborted;
  const timing = readTiming(recordingPaths(path).timing, aborted);
  const hasRows = timing !== undefined && timing.rows.count > 0;
  index.truncate(hasRows ? timing.rows.count : revealedSamples);
  const end = index.sampleCount > revealedSamples ? wholeEnd : revealedEnd;
  if (timing !== undefined) await changeFile(timing.path, timing.rows.byteCount);
  await changeFile(path, end, (video) => makeOrdinary(video, reservedAt, finalMovie(moov, index)));
  return describe(index.sampleCount, revealedSamples, timing);
}

function read(path: string): AbortedRecording | undefined {
  using file = new PositionedFile(path);
  const writer = findWriter(path);
  if (writer !== undefined) throw new NotRepairableError(`process ${writer} is writing to it`);
  return readAbortedRecording(file);
}

/** undefined: there is none. */
function readTiming(path: string, { index, settledSamples }: AbortedRecording): Timing | undefined {
  using file = openTiming(path);
  if (file === undefined) return undefined;
  const rows = agreeingRows(file, index);
  const isExplained =
    rows !== undefined && rows.count >= settledSamples && file.byteCount - rows.byteCount <= TORN_ROWS_BYTES_MAX;
  if (isExplained) return { path, byteCount: file.byteCount, rows };
  const what = rows === undefined ? "its header is another" : `row ${rows.count + 1} does not agree with the video`;
  throw new NotRepairableError(
    `${basename(path)} is not what a broken-off recording leaves: ${what}; move it away to repair the video alone`,
  );
}

function openTiming(path: string): PositionedFile | undefined {
  try {
    return new PositionedFile(path);
  } catch (error) {
    if (error instanceof UnreadableFileError && isMissing(error.cause)) return undefined;
    throw error;
  }
}

function isMissing(cause: unknown): boolean {
  return systemErrorCode(cause) === "ENOENT";
}

/** Cuts off what is behind the first `byteCount` bytes, then makes the other change, if there is one. */
async function changeFile(
  path: string,
  byteCount: number,
  change?: (file: AppendFile) => Promise<void>,
): Promise<void> {
  const file = await AppendFile.open(path).catch((cause: unknown) => {
    throw diskError(`cannot open ${path} to write`, cause);
  });
  try {
    if (file.byteCount > byteCount) await file.truncate(byteCount);
    await change?.(file);
  } finally {
    await file.close();
  }
}

function describe(sampleCount: number, revealedSamples: number, timing: Timing | undefined): string {
  const parts = [`repaired: ${counted(sampleCount, "picture")}`];
  if (timing === undefined) parts.push("without a timing file");
  else if (timing.rows.count === 0) parts.push("without rows: the timing file has none");
  else parts.push("each with its row");
  const leftOut = revealedSamples - sampleCount;
  if (leftOut > 0) parts.push(`${counted(leftOut, "picture")} without a row left out at the end`);
  const cutBytes = timing === undefined ? 0 : timing.byteCount - timing.rows.byteCount;
  if (cutBytes > 0) parts.push(`${counted(cutBytes, "byte")} cut off the timing file's end`);
  return parts.join(", ");
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
