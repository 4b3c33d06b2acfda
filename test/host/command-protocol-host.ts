import type { StatusName } from "../../src/protocol/statuses.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { pathsOf, type RecordingPaths } from "../support/record.ts";
import { EXIT_MS, type Fields, type HostSimulator, type PayloadOf } from "./host-simulator.ts";
import { type Rung, type StopReport, stopBy } from "./stop-ladder.ts";

const LADDER: readonly Rung[] = [
  { name: "unassign_device", limitMs: 10_000, take: (module) => module.ask("unassign_device") },
  { name: "stdin's end", limitMs: EXIT_MS, take: (module) => module.closeStdin() },
  { name: "SIGTERM", limitMs: EXIT_MS, take: (module) => module.kill("SIGTERM") },
  { name: "SIGKILL", limitMs: EXIT_MS, take: (module) => module.kill("SIGKILL") },
];

/** A host that speaks the command protocol: every command has an id, and its reply is waited for. */
export class CommandProtocolHost implements HostSimulator {
  readonly module: ModuleProcess;

  constructor(args: readonly string[]) {
    this.module = new ModuleProcess(["--strict-command-ids", ...args]);
  }

  async connect(): Promise<void> {
    const fields = { device_id: "picam:0", camera_type: "picam", camera_stable_id: "0" };
    await this.tell("assign_device", "device_ready", fields);
  }

  async tell<Name extends StatusName>(command: string, expected: Name, fields: Fields = {}): Promise<PayloadOf<Name>> {
    return expectPayload(await this.module.ask(command, fields), expected);
  }

  async startTrial(session_dir: string, trial_number: number, trial_label: string): Promise<RecordingPaths> {
    const fields = { session_dir, trial_number, trial_label };
    return pathsOf((await this.tell("start_recording", "recording_started", fields)).video_path);
  }

  endTrial(): Promise<PayloadOf<"recording_stopped">> {
    return this.tell("stop_recording", "recording_stopped");
  }

  stop(from = "unassign_device"): Promise<StopReport> {
    return stopBy(this.module, LADDER.slice(LADDER.findIndex(({ name }) => name === from)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.module[Symbol.asyncDispose]();
  }
}
