import { expect } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { atMost } from "./at-most.ts";
import { expectPayload } from "./expect-payload.ts";
import { expectSound } from "./expect-sound.ts";
import { m2mDevice, type M2mDeviceReport, type M2mSwitches } from "./m2m-device.ts";
import { ModuleProcess } from "./module-process.ts";
import { assign, type Ledger, pathsOf, type RecordingPaths, waitForRows } from "./record.ts";

const FRAME_RATE = 30;

/** Programs that record at one time, of tests that run side by side. */
const inTurn = atMost(3);

export interface Attempt {
  readonly encoder?: string;
  /** Where the pictures lie. */
  readonly memory?: "dmabuf" | "own";
  readonly codec?: string;
  /** More arguments. */
  readonly args?: readonly string[];
  readonly rows?: number;
  /** Of the camera and of the recording, frames/s. */
  readonly frameRate?: number;
}

export interface HardwareRecording extends RecordingPaths {
  readonly encoder: string;
  readonly zeroCopy: boolean;
  readonly encoderReason: string;
  readonly ledger: Ledger;
  /** Unasked statuses as `status:code`. */
  readonly story: readonly string[];
}

/** Runs the program with the device and an assigned camera for as long as `use` takes. It leaves nothing of the device open. */
export function withEncoders<Result>(
  nodes: readonly M2mSwitches[],
  { encoder = "auto", memory = "dmabuf", codec = "h264", args = [], frameRate = FRAME_RATE }: Attempt,
  use: (host: ModuleProcess, directory: string) => Promise<Result>,
): Promise<Result & { readonly report: M2mDeviceReport }> {
  return inTurn(async () => {
    using directory = new TemporaryDirectory();
    using device = await m2mDevice(...nodes);
    await using host = new ModuleProcess(
      [
        ...["--source", memory === "dmabuf" ? "synthetic:memory=dmabuf" : "synthetic", "--size", "320x240"],
        ...["--encoder", encoder, "--codec", codec, "--record-fps", String(frameRate), ...args],
      ],
      { env: device.env },
    );
    await assign(host);
    const used = await use(host, directory.path);
    host.closeStdin();
    expect(await host.ending()).toEqual({ exitCode: 0, signal: null, stderr: "" });
    const report = await device.report();
    expect(report.violations).toEqual([]);
    for (const { isClosed, buffersMapped, buffersUnmapped } of report.contexts) {
      expect({ isClosed, buffersUnmapped }).toEqual({ isClosed: true, buffersUnmapped: buffersMapped });
    }
    return { ...used, report };
  });
}

/** A recording of so many rows whose file is sound, with every frame accounted for. Gives the numbers of its pictures. */
export function recordSound(
  nodes: readonly M2mSwitches[],
  attempt: Attempt = {},
): Promise<HardwareRecording & { readonly numbers: readonly number[]; readonly report: M2mDeviceReport }> {
  return withEncoders(nodes, attempt, async (host, directory) => {
    const reply = await host.ask("start_recording", { session_dir: directory });
    const started = expectPayload(reply, "recording_started");
    const { video_path, encoder, zero_copy: zeroCopy, encoder_reason: encoderReason } = started;
    const paths = pathsOf(video_path);
    await waitForRows(paths, attempt.rows ?? 30);
    const { ledger } = expectPayload(await host.ask("stop_recording"), "recording_stopped");
    const numbers = await expectAccountedFor(paths, ledger, attempt.frameRate);
    return { ...paths, encoder, zeroCopy, encoderReason, ledger, numbers, story: unasked(host) };
  });
}

/** Each picture is the one that its row speaks of, and all others have their line among the drops. Gives the pictures' numbers. */
export async function expectAccountedFor(
  paths: RecordingPaths,
  ledger: Ledger,
  frameRate = FRAME_RATE,
): Promise<readonly number[]> {
  const { numbers } = await expectSound(paths, frameRate);
  const drops = readDrops(paths.drops);
  expect(ledger.recorded).toBe(numbers.length);
  expect(ledger.captured).toBe(numbers.length + drops.length);
  expect(countBy(drops.map(({ reason }) => reason))).toEqual(ledger.dropped);
  const all = [...numbers, ...drops.map(({ frame_num }) => frame_num)].sort((a, b) => a - b);
  expect(new Set(all).size).toBe(all.length);
  expect((all.at(-1) ?? 0) - (all[0] ?? 0) + 1).toBe(all.length + ledger.sensor_gaps.missing_frames);
  return numbers;
}

/** What the program said without being asked: `status:code`. */
export function unasked({ statuses }: ModuleProcess): string[] {
  const own = statuses.filter(({ status, in_reply_to }) => status !== "ready" && in_reply_to === undefined);
  return own.map(({ status, data }) => `${status}:${String(data["code"] ?? data["reason"])}`);
}

const Drop = z.object({ reason: z.string(), frame_num: z.number() });

function readDrops(path: string): z.infer<typeof Drop>[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => Drop.parse(JSON.parse(line)));
}

function countBy(reasons: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
