import { buildFloor } from "../cost/contenders/floor.ts";
import { describeMachine } from "../cost/machine.ts";
import { ProcessorLoad, type TakenByOthers, takenWords } from "../cost/processor-load.ts";
import type { Row } from "../cost/row.ts";
import { RunFolder } from "../cost/run-folder.ts";
import { targetTable } from "../cost/table.ts";
import { discounted } from "../cost/verdict.ts";
import { describeVersions } from "../cost/versions.ts";
import { lengthBytes, lengthRows, measureLengths } from "./length.ts";
import type { ScalingOptions } from "./options.ts";
import { measureRates, rateBytes, rateRows } from "./rate.ts";
import { measureResolutions, resolutionBytes, resolutionRows } from "./resolution.ts";
import type { Axis, Sample } from "./sample.ts";
import { sampleTable } from "./sample-table.ts";

export interface Scaling {
  readonly machine: string;
  readonly versions: string;
  readonly startedAt: string;
  readonly notes: readonly string[];
  readonly taken: TakenByOthers;
  readonly samples: readonly Sample[];
  readonly rows: readonly Row[];
}

const PARTS = {
  resolution: { bytes: resolutionBytes, measure: measureResolutions, rows: resolutionRows },
  rate: { bytes: rateBytes, measure: measureRates, rows: rateRows },
  length: { bytes: lengthBytes, measure: measureLengths, rows: lengthRows },
} satisfies Record<Axis, unknown>;

export async function measureScaling(options: ScalingOptions): Promise<Scaling> {
  const startedAt = new Date().toISOString();
  const head = { machine: describeMachine(), versions: describeVersions(), startedAt };
  await buildFloor();
  const load = new ProcessorLoad();
  const samples: Sample[] = [];
  const rows: Row[] = [];
  for (const axis of options.axes) {
    using folder = new RunFolder(PARTS[axis].bytes(options));
    const measured = await PARTS[axis].measure(folder.path, options, (sentence) => console.error(sentence));
    samples.push(...measured);
    for (const codec of options.codecs) {
      rows.push(
        ...PARTS[axis].rows(
          codec,
          measured.filter((sample) => sample.codec === codec),
        ),
      );
    }
  }
  const taken = load.taken();
  return {
    ...head,
    notes: [
      `${options.rounds} rounds${options.isQuick ? ", small sizes and short times: a try" : ""}`,
      takenWords(taken),
      `it took ${((Date.now() - Date.parse(startedAt)) / 60_000).toFixed(0)} minutes`,
    ],
    taken,
    samples,
    rows: rows.map((row) => ({ ...row, verdict: discounted(row.verdict, taken) })),
  };
}

export function printScaling(scaling: Scaling, { json }: ScalingOptions): void {
  if (json) {
    console.log(JSON.stringify(scaling, undefined, 2));
    return;
  }
  const { machine, versions, startedAt, notes, samples, rows } = scaling;
  console.log(`${machine}; ${startedAt}\n${versions}`);
  for (const note of notes) console.log(`  ${note}`);
  console.log(`\n${sampleTable(samples)}`);
  console.log(`\n${targetTable(rows)}`);
}
