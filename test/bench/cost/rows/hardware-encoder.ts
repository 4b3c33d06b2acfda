import { z } from "zod";
import { attempt } from "../attempt.ts";
import { judgedRow, type Row } from "../row.ts";
import { spreadOf } from "../spread.ts";
import { runBench } from "./run-bench.ts";

const HEAD = { what: "V4L2 encoder from dmabufs: ours per frame", target: 150, unit: "µs" };

const Outcome = z.object({ costsUs: z.array(z.number()), copied: z.number(), dropped: z.number() });

/** What recording from dmabufs through a V4L2 encoder costs beside that encoder. */
export async function hardwareEncoderRows(rounds: number): Promise<readonly Row[]> {
  return await attempt([HEAD], async () => {
    const outcome = await runBench("hardware-encoder.ts", "--pace", "as-fast-as-it-goes", "--rounds", `${rounds}`);
    const { costsUs, copied, dropped } = Outcome.parse(outcome);
    const lost = copied + dropped === 0 ? "" : `, ${copied} frames copied, ${dropped} dropped`;
    return [judgedRow(HEAD.what, { ...HEAD, note: `the tests' stand-in for the encoder${lost}` }, spreadOf(costsUs))];
  });
}
