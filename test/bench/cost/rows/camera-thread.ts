import { z } from "zod";
import { cameraThreadObstacle } from "../../camera-thread/obstacle.ts";
import { judgedRow, type Row, unmeasuredRow } from "../row.ts";
import { spreadOf } from "../spread.ts";
import { runBench } from "./run-bench.ts";

const WHAT = "our code on libcamera's thread, p99";
const TARGET_US = 20;

const Times = z.object({ count: z.number(), p50Us: z.number(), p99Us: z.number() });
const Outcome = z.object({ frame: Times, wakeAlone: Times });
type Outcome = z.infer<typeof Outcome>;

/** What a completed request takes of libcamera's thread, with a camera that pretends. */
export async function cameraThreadRow(rounds: number, seconds: number): Promise<Row> {
  const obstacle = cameraThreadObstacle();
  if (obstacle !== undefined) return unmeasuredRow(WHAT, TARGET_US, "µs", obstacle);
  const outcomes: Outcome[] = [];
  for (let round = 0; round < rounds; round++) {
    outcomes.push(Outcome.parse(await runBench("camera-thread.ts", "--seconds", `${seconds}`)));
  }
  const medianOf = (of: (outcome: Outcome) => number) => spreadOf(outcomes.map(of)).median.toFixed(0);
  const p50 = medianOf(({ frame }) => frame.p50Us);
  const wake = medianOf(({ wakeAlone }) => wakeAlone.p50Us);
  const note = `libcamera's thread with a stand-in for the camera; p50 ${p50} µs, of which waking the reader ${wake} µs`;
  return judgedRow(WHAT, { target: TARGET_US, unit: "µs", note }, spreadOf(outcomes.map(({ frame }) => frame.p99Us)));
}
