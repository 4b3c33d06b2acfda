import { formatStatus, type Status } from "../../src/protocol/statuses.ts";
import { ContractChecker, type ContractCheckerOptions, type ProgramEnd } from "./contract-checker.ts";

const LEDGER = {
  captured: 1,
  recorded: 1,
  skipped_by_rate_gate: 0,
  dropped: {},
  sensor_gaps: { gaps: 0, missing_frames: 0 },
};
const VIDEO = "/data/session_x/CSICameras/IMX296_picam_0/x_CSI_trial001_IMX296_picam_0.mp4";
const STOPPED = { camera_id: "picam:0", video_path: VIDEO, ledger: LEDGER };

/** A dialogue under the checker's eyes; times are ms since the program's start. */
export class Dialogue {
  readonly checker: ContractChecker;
  nowMs = 100;

  constructor(options: ContractCheckerOptions = {}) {
    this.checker = new ContractChecker(options);
  }

  send(...commands: Readonly<Record<string, unknown>>[]): this {
    const lines = commands.map((command) => `${JSON.stringify(command)}\n`).join("");
    this.checker.sent(Buffer.from(lines), this.nowMs);
    return this;
  }

  /** The program says it in good form. */
  say(...statuses: Status[]): this {
    return this.sayLine(...statuses.map((status) => formatStatus(status)));
  }

  sayLine(...lines: (string | Uint8Array)[]): this {
    for (const line of lines) this.checker.received(Buffer.from(line), this.nowMs);
    return this;
  }

  ready(): this {
    return this.say({ status: "ready", payload: {} });
  }

  wait(milliseconds: number): this {
    this.nowMs += milliseconds;
    return this;
  }

  signal(signal: string): this {
    this.checker.signalled(signal, this.nowMs);
    return this;
  }

  /** The program ends; in good order unless told. */
  end(end: Partial<ProgramEnd> = {}): this {
    this.checker.ended({ exitCode: 0, signal: null, stderr: "", unfinishedBytes: 0, ...end });
    return this;
  }

  closeStdin(): this {
    this.checker.stdinEnded(this.nowMs);
    return this;
  }

  get violations(): readonly string[] {
    return this.checker.violations;
  }
}

export const ASSIGN = { command: "assign_device", command_id: "a1", device_id: "picam:0" };
export const record = (id: string) => ({ command: "start_recording", command_id: id, session_dir: "/data/session_x" });
export const stop = (id: string) => ({ command: "stop_recording", command_id: id });
export const ack = (command: string, inReplyTo?: string): Status => ({
  status: "command_ack",
  payload: { command, success: true },
  inReplyTo,
});
export const nack = (command: string | null, inReplyTo?: string): Status => ({
  status: "command_nack",
  payload: { command, success: false, error: "no", code: "bad_command" },
  inReplyTo,
});
export const ready = (inReplyTo?: string, device_id = "picam:0"): Status => ({
  status: "device_ready",
  payload: { device_id },
  inReplyTo,
});
export const deviceAck = (inReplyTo?: string, device_id = "picam:0"): Status => ({
  status: "device_ack",
  payload: { device_id },
  inReplyTo,
});
export const started = (inReplyTo?: string, video_path = VIDEO): Status => ({
  status: "recording_started",
  payload: {
    video_path,
    camera_id: "picam:0",
    trial_number: 1,
    encoder: "x264",
    zero_copy: false,
    encoder_reason: "asked for",
  },
  inReplyTo,
});
export const stopped = (inReplyTo?: string, more: { reason?: string; video_path?: string } = {}): Status => ({
  status: "recording_stopped",
  payload: { ...STOPPED, ...more },
  inReplyTo,
});
export const quitting = (inReplyTo?: string): Status => ({ status: "quitting", payload: {}, inReplyTo });
export const deviceError = (inReplyTo?: string): Status => ({
  status: "device_error",
  payload: { device_id: "picam:0", error: "lost", code: "camera_lost" },
  inReplyTo,
});

/** A ready program that was assigned a camera. */
export function assigned(): Dialogue {
  return new Dialogue().ready().send(ASSIGN).say(ready("a1"));
}

export const recording = (): Dialogue => assigned().send(record("r1")).say(started("r1"));
