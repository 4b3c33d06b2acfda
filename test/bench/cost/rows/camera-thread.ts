import { z } from "zod";
import { cameraThreadObstacle } from "../../camera-thread/obstacle.ts";
import { attempt } from "../attempt.ts";
import { judgedRow, type Row } from "../row.ts";
import { spreadOf } from "../spread.ts";
import { runBench } from "./run-bench.ts";

const HEAD = { what: "our code on libcamera's thread, p99", target: 20, unit: "µs" };

const Times = z.object({ count: z.number(), p50Us: z.number(), p99Us: z.number() });
const Outcome = z.object({ frame: Times, wakeAlone: Times });
type Outcome = z.infer<typeof Outcome>;

/** What a completed request takes of libcamera's thread, with a camera that pretends. */
export async function cameraThreadRows(rounds: number, seconds: number): Promise<readonly Row[]> {
  return await attempt([HEAD], async () => {
    const obstacle = cameraThreadObstacle();
    if (obstacle !== undefined) throw new Error(obstacle);
    const outcomes: Outcome[] = [];
    for (let round = 0; round < rounds; round++) {
      outcomes.push(Outcome.parse(await runBench("camera-thread.ts", "--seconds", `${seconds}`)));
    }
    const medianOf = (of: (outcome: Outcome) => number) => spreadOf(outcomes.map(of)).median.toFixed(0);
    const p50 = medianOf(({ frame }) => frame.p50Us);
    const wake = medianOf(({ wakeAlone }) => wakeAlone.p50Us);
    const note = `libcamera's thread with a stand-in for the camera; p50 ${p50} µs, of which waking the reader ${wake} µs`;
    return [judgedRow(HEAD.what, { ...HEAD, note }, spreadOf(outcomes.map(({ frame }) => frame.p99Us)))];
  });
}
