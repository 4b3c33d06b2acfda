import { expect, test } from "bun:test";
import { join } from "node:path";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { countDecodedFrames } from "../recording/mp4/ffprobe.ts";
import { FINISHING_STEPS } from "../support/end-while-finishing-program.ts";
import { expectSound } from "../support/expect-sound.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { readMetadata } from "../support/read-metadata.ts";
import { assign, startRecording, waitForRows } from "../support/record.ts";
import { runProgram, verdictOn } from "../support/run-program.ts";
import { countRows } from "../support/timing-file.ts";

const PRELOAD = join(import.meta.dir, "../support/end-while-finishing-program.ts");

test.concurrent.each([...FINISHING_STEPS])(
  "killed at the recording's end, right after: %s. Every picture plays, with its row; repair makes an ordinary file of it",
  async (step) => {
    using directory = new TemporaryDirectory();
    await using host = new ModuleProcess(["--source", "synthetic", "--size", "320x240"], {
      env: { BUN_OPTIONS: `--preload=${PRELOAD}`, END_AFTER: step },
    });
    await assign(host);
    const recording = await startRecording(host, directory.path);
    await waitForRows(recording, 40);
    host.sendCommand("stop_recording");
    expect((await host.ending()).signal).toBe("SIGKILL");

    const rows = countRows(recording.timing);
    expect(countDecodedFrames(recording.video)).toBe(rows);
    if (step !== FINISHING_STEPS[0]) expect((await verdictOn(recording.video)).stdout).toEndWith("  sound\n");
    const isOrdinary = FINISHING_STEPS.indexOf(step) >= FINISHING_STEPS.indexOf("header written");
    const said = readMetadata(recording);
    expect(said.inside.end?.ledger.recorded).toBe(isOrdinary ? rows : undefined);
    expect(said.beside.end?.ledger.recorded).toBe(step === "metadata renamed" ? rows : undefined);
    const { exitCode, stdout } = await runProgram(["repair", recording.video]);
    const [repaired, ordinary] = [
      `repaired: ${rows} pictures, each with its row`,
      "is an ordinary MP4 file already: nothing to do",
    ];
    expect(stdout).toBe(`${recording.video}: ${isOrdinary ? ordinary : repaired}\n`);
    expect(exitCode).toBe(0);
    expect((await expectSound(recording, 30)).rows).toHaveLength(rows);
    expect(readMetadata(recording)).toEqual(said);
  },
  30_000,
);
