import { expect, test } from "bun:test";
import { setTimeout as delay } from "node:timers/promises";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { expectSound } from "../support/expect-sound.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { assign, startRecording, waitForRows } from "../support/record.ts";

/** Longer than a camera may be silent. */
const STOPPED_MS = 3000;

test("a process that was stopped for 3 s (SIGSTOP) goes on recording and accounts for what it lost", async () => {
  using directory = new TemporaryDirectory();
  await using host = new ModuleProcess(["--source", "synthetic", "--size", "320x240"]);
  await assign(host);
  const recording = await startRecording(host, directory.path);
  await waitForRows(recording, 10);
  host.kill("SIGSTOP");
  await delay(STOPPED_MS);
  host.kill("SIGCONT");
  await waitForRows(recording, 60);
  const { ledger } = expectPayload(await host.ask("stop_recording"), "recording_stopped");
  expect(host.statuses.map(({ status }) => status)).not.toContain("device_error");
  const { numbers, rows } = await expectSound(recording, 30);

  const dropped = Object.values(ledger.dropped).reduce((sum, count) => sum + count, 0);
  expect(ledger).toMatchObject({ captured: rows.length + dropped, recorded: rows.length });
  const made = (numbers.at(-1) ?? 0) - (numbers[0] ?? 0) + 1;
  expect(made).toBe(rows.length + dropped + ledger.sensor_gaps.missing_frames);
  expect(made).toBeGreaterThan(rows.length);
}, 30_000);
