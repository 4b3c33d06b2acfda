import { z } from "zod";
import { attempt } from "../attempt.ts";
import { judgedRow, type Row } from "../row.ts";
import { spreadOf } from "../spread.ts";
import { runBench } from "./run-bench.ts";

const HEAD = { what: "preview: scale + JPEG, 1/4", target: 0.6, unit: "ms" };

const Outcome = z.object({ threadMs: z.number(), processMs: z.number() });

/** Scaling to 1/4 and JPEG, in the preview encoder's thread. */
export async function previewRows(rounds: number): Promise<readonly Row[]> {
  return await attempt([HEAD], async () => {
    const outcomes: z.infer<typeof Outcome>[] = [];
    for (let round = 0; round < rounds; round++) outcomes.push(Outcome.parse(await runBench("preview.ts")));
    const whole = spreadOf(outcomes.map(({ processMs }) => processMs)).median.toFixed(2);
    const note = `in its thread; ${whole} ms in the whole process`;
    return [judgedRow(HEAD.what, { ...HEAD, note }, spreadOf(outcomes.map(({ threadMs }) => threadMs)))];
  });
}
