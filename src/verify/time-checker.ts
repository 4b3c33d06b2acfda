import type { Problems } from "./problems.ts";
import type { TimingRow } from "./timing-rows.ts";

/** Compares each sample's time with its row's sensor timestamp, to the microsecond. */
export class TimeChecker {
  readonly #problems: Problems;
  firstNs: bigint | undefined;
  lastNs: bigint | undefined;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  /** `sampleTimeUs` is undefined for a row that no sample belongs to. */
  check({ number, sensorTimestampNs, isTorn }: TimingRow, sampleTimeUs: number | undefined): void {
    if (sensorTimestampNs === undefined) return;
    this.firstNs ??= sensorTimestampNs;
    this.lastNs = sensorTimestampNs;
    if (sampleTimeUs === undefined) return;
    const expectedUs = roundToMicroseconds(sensorTimestampNs - this.firstNs);
    if (BigInt(sampleTimeUs) === expectedUs) return;
    const sentence = `sample ${number} is at ${sampleTimeUs} µs, its row says ${expectedUs} µs`;
    if (isTorn) this.#problems.addTorn("sample time", sentence, number);
    else this.#problems.add("sample time", sentence);
  }
}

/** Half a microsecond rounds up, of times before the first row's too: BigInt's own division rounds towards zero. */
function roundToMicroseconds(timeNs: bigint): bigint {
  const shifted = timeNs + 500n;
  const remainder = ((shifted % 1000n) + 1000n) % 1000n;
  return (shifted - remainder) / 1000n;
}
