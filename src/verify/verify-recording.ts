import { MalformedBoxError } from "./box-reader.ts";
import { checkRecords } from "./check-records.ts";
import { fragmentSamples } from "./fragment-samples.ts";
import { reportIntervals } from "./interval-report.ts";
import { type MovieTrack, readMovie } from "./movie-track.ts";
import { PositionedFile } from "./positioned-file.ts";
import { Problems } from "./problems.ts";
import { recordingPaths } from "./recording-paths.ts";
import type { RecordingReport } from "./recording-report.ts";
import { RowMatcher } from "./row-matcher.ts";
import { SampleChecker } from "./sample-checker.ts";
import { tableSamples } from "./table-samples.ts";
import { listTopLevelBoxes, loadBox, readBoxHeader, type TopLevelBox } from "./top-level-boxes.ts";
import { UnreadableFileError } from "./unreadable-file-error.ts";
import { findUnfinished } from "./unfinished-video.ts";

/** Signals and timers get their turn after so many samples. */
const SAMPLES_PER_TURN = 4096;

/**
 * Reads a recording again, not trusting how it was written: the MP4 file's structure, its samples' data, its timing file
 * (`X.mp4`: `X_timing.csv`), row by row against sample by sample, its metadata (in the video and `X_recording.json`) and
 * its list of drops (`X_drops.jsonl`). Memory does not grow with the media, and by 8 bytes for each sample.
 * Throws UnreadableFileError when the file cannot be judged; whatever else is wrong is in the report.
 */
export async function verifyRecording(path: string): Promise<RecordingReport> {
  using file = new PositionedFile(path);
  const [problems, notes]: [Problems, string[]] = [new Problems(), []];
  const boxes = listTopLevelBoxes(file, problems);
  const track = readTrack(file, boxes, problems);
  const unfinished = findUnfinished(file, boxes, track);
  using rows = new RowMatcher(recordingPaths(path).timing, problems);
  const checker = new SampleChecker(file, boxes, track, problems);
  let settledSamples = 0;
  for (const sample of samples(file, boxes, track, problems)) {
    checker.check(sample);
    rows.match(sample.time);
    if (sample.at < (unfinished?.lastGroupAt ?? 0)) settledSamples = sample.number;
    if (sample.number % SAMPLES_PER_TURN === 0) await Bun.sleep(0);
  }
  checker.finish();
  rows.finish(checker.sampleCount);
  const { entry } = track;
  const facts = { path, entry, samples: checker.sampleCount, ...rows.facts };
  const { metadata, drops } = checkRecords(facts, track.metadata, rows.intervals, { problems, notes });
  const isTornEndOnly = unfinished?.isEndOfAll === true && problems.areTornAfter(settledSamples);
  if (unfinished !== undefined) notes.push(aboutUnfinished(problems.isEmpty, isTornEndOnly, rows.wholeRowCount));
  const seconds = measureSeconds(checker, track.timescale);
  return {
    file: path,
    timingFile: recordingPaths(path).timing,
    ...{ codec: entry.codec, width: entry.width, height: entry.height },
    ...{ samples: checker.sampleCount, keyFrames: checker.keyFrameCount, rows: facts.rows },
    isUnfinished: unfinished !== undefined,
    durationSeconds: seconds.duration,
    rate: seconds.toLast > 0 ? (checker.sampleCount - 1) / seconds.toLast : 0,
    firstSensorTimestampNs: facts.firstSensorTimestampNs,
    lastSensorTimestampNs: facts.lastSensorTimestampNs,
    intervals: reportIntervals(rows.intervals, metadata),
    metadata,
    drops,
    problems: problems.list(),
    isTornEndOnly,
    notes,
  };
}

function* samples(file: PositionedFile, boxes: readonly TopLevelBox[], track: MovieTrack, problems: Problems) {
  yield* tableSamples(track, file.byteCount, problems);
  yield* fragmentSamples(file, boxes, track, problems);
}

function readTrack(file: PositionedFile, boxes: readonly TopLevelBox[], problems: Problems): MovieTrack {
  const [moov, second] = boxes.filter((box) => box.type === "moov");
  if (boxes[0]?.type !== "ftyp") problems.add("top level", "file does not begin with a file type box (ftyp)");
  if (!moov) throw new UnreadableFileError(whyNoMovie(file, boxes));
  if (second) problems.add("top level", "file has more than one movie box (moov)");
  if (moov.end > file.byteCount) throw new UnreadableFileError(`${file.path} is cut off inside its movie box (moov)`);
  try {
    return readMovie(loadBox(file, moov), problems);
  } catch (error) {
    if (!(error instanceof MalformedBoxError)) throw error;
    throw new UnreadableFileError(`${file.path} has a damaged movie box (moov): ${error.message}`, { cause: error });
  }
}

/** A finished recording whose end was cut off still begins with the movie box that it began with: `repair` needs no more. */
function whyNoMovie(file: PositionedFile, [, mdat]: readonly TopLevelBox[]): string {
  if (file.byteCount === 0) return `${file.path} is empty`;
  const isCutOff = mdat?.type === "mdat" && readBoxHeader(file, mdat.payloadAt)?.type === "moov";
  if (isCutOff) return `${file.path} has lost its end, and the movie box (moov) with it: csi-camera repair may mend it`;
  return `${file.path} is not an MP4 file: it has no movie box (moov)`;
}

function aboutUnfinished(isSound: boolean, isTornEndOnly: boolean, wholeRows: number): string {
  const what = "the video is unfinished: its recording goes on, was broken off, or had no room for its end";
  if (isSound) return `${what}; csi-camera repair makes an ordinary file of it`;
  if (!isTornEndOnly) return what;
  // Without a row no picture has a time: repair keeps the pictures, and they stay without rows.
  return `${what}; only its end is torn${wholeRows > 0 ? ": csi-camera repair mends it" : ", and no row is there"}`;
}

function measureSeconds({ firstTime, last }: SampleChecker, timescale: number): { toLast: number; duration: number } {
  if (!last || timescale === 0) return { toLast: 0, duration: 0 };
  const toLast = last.time - firstTime;
  return { toLast: toLast / timescale, duration: (toLast + last.duration) / timescale };
}
