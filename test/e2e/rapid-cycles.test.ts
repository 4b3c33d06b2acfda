import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { verifyRecording } from "../../src/verify/verify-recording.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { residentBytes } from "../support/process-usage.ts";
import { assign, pathsOf } from "../support/record.ts";

const CYCLES = 100;
/** Once code is compiled and caches are filled. */
const WARM_UP_CYCLES = 30;
/** What a hundred cycles may cost. A recording holds some MB while it runs: one in three that stayed would show. */
const MEMORY_GROWTH_MAX = 64 * 1024 * 1024;

const openDescriptors = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;
const threads = (pid: number): number => readdirSync(`/proc/${pid}/task`).length;

/** Returns the videos that were made; every other stop comes before its start was answered. */
async function cycles(host: ModuleProcess, sessionDir: string, count: number): Promise<string[]> {
  const videos: string[] = [];
  for (let cycle = 0; cycle < count; cycle++) {
    const start = host.sendCommand("start_recording", { session_dir: sessionDir });
    if (cycle % 2 === 1) await host.replyTo(start);
    const stop = host.sendCommand("stop_recording");
    const stopped = expectPayload(await host.replyTo(stop), "recording_stopped");
    const started = expectPayload(await host.replyTo(start), "recording_started");
    expect(stopped.video_path).toBe(stopped.ledger.recorded === 0 ? null : started.video_path);
    if (stopped.video_path !== null) videos.push(stopped.video_path);
  }
  return videos;
}

test("100 starts, each with its stop right behind it: every reply is right, no empty file stays, and nothing is held afterwards", async () => {
  using directory = new TemporaryDirectory();
  // So fast that some of the recordings have frames.
  const args = ["--source", "synthetic", "--size", "320x240", "--record-fps", "200"];
  await using host = new ModuleProcess(args);
  await assign(host);
  const videos = await cycles(host, directory.path, WARM_UP_CYCLES);
  const before = {
    descriptors: openDescriptors(host.pid),
    memory: residentBytes(host.pid),
    threads: threads(host.pid),
  };
  videos.push(...(await cycles(host, directory.path, CYCLES)));

  expect(openDescriptors(host.pid)).toBeLessThanOrEqual(before.descriptors);
  expect(threads(host.pid)).toBeLessThanOrEqual(before.threads + 1);
  expect(residentBytes(host.pid) - before.memory).toBeLessThan(MEMORY_GROWTH_MAX);
  const replies = host.statuses.filter(({ in_reply_to }) => in_reply_to !== undefined);
  expect(replies).toHaveLength(1 + 2 * (WARM_UP_CYCLES + CYCLES));
  expect(new Set(replies.map(({ in_reply_to }) => in_reply_to)).size).toBe(replies.length);
  expect(host.statuses).toHaveLength(1 + replies.length);

  const left = await Array.fromAsync(new Bun.Glob("**/*.*").scan({ cwd: directory.path, absolute: true }));
  // A busy machine may cost a recording a frame, which is then listed.
  const drops = new Set(videos.map((video) => pathsOf(video).drops));
  expect(left.filter((path) => !drops.has(path)).sort()).toEqual(
    videos.flatMap((video) => [video, pathsOf(video).timing, pathsOf(video).metadata]).sort(),
  );
  for (const video of videos) {
    const { samples, problems } = await verifyRecording(video);
    expect(samples).toBeGreaterThan(0);
    expect(problems).toEqual([]);
  }
  expect(videos.length).toBeGreaterThan(0);
}, 120_000);
