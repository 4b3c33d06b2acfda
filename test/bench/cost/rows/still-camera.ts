import { z } from "zod";
import { attempt } from "../attempt.ts";
import { judgedRow, type Row } from "../row.ts";
import { spreadOf } from "../spread.ts";
import { runBench } from "./run-bench.ts";

const IDLE_LATENCY = { what: "frame completed → JavaScript, idle, p50", target: 100, unit: "µs" };
const BUSY_LATENCY = { what: "frame completed → JavaScript, recording H.264, p50", target: 150, unit: "µs" };
const IDLE_SHARE = { what: "idle at 30 frames/s, nobody watching", target: 2, unit: "%" };

const Outcome = z.object({ cpuPercent: z.number(), latenciesUs: z.object({ p50: z.number(), p99: z.number() }) });
type Outcome = z.infer<typeof Outcome>;

/** A camera whose pictures never change, watched by nobody and then recorded: what waking for its frames takes. */
export async function stillCameraRows(rounds: number, seconds: number): Promise<readonly Row[]> {
  return await attempt([IDLE_LATENCY, BUSY_LATENCY, IDLE_SHARE], async () => {
    const [idle, busy]: [Outcome[], Outcome[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      idle.push(Outcome.parse(await runBench("still-camera.ts", "--seconds", `${seconds}`)));
      busy.push(Outcome.parse(await runBench("still-camera.ts", "--seconds", `${seconds}`, "--record")));
    }
    const note = "of a core, with being woken for each frame";
    const shares = spreadOf(idle.map(({ cpuPercent }) => cpuPercent));
    return [
      latencyRow(IDLE_LATENCY, idle),
      latencyRow(BUSY_LATENCY, busy),
      judgedRow(IDLE_SHARE.what, { ...IDLE_SHARE, note }, shares),
    ];
  });
}

function latencyRow(head: typeof IDLE_LATENCY, outcomes: readonly Outcome[]): Row {
  const p99 = spreadOf(outcomes.map(({ latenciesUs }) => latenciesUs.p99)).median.toFixed(0);
  const note = `from another process's write to a socket, not from libcamera; p99 ${p99} µs`;
  return judgedRow(head.what, { ...head, note }, spreadOf(outcomes.map(({ latenciesUs }) => latenciesUs.p50)));
}
