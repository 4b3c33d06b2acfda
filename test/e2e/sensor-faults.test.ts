import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { readDrops } from "../support/drop-lines.ts";
import { expectConsecutive, expectSound } from "../support/expect-sound.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { assign, record } from "../support/record.ts";

const SIZE = ["--size", "320x240", "--capture-fps", "60", "--record-fps", "60"];

describe("a camera that", () => {
  test.concurrent("loses 3 frames after every 20: each gap is counted once, and the times are right across it", async () => {
    using directory = new TemporaryDirectory();
    await using host = new ModuleProcess(["--source", "synthetic:gap=20+3", ...SIZE]);
    await assign(host);
    const recording = await record(host, directory.path, 90);
    const { numbers, rows } = await expectSound(recording, 60);

    const steps = numbers.slice(1).map((number, index) => number - (numbers[index] ?? Number.NaN));
    const gaps = steps.filter((step) => step !== 1);
    // A busy machine may cost the camera more frames: those are in a gap as well.
    expect(gaps.filter((step) => step === 4).length).toBeGreaterThanOrEqual(4);
    const missing = gaps.reduce((sum, step) => sum + step - 1, 0);
    expect(recording.ledger).toEqual({
      captured: rows.length,
      recorded: rows.length,
      skipped_by_rate_gate: 0,
      dropped: {},
      sensor_gaps: { gaps: gaps.length, missing_frames: missing },
    });
    expect(existsSync(recording.drops)).toBe(false);
  }, 30_000);

  test.concurrent("jitters keeps its own times in the video", async () => {
    using directory = new TemporaryDirectory();
    await using host = new ModuleProcess(["--source", "synthetic:jitter=3000", ...SIZE]);
    await assign(host);
    const recording = await record(host, directory.path, 60);
    const { numbers, video } = await expectSound(recording, 60);
    expectConsecutive(numbers);
    const steps = video.packets.slice(1).map(({ pts }, index) => pts - (video.packets[index]?.pts ?? 0));
    expect(Math.max(...steps) - Math.min(...steps)).toBeGreaterThan(1000);
  }, 30_000);

  test.concurrent("damages every 10th frame: each has a line of its own beside the video and in the log", async () => {
    using directory = new TemporaryDirectory();
    const logDir = directory.file("logs");
    await using host = new ModuleProcess(["--source", "synthetic:bad_frame=10", "--log-dir", logDir, ...SIZE]);
    await assign(host);
    const recording = await record(host, directory.path, 60);
    const { rows } = await expectSound(recording, 60);

    const damaged = recording.ledger.dropped["frame_error"] ?? 0;
    expect(damaged).toBeGreaterThanOrEqual(6);
    expect(recording.ledger).toEqual({
      captured: rows.length + damaged,
      recorded: rows.length,
      skipped_by_rate_gate: 0,
      dropped: { frame_error: damaged },
      sensor_gaps: { gaps: 0, missing_frames: 0 },
    });
    const lines = readDrops(recording.drops);
    expect(lines.map(({ reason }) => reason)).toEqual(Array.from({ length: damaged }, () => "frame_error"));
    expect(lines.map(({ mono_ns }) => mono_ns)).toEqual(lines.map(({ mono_ns }) => mono_ns).toSorted((a, b) => a - b));
    host.closeStdin();
    expect(await host.ending()).toEqual({ exitCode: 0, signal: null, stderr: "" });
    expect(readDrops(`${logDir}/frame_drops.jsonl`)).toEqual(lines);
  }, 30_000);
});
