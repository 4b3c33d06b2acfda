import type { z } from "zod";
import type { STATUS_PAYLOADS } from "../../src/protocol/statuses.ts";
import { waitUntil } from "../log/wait-until.ts";
import { expectPayload } from "./expect-payload.ts";
import { type ModuleProcess, WAIT_MS } from "./module-process.ts";
import { countRows } from "./timing-file.ts";

/** Rows come in groups, each half a second or so; looking reads them all. */
const LOOK_MS = 10;

export type Ledger = z.infer<(typeof STATUS_PAYLOADS)["recording_stopped"]>["ledger"];

export interface RecordingPaths {
  readonly video: string;
  readonly timing: string;
  readonly metadata: string;
  readonly drops: string;
}

export function pathsOf(video: string): RecordingPaths {
  const stem = video.replace(/\.mp4$/, "");
  return {
    video,
    timing: `${stem}_timing.csv`,
    metadata: `${stem}_recording.json`,
    drops: `${stem}_drops.jsonl`,
  };
}

export async function assign(
  host: ModuleProcess,
  deviceId = "picam:0",
  fields: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  expectPayload(await host.ask("assign_device", { device_id: deviceId, ...fields }), "device_ready");
}

export async function startRecording(
  host: ModuleProcess,
  sessionDir: string,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<RecordingPaths> {
  const reply = await host.ask("start_recording", { session_dir: sessionDir, ...fields });
  return pathsOf(expectPayload(reply, "recording_started").video_path);
}

/** Waits until so many rows are on disk. */
export async function waitForRows({ timing }: RecordingPaths, rows: number): Promise<void> {
  await waitUntil(`${rows} rows in ${timing}`, () => countRows(timing) >= rows, 1.5 * WAIT_MS, LOOK_MS);
}

/** Starts a recording, lets it grow to so many rows and stops it. */
export async function record(
  host: ModuleProcess,
  sessionDir: string,
  rows: number,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<RecordingPaths & { readonly ledger: Ledger }> {
  const paths = await startRecording(host, sessionDir, fields);
  await waitForRows(paths, rows);
  const { ledger } = expectPayload(await host.ask("stop_recording"), "recording_stopped");
  return { ...paths, ledger };
}
