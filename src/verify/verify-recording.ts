import { MalformedBoxError } from "./box-reader.ts";
import { fragmentSamples } from "./fragment-samples.ts";
import { type MovieTrack, readMovie } from "./movie-track.ts";
import { PositionedFile } from "./positioned-file.ts";
import { Problems } from "./problems.ts";
import type { RecordingReport } from "./recording-report.ts";
import { SampleChecker } from "./sample-checker.ts";
import { TimeChecker } from "./time-checker.ts";
import { tableSamples } from "./table-samples.ts";
import { timingPath } from "./timing-path.ts";
import { timingRows } from "./timing-rows.ts";
import { listTopLevelBoxes, loadBox, type TopLevelBox } from "./top-level-boxes.ts";
import { UnreadableFileError } from "./unreadable-file-error.ts";

/** Signals and timers get their turn after so many samples. */
const SAMPLES_PER_TURN = 4096;

/**
 * Reads a recording again, not trusting how it was written: the MP4 file's structure, its samples' data, and its timing
 * file (`X.mp4`: `X_timing.csv`), row by row against sample by sample. Memory does not grow with the media.
 * Throws UnreadableFileError when the file cannot be judged; whatever else is wrong is in the report.
 */
export async function verifyRecording(path: string): Promise<RecordingReport> {
  using file = new PositionedFile(path);
  const problems = new Problems();
  const boxes = listTopLevelBoxes(file, problems);
  const track = readTrack(file, boxes, problems);
  const timingFile = timingPath(path);
  using timing = openTiming(timingFile, problems);
  const rows = timing ? timingRows(timing, problems) : [].values();
  const checker = new SampleChecker(file, boxes, track, problems);
  const times = new TimeChecker(problems);
  let rowCount = 0;
  for (const sample of samples(file, boxes, track, problems)) {
    checker.check(sample);
    const row = rows.next();
    if (!row.done) {
      rowCount++;
      times.check(row.value, sample.time);
    }
    if (sample.number % SAMPLES_PER_TURN === 0) await Bun.sleep(0);
  }
  for (const row of rows) {
    rowCount++;
    times.check(row, undefined);
  }
  checker.finish();
  const { sampleCount } = checker;
  if (sampleCount === 0) problems.add("count", "video holds no samples");
  if (timing && rowCount !== sampleCount) {
    problems.add("count", `video has ${sampleCount} samples, timing file ${rowCount} rows`);
  }
  const { codec, width, height } = track.entry;
  const seconds = measureSeconds(checker, track.timescale);
  return {
    file: path,
    timingFile,
    codec,
    width,
    height,
    samples: sampleCount,
    keyFrames: checker.keyFrameCount,
    rows: rowCount,
    durationSeconds: seconds.duration,
    rate: seconds.toLast > 0 ? (sampleCount - 1) / seconds.toLast : 0,
    firstSensorTimestampNs: times.firstNs,
    lastSensorTimestampNs: times.lastNs,
    problems: problems.list(),
  };
}

function* samples(file: PositionedFile, boxes: readonly TopLevelBox[], track: MovieTrack, problems: Problems) {
  yield* tableSamples(track, file.byteCount, problems);
  yield* fragmentSamples(file, boxes, track, problems);
}

function readTrack(file: PositionedFile, boxes: readonly TopLevelBox[], problems: Problems): MovieTrack {
  const [moov, second] = boxes.filter((box) => box.type === "moov");
  if (boxes[0]?.type !== "ftyp") problems.add("top level", "file does not begin with a file type box (ftyp)");
  if (!moov) throw new UnreadableFileError(`${file.path} is not an MP4 file: it has no movie box (moov)`);
  if (second) problems.add("top level", "file has more than one movie box (moov)");
  if (moov.end > file.byteCount) throw new UnreadableFileError(`${file.path} is cut off inside its movie box (moov)`);
  try {
    return readMovie(loadBox(file, moov), problems);
  } catch (error) {
    if (!(error instanceof MalformedBoxError)) throw error;
    throw new UnreadableFileError(`${file.path} has a damaged movie box (moov): ${error.message}`, { cause: error });
  }
}

function openTiming(path: string, problems: Problems): PositionedFile | undefined {
  try {
    return new PositionedFile(path);
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    problems.add("timing file", error.message);
    return undefined;
  }
}

function measureSeconds({ firstTime, last }: SampleChecker, timescale: number): { toLast: number; duration: number } {
  if (!last || timescale === 0) return { toLast: 0, duration: 0 };
  const toLast = last.time - firstTime;
  return { toLast: toLast / timescale, duration: (toLast + last.duration) / timescale };
}
