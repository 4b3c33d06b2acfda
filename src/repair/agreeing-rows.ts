import type { SampleIndex } from "../recording/mp4/sample-index.ts";
import { TIMING_CSV_HEADER } from "../recording/timing-csv.ts";
import { type CsvRecord, csvRecords } from "../verify/csv-records.ts";
import type { PositionedFile } from "../verify/positioned-file.ts";

/** The rows at a timing file's beginning that agree with the video. */
export interface AgreeingRows {
  readonly count: number;
  /** Of the header and these rows. */
  readonly byteCount: number;
}

const READ_BYTES = 65_536;
const COLUMN_COUNT = 9;

/**
 * How many rows, from the first on, are whole and of the sample with their number: its time is theirs, to the
 * microsecond. undefined: the file has not the header of a timing file.
 */
export function agreeingRows(file: PositionedFile, index: SampleIndex): AgreeingRows | undefined {
  const records = csvRecords(readLatin1(file));
  const header = records.next();
  if (header.done || `${header.value.text}\n` !== TIMING_CSV_HEADER || !header.value.isComplete) return undefined;
  let [count, byteCount, timeUs] = [0, TIMING_CSV_HEADER.length, 0n];
  let firstNs: bigint | undefined;
  for (const durationUs of index.durationsUs.toArray()) {
    const record = records.next();
    if (record.done) break;
    const timestampNs = sensorTimestampNs(record.value, count + 1);
    if (timestampNs === undefined) break;
    firstNs ??= timestampNs;
    if (timestampNs < firstNs || (timestampNs - firstNs + 500n) / 1000n !== timeUs) break;
    count++;
    byteCount += record.value.text.length + 1;
    timeUs += BigInt(durationUs);
  }
  return { count, byteCount };
}

/** A character for each byte, so that lengths of text are lengths in the file. */
function* readLatin1(file: PositionedFile): Generator<string, void> {
  for (let at = 0; at < file.byteCount; at += READ_BYTES) {
    yield Buffer.from(file.read(at, Math.min(READ_BYTES, file.byteCount - at)).buffer).toString("latin1");
  }
}

/** That of a whole row with this number. */
function sensorTimestampNs({ fields, isComplete }: CsvRecord, number: number): bigint | undefined {
  if (!isComplete || fields?.length !== COLUMN_COUNT) return undefined;
  const [, , , , , , frameIndex, timestamp = "", videoPts] = fields;
  if (frameIndex !== String(number) || videoPts !== String(number)) return undefined;
  return /^\d+$/.test(timestamp) ? BigInt(timestamp) : undefined;
}
