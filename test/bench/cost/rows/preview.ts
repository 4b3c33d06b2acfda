import { z } from "zod";
import { judgedRow, type Row } from "../row.ts";
import { spreadOf } from "../spread.ts";
import { runBench } from "./run-bench.ts";

const Outcome = z.object({ threadMs: z.number(), processMs: z.number() });

/** Scaling to 1/4 and JPEG, in the preview encoder's thread. */
export async function previewRow(rounds: number): Promise<Row> {
  const outcomes: z.infer<typeof Outcome>[] = [];
  for (let round = 0; round < rounds; round++) outcomes.push(Outcome.parse(await runBench("preview.ts")));
  const whole = spreadOf(outcomes.map(({ processMs }) => processMs)).median.toFixed(2);
  return judgedRow(
    "preview: scale + JPEG, 1/4",
    { target: 0.6, unit: "ms", note: `in its thread; ${whole} ms in the whole process` },
    spreadOf(outcomes.map(({ threadMs }) => threadMs)),
  );
}
