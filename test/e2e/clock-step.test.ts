import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { expectSound } from "../support/expect-sound.ts";
import { Faults } from "../support/faults.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { readMetadata } from "../support/read-metadata.ts";
import { assign, startRecording, waitForRows } from "../support/record.ts";

test("a wall clock that is set while recording is told and logged, moves record_time_unix and nothing else", async () => {
  using directory = new TemporaryDirectory();
  using faults = new Faults();
  const logs = ["--log-dir", directory.file("logs")];
  await using host = new ModuleProcess(["--source", "synthetic", "--size", "320x240", ...logs], { env: faults.env });
  await assign(host);
  const recording = await startRecording(host, directory.path);
  await waitForRows(recording, 20);
  faults.setWallClock(3600);
  await waitForRows(recording, 60);
  faults.setWallClock(-1800);
  await waitForRows(recording, 100);
  expectPayload(await host.ask("stop_recording"), "recording_stopped");

  const { rows } = await expectSound(recording, 30);
  const steps = rows.slice(1).map((row, index) => {
    const previous = rows[index] ?? row;
    const unix = Number(row.recordTimeUnix) - Number(previous.recordTimeUnix);
    return Math.round(unix - (Number(row.recordTimeMono) - Number(previous.recordTimeMono)));
  });
  expect(steps.filter((step) => step !== 0)).toEqual([3600, -5400]);

  const { end } = readMetadata(recording).beside;
  expect(end?.wall_clock_steps.count).toBe(2);
  expect(Math.round((end?.wall_clock_steps.total_ms ?? 0) / 1000)).toBe(-1800);
  const warnings = host.statuses.filter(({ status }) => status === "warning");
  expect(warnings).toMatchObject([
    { code: "clock_stepped", message: expect.stringMatching(/ ahead by (3600\.0|3599\.9)\d\d s: /) },
    { code: "clock_stepped", message: expect.stringMatching(/ back by (5400\.0|5399\.9)\d\d s: /) },
  ]);
  for (const warning of warnings) expect(warning).not.toHaveProperty("in_reply_to");
  host.closeStdin();
  expect((await host.ending()).stderr).toBe("");
  const log = readFileSync(directory.file("logs/csicameras.log"), "utf8");
  expect(log.match(/"code":"clock_stepped"/g)).toHaveLength(2);
  const [, count, totalMs] = /"clockSteps":{"count":(\d+),"totalMs":([-.\d]+)}/.exec(log) ?? [];
  expect(Number(count)).toBe(2);
  expect(Math.round(Number(totalMs) / 1000)).toBe(-1800);
}, 30_000);
