import { expect, test } from "bun:test";
import { cameraThreadObstacle } from "../bench/camera-thread/obstacle.ts";
import { runBench } from "../bench/cost/rows/run-bench.ts";

test.skipIf(cameraThreadObstacle() !== undefined)(
  "requests that complete on libcamera's thread become the events that they should, and their CPU time is known",
  async () => {
    // The program fails where an event is missing or not that of its request.
    const outcome = await runBench("camera-thread.ts", "--seconds", "0.5", "--fps", "100", "--bad-every", "5");
    expect(outcome).toMatchObject({
      frame: { count: 30 },
      badFrame: { count: 10 },
      wakeAlone: { count: 10 },
      clockAlone: { count: 40 },
    });
    const { frame, wakeAlone, clockAlone } = outcome as Record<string, { p50Us: number }>;
    // A system call that wakes a thread takes more than one that does not.
    expect(wakeAlone?.p50Us).toBeGreaterThan(clockAlone?.p50Us ?? Number.NaN);
    expect(frame?.p50Us).toBeGreaterThan(clockAlone?.p50Us ?? Number.NaN);
  },
  60_000,
);
