import { z } from "zod";
import { judgedRow, type Row } from "../row.ts";
import { spreadOf } from "../spread.ts";
import { runBench } from "./run-bench.ts";

const Outcome = z.object({ cpuPercent: z.number(), latenciesUs: z.object({ p50: z.number(), p99: z.number() }) });
type Outcome = z.infer<typeof Outcome>;

/** A camera whose pictures never change, watched by nobody and then recorded: what waking for its frames takes. */
export async function stillCameraRows(rounds: number, seconds: number): Promise<Row[]> {
  const [idle, busy]: [Outcome[], Outcome[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    idle.push(Outcome.parse(await runBench("still-camera.ts", "--seconds", `${seconds}`)));
    busy.push(Outcome.parse(await runBench("still-camera.ts", "--seconds", `${seconds}`, "--record")));
  }
  return [
    latencyRow("frame completed → JavaScript, idle, p50", 100, idle),
    latencyRow("frame completed → JavaScript, recording H.264, p50", 150, busy),
    judgedRow(
      "idle at 30 frames/s, nobody watching",
      { target: 2, unit: "%", note: "of a core, with being woken for each frame" },
      spreadOf(idle.map(({ cpuPercent }) => cpuPercent)),
    ),
  ];
}

function latencyRow(what: string, target: number, outcomes: readonly Outcome[]): Row {
  const p99 = spreadOf(outcomes.map(({ latenciesUs }) => latenciesUs.p99)).median.toFixed(0);
  const note = `from another process's write to a socket, not from libcamera; p99 ${p99} µs`;
  return judgedRow(what, { target, unit: "µs", note }, spreadOf(outcomes.map(({ latenciesUs }) => latenciesUs.p50)));
}
