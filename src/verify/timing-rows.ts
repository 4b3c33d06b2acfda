import { quote, shorten } from "../errors.ts";
import { type CsvRecord, csvRecords } from "./csv-records.ts";
import type { PositionedFile } from "./positioned-file.ts";
import type { Problems } from "./problems.ts";
import { readText } from "./text-lines.ts";

/** The timing file's first line, byte for byte. Written out here on purpose: a check must not share it with the writer. */
const HEADER =
  "trial,module,device_id,label,record_time_unix,record_time_mono,frame_index,sensor_timestamp_ns,video_pts";

/** Row k of the timing file describes sample k of the video. */
export interface TimingRow {
  /** From 1, the header not counted. */
  readonly number: number;
  /** Nanoseconds, exact; undefined when the row does not say it. */
  readonly sensorTimestampNs: bigint | undefined;
  /** This row or one before it is cut off, or holds zeros where a power cut left nothing else. */
  readonly isTorn: boolean;
  /** Length in the file, about: characters, its line end included. */
  readonly characters: number;
}

/** What is the same in all rows of a recording, as text. */
export interface RowIdentity {
  readonly trial: string;
  readonly deviceId: string;
  readonly label: string;
}

/**
 * Streams the rows of an open timing file and checks what each must hold by itself and after the one before it. Returns
 * what the first row says of all; undefined where there is none that can be read.
 */
export function* timingRows(
  file: PositionedFile,
  problems: Problems,
): Generator<TimingRow, RowIdentity | undefined, undefined> {
  const records = csvRecords(readText(file));
  const header = records.next();
  if (header.done || header.value.text !== HEADER || !header.value.isComplete) {
    const got = header.done ? "nothing" : JSON.stringify(header.value.text.slice(0, 120));
    problems.add("header", `timing file's header is ${got}, expected ${JSON.stringify(HEADER)}`);
  }
  const checker = new RowChecker(problems);
  for (const record of records) yield checker.check(record);
  return checker.identity;
}

/** Names and forms of a row's columns. */
const COLUMNS: readonly (readonly [name: string, form: RegExp, expected: string])[] = [
  ["trial", /^[1-9]\d*$/, "an integer from 1"],
  ["module", /^CSICameras$/, "CSICameras"],
  ["device_id", /./s, "some text"],
  ["label", /^/, "text"],
  ["record_time_unix", /^\d+\.\d{6}$/, "seconds with 6 decimals"],
  ["record_time_mono", /^\d+\.\d{9}$/, "seconds with 9 decimals"],
  ["frame_index", /^[1-9]\d*$/, "an integer from 1"],
  ["sensor_timestamp_ns", /^\d+$/, "an integer"],
  ["video_pts", /^[1-9]\d*$/, "an integer from 1"],
];

class RowChecker {
  readonly #problems: Problems;
  #number = 0;
  #isTorn = false;
  #recordingId: string | undefined;
  identity: RowIdentity | undefined;
  #monoNs: bigint | undefined;
  #sensorNs: bigint | undefined;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  check({ text, fields, isComplete }: CsvRecord): TimingRow {
    this.#number++;
    this.#isTorn ||= !isComplete || text.includes("\0");
    if (!isComplete) this.#add("cut off", "is cut off: no newline ends it");
    return {
      number: this.#number,
      sensorTimestampNs: this.#checkFields(fields),
      isTorn: this.#isTorn,
      characters: text.length + 1,
    };
  }

  /** Returns the sensor timestamp, ns, where it says one. */
  #checkFields(fields: readonly string[] | undefined): bigint | undefined {
    if (fields?.length !== COLUMNS.length) {
      const got = fields ? `${fields.length} fields` : "broken quoting";
      this.#add("fields", `has ${got}, expected ${COLUMNS.length} fields`);
      return undefined;
    }
    const [trial = "", module, deviceId = "", label = "", , mono, frameIndex, sensorTimestamp, videoPts] = fields;
    const areRight = COLUMNS.map((column, index) => this.#checkForm(column, fields[index] ?? ""));
    this.identity ??= { trial, deviceId, label };
    this.#checkSame(JSON.stringify([trial, module, deviceId, label]));
    if (areRight[6]) this.#checkIndex("frame_index", frameIndex);
    if (areRight[8]) this.#checkIndex("video_pts", videoPts);
    if (areRight[5]) this.#monoNs = this.#checkIncrease("record_time_mono", this.#monoNs, mono?.replace(".", ""));
    if (!areRight[7]) return undefined;
    this.#sensorNs = this.#checkIncrease("sensor_timestamp_ns", this.#sensorNs, sensorTimestamp);
    return this.#sensorNs;
  }

  #checkForm([name, form, expected]: (typeof COLUMNS)[number], field: string): boolean {
    const isRight = form.test(field);
    if (!isRight) this.#add(name, `${name} is ${quote(field)}, expected ${expected}`);
    return isRight;
  }

  /** All rows are of one trial of one device. */
  #checkSame(recordingId: string): void {
    this.#recordingId ??= recordingId;
    if (recordingId === this.#recordingId) return;
    const [got, expected] = [recordingId, this.#recordingId].map((id) => shorten(id, 300));
    this.#add("recording", `is of ${got}, expected ${expected} as in row 1`);
  }

  #checkIndex(name: string, field: string | undefined): void {
    if (field !== String(this.#number)) this.#add(name, `${name} is ${field}, expected ${this.#number}`);
  }

  /** Returns the new value; `digits` is one or more of them. */
  #checkIncrease(name: string, before: bigint | undefined, digits = "0"): bigint {
    const value = BigInt(digits);
    if (before !== undefined && value <= before)
      this.#add(name, `${name} does not increase: ${short(value)} after ${short(before)}`);
    return value;
  }

  #add(kind: string, predicate: string): void {
    const sentence = `row ${this.#number} ${predicate}`;
    if (this.#isTorn) this.#problems.addTorn(`row: ${kind}`, sentence, this.#number);
    else this.#problems.add(`row: ${kind}`, sentence);
  }
}

/** A field may hold thousands of digits. */
function short(value: bigint): string {
  return shorten(String(value), 40);
}
