import { expect, test } from "bun:test";
import { join } from "node:path";
import { z } from "zod";
import { readLines } from "../../src/protocol/line-reader.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { residentBytes } from "../support/process-usage.ts";
import { verdictOn } from "../support/run-program.ts";
import { howMany } from "./effort.ts";

const PROGRAM = join(import.meta.dir, "recording-program.ts");
const MINUTES = howMany({ few: 3, many: 60 });
const FRAMES = MINUTES * 3600;
const SAMPLES_PER_MINUTE = 6;

const Progress = z.union([
  z.object({ seconds: z.number() }),
  z.object({ video: z.string(), ledger: z.looseObject({ recorded: z.number(), dropped: z.object({}).strict() }) }),
]);

test(
  `${MINUTES} minutes of frames at 60 frames/s: every frame is recorded, and memory grows by less than 5 % after the first minute`,
  async () => {
    using directory = new TemporaryDirectory();
    const sessionDir = directory.file("session_20260106_081726");
    await using child = Bun.spawn([process.execPath, PROGRAM, String(MINUTES), sessionDir], {
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
    });
    const resident: number[] = [];
    let video = "";
    for await (const line of readLines(child.stdout)) {
      const said = Progress.parse(JSON.parse(line.kind === "line" ? line.text : ""));
      if ("seconds" in said) {
        resident.push(residentBytes(child.pid));
        void child.stdin.write("go on\n");
        void child.stdin.flush();
      } else {
        expect(said.ledger).toMatchObject({ captured: FRAMES, recorded: FRAMES, dropped: {} });
        ({ video } = said);
        void child.stdin.end();
      }
    }
    expect({ exitCode: await child.exited, stderr: await child.stderr.text() }).toEqual({ exitCode: 0, stderr: "" });

    expect(resident).toHaveLength(MINUTES * SAMPLES_PER_MINUTE);
    const afterTheFirst = resident.slice(SAMPLES_PER_MINUTE);
    const sampleCount = Math.ceil(afterTheFirst.length / 6);
    const [before, after] = [afterTheFirst.slice(0, sampleCount), afterTheFirst.slice(-sampleCount)];
    expect(median(after) / median(before)).toBeLessThan(1.05);
    expect(await verdictOn(video)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`${FRAMES} samples`) });
  },
  MINUTES * 60_000, // not slower than a camera
);

/** One sample tells little: what is resident goes up and down by a few megabytes. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
