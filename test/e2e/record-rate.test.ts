import { expect, test } from "bun:test";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { expectSound } from "../support/expect-sound.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { assign, record } from "../support/record.ts";

test.concurrent.each([
  [60, 25],
  [50, 30],
  [30, 7.5],
])(
  "a camera of %d frames/s is recorded at %d frames/s, and what the gate skips is counted",
  async (captured, recorded) => {
    using directory = new TemporaryDirectory();
    const rates = ["--capture-fps", String(captured), "--record-fps", String(recorded)];
    await using host = new ModuleProcess(["--source", "synthetic", "--size", "320x240", ...rates]);
    await assign(host);
    const recording = await record(host, directory.path, recorded * 3);
    const { numbers } = await expectSound(recording, captured);

    const [first = 0, last = 0] = [numbers[0], numbers.at(-1)];
    // Of a whole number of captured frames a whole number is recorded: one more or less is no wrong rate.
    const seconds = (last - first) / captured;
    expect(Math.abs(numbers.length - 1 - seconds * recorded)).toBeLessThanOrEqual(Math.max(1, 0.01 * numbers.length));
    const { ledger } = recording;
    expect(ledger).toMatchObject({ recorded: numbers.length, dropped: {} });
    expect(ledger.captured).toBe(ledger.recorded + ledger.skipped_by_rate_gate);
    expect(ledger.skipped_by_rate_gate).toBeGreaterThanOrEqual(last - first + 1 - numbers.length);
  },
  30_000,
);
