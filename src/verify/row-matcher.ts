import { Intervals } from "./intervals.ts";
import { PositionedFile } from "./positioned-file.ts";
import type { Problems } from "./problems.ts";
import { TimeChecker } from "./time-checker.ts";
import { type RowIdentity, type TimingRow, timingRows } from "./timing-rows.ts";
import { UnreadableFileError } from "./unreadable-file-error.ts";

/** So much of rows may be at the end of a torn recording that no sample belongs to: `repair` cuts off no more. */
const TORN_CHARACTERS_MAX = 65_536;

/** Reads a recording's rows beside its samples: row k is of sample k. */
export class RowMatcher implements Disposable {
  readonly intervals = new Intervals();
  readonly #problems: Problems;
  readonly #file: PositionedFile | undefined;
  readonly #rows: Iterator<TimingRow, RowIdentity | undefined>;
  readonly #times: TimeChecker;
  #rowCount = 0;
  #wholeRowCount = 0;
  /** From the first row on that is torn or that no sample belongs to. */
  #tornCharacters = 0;
  #identity: RowIdentity | undefined;

  constructor(path: string, problems: Problems) {
    this.#problems = problems;
    this.#times = new TimeChecker(problems);
    this.#file = open(path, problems);
    this.#rows = this.#file ? timingRows(this.#file, problems) : noRows();
  }

  /** Rows before the first torn one. */
  get wholeRowCount(): number {
    return this.#wholeRowCount;
  }

  /** What all rows say together. */
  get facts() {
    const { firstNs, lastNs } = this.#times;
    const [rows, identity] = [this.#rowCount, this.#identity];
    return { rows, identity, firstSensorTimestampNs: firstNs, lastSensorTimestampNs: lastNs };
  }

  /** The next sample's time, µs. */
  match(sampleTimeUs: number): void {
    this.#read(sampleTimeUs);
  }

  /** After the last sample: the rest of the rows. */
  finish(sampleCount: number): void {
    while (this.#read(undefined));
    if (sampleCount === 0) this.#problems.addTorn("count", "video holds no samples");
    if (this.#file === undefined || this.#rowCount === sampleCount) return;
    const sentence = `video has ${sampleCount} samples, timing file ${this.#rowCount} rows`;
    if (this.#tornCharacters > TORN_CHARACTERS_MAX) this.#problems.add("count", sentence);
    else this.#problems.addTorn("count", sentence, Math.min(sampleCount, this.#wholeRowCount) + 1);
  }

  [Symbol.dispose](): void {
    this.#file?.[Symbol.dispose]();
  }

  #read(sampleTimeUs: number | undefined): boolean {
    const next = this.#rows.next();
    if (next.done === true) {
      this.#identity ??= next.value;
      return false;
    }
    const row = next.value;
    this.#rowCount++;
    if (!row.isTorn) this.#wholeRowCount++;
    if (row.isTorn || sampleTimeUs === undefined) this.#tornCharacters += row.characters;
    this.#times.check(row, sampleTimeUs);
    this.intervals.add(row);
    return true;
  }
}

function* noRows(): Generator<TimingRow, undefined> {}

function open(path: string, problems: Problems): PositionedFile | undefined {
  try {
    return new PositionedFile(path);
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    problems.add("timing file", error.message);
    return undefined;
  }
}
