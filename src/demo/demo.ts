import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../errors.ts";
import { CommandIdMaker } from "../protocol/command-id.ts";
import { compactLocalTime } from "../protocol/local-time.ts";
import { STATUS_PAYLOADS, type StatusLine, type StatusName } from "../protocol/statuses.ts";
import { runVerify } from "../verify/verify-command.ts";
import { HostProcess } from "./host-process.ts";

const RECORD_SECONDS = 10;

/**
 * Plays a host against the synthetic source: assigns it, records for ten seconds, stops, and verifies what was
 * recorded. `argv`: options for the program, after the demo's own. Returns 0 only if all of it held.
 */
export async function runDemo(argv: readonly string[]): Promise<number> {
  const out = process.stdout;
  const ids = new CommandIdMaker();
  await using host = new HostProcess({
    args: ["--source", "synthetic", ...argv],
    onLine: (line) => out.write(`◀ ${line}\n`),
  });
  const ask = async <Name extends StatusName>(
    expected: Name,
    command: Readonly<Record<string, unknown>> & { command_id: string },
  ) => {
    out.write(`▶ ${JSON.stringify(command)}\n`);
    return payloadOf(expected, await host.ask(command));
  };
  try {
    await host.waitFor(({ status }) => status === "ready");
    const sessionDir = resolve("recordings", `session_${compactLocalTime(new Date())}`);
    await ask("device_ready", {
      command: "assign_device",
      command_id: ids.next("assign_device"),
      device_id: "picam:0",
    });
    const { video_path: videoPath } = await ask("recording_started", {
      command: "start_recording",
      command_id: ids.next("start_recording"),
      session_dir: sessionDir,
      trial_number: 1,
      trial_label: "demo",
    });
    await showProgress(videoPath, RECORD_SECONDS, out);
    const { ledger } = await ask("recording_stopped", {
      command: "stop_recording",
      command_id: ids.next("stop_recording"),
    });
    await ask("device_unassigned", { command: "unassign_device", command_id: ids.next("unassign_device") });
    await ask("quitting", { command: "quit", command_id: ids.next("quit") });
    const exitCode = await host.exited;

    const dropped = Object.values(ledger.dropped).reduce((sum, count) => sum + count, 0);
    out.write(`\nvideo: ${videoPath}\n`);
    out.write(`frames: ${ledger.captured} captured, ${ledger.recorded} recorded, ${dropped} dropped, `);
    out.write(
      `${ledger.skipped_by_rate_gate} skipped by the rate gate, ${ledger.sensor_gaps.missing_frames} lost by the sensor\n\nverify `,
    );
    const verdict = await runVerify([videoPath], out);
    const held = exitCode === 0 && verdict === 0 && ledger.recorded > 0 && dropped === 0;
    out.write(
      held ? "\nThe demo held.\n" : `\nThe demo did NOT hold (exit code ${exitCode}, ${dropped} frames dropped).\n`,
    );
    return held ? 0 : 1;
  } catch (error) {
    out.write(`\nThe demo did NOT hold: ${messageOf(error)}\n`);
    return 1;
  }
}

/** The payload of a reply that must have the expected status. */
function payloadOf<Name extends StatusName>(
  expected: Name,
  reply: StatusLine,
): ReturnType<(typeof STATUS_PAYLOADS)[Name]["parse"]>;
function payloadOf(expected: StatusName, reply: StatusLine): unknown {
  if (reply.status !== expected) {
    throw new Error(`got ${reply.status} (${JSON.stringify(reply.data)}), expected ${expected}`);
  }
  return STATUS_PAYLOADS[expected].parse(reply.data);
}

async function showProgress(videoPath: string, seconds: number, out: NodeJS.WriteStream): Promise<void> {
  for (let second = 1; second <= seconds; second++) {
    await delay(1000);
    const { size } = await stat(videoPath);
    const line = `● recording ${String(second).padStart(2)} s, ${(size / 1e6).toFixed(1)} MB on disk`;
    out.write(out.isTTY ? `\r${line}` : `${line}\n`);
  }
  if (out.isTTY) out.write("\n");
}
