import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { waitUntil } from "../log/wait-until.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { expectSound } from "../support/expect-sound.ts";
import { LoopDisk, mayLoop } from "../support/loop-disk.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { residentBytes } from "../support/process-usage.ts";
import { assign, type Ledger, startRecording, waitForRows } from "../support/record.ts";
import { verdictOn } from "../support/run-program.ts";

const FROZEN_MS = 3000;
/** What may wait for the disk, as the recorder has it. */
const WAITING_BYTES_MAX = 32 * 1024 * 1024;

/** A Y4M file of 640x480 noise, which nothing makes small. */
function makeNoise(path: string, frames: number): void {
  const pictures = Array.from({ length: frames }, () => {
    const picture = new Uint8Array(640 * 480 * 1.5);
    for (let start = 0; start < picture.length; start += 65_536) {
      crypto.getRandomValues(picture.subarray(start, start + 65_536));
    }
    return [Buffer.from("FRAME\n"), picture];
  });
  writeFileSync(path, Buffer.concat([Buffer.from("YUV4MPEG2 W640 H480 F30:1 Ip A1:1 C420jpeg\n"), ...pictures.flat()]));
}

function countDrops(path: string): number {
  return existsSync(path) ? readFileSync(path, "utf8").split('"disk_slow"').length - 1 : 0;
}

/** Why the disk cost frames; a machine that is busy may cost others. */
function diskDrops({ dropped }: Ledger): string[] {
  return Object.keys(dropped).filter((reason) => reason.startsWith("disk_"));
}

describe.skipIf(!mayLoop)("a disk that takes nothing", () => {
  test("for 3 s costs no frame, and the host is answered meanwhile", async () => {
    using disk = new LoopDisk();
    await using host = new ModuleProcess(["--source", "synthetic", "--size", "320x240"]);
    await assign(host);
    const recording = await startRecording(host, disk.path);
    await waitForRows(recording, 20);
    {
      using _frozen = disk.freeze();
      await delay(FROZEN_MS);
      expectPayload(await host.ask("start_session", { session_dir: disk.path }), "command_ack");
    }
    await waitForRows(recording, 160);
    const { ledger } = expectPayload(await host.ask("stop_recording"), "recording_stopped");
    expect(diskDrops(ledger)).toEqual([]);
    const { rows } = await expectSound(recording, 30);
    expect(rows).toHaveLength(ledger.recorded);
  }, 40_000);

  test("and holds nothing but logs costs no frame, and the recording grows meanwhile", async () => {
    using directory = new TemporaryDirectory();
    using disk = new LoopDisk();
    const logs = ["--log-dir", disk.path, "--log-level", "trace"];
    await using host = new ModuleProcess(["--source", "synthetic:bad_frame=2", "--size", "320x240", ...logs]);
    await assign(host);
    const recording = await startRecording(host, directory.path);
    await waitForRows(recording, 20);
    {
      using _frozen = disk.freeze();
      // Each log has something to write.
      expectPayload(await host.ask("start_session", { session_dir: disk.path }), "command_ack");
      await waitForRows(recording, 60);
    }
    const { ledger } = expectPayload(await host.ask("stop_recording"), "recording_stopped");
    expect(diskDrops(ledger)).toEqual([]);
    await expectSound(recording, 30);
  }, 40_000);

  test("for too long costs the frames beyond 32 MiB, each counted; what was taken is whole", async () => {
    using directory = new TemporaryDirectory();
    using disk = new LoopDisk(512);
    const noise = directory.file("noise.y4m");
    makeNoise(noise, 5);
    const quality = ["--codec", "mjpeg", "--jpeg-quality", "100"];
    const logs = ["--log-dir", directory.file("logs")];
    await using host = new ModuleProcess(["--source", `replay:${noise}`, ...quality, ...logs]);
    await assign(host);
    const recording = await startRecording(host, disk.path);
    await waitForRows(recording, 20);
    const before = residentBytes(host.pid);
    {
      using _frozen = disk.freeze();
      const drops = directory.file("logs/frame_drops.jsonl");
      await waitUntil("drops", () => countDrops(drops) > 90, 30_000);
      expect(residentBytes(host.pid) - before).toBeLessThan(3 * WAITING_BYTES_MAX);
    }
    await waitForRows(recording, 150);
    const { ledger } = expectPayload(await host.ask("stop_recording"), "recording_stopped");
    expect(diskDrops(ledger)).toEqual(["disk_slow"]);
    expect(ledger.dropped["disk_slow"]).toBeGreaterThanOrEqual(90);
    expect(countDrops(recording.drops)).toBe(ledger.dropped["disk_slow"] ?? 0);
    expect((await verdictOn(recording.video)).exitCode).toBe(0);
  }, 60_000);
});
