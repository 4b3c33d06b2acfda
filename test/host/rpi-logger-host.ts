import { randomBytes } from "node:crypto";
import type { StatusLine, StatusName } from "../../src/protocol/statuses.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { pathsOf, type RecordingPaths } from "../support/record.ts";
import { EXIT_MS, type Fields, type HostSimulator, type PayloadOf } from "./host-simulator.ts";
import { assignFields, launchArguments, rpiLoggerLine } from "./rpi-logger-lines.ts";
import { type Rung, type StopReport, stopBy } from "./stop-ladder.ts";

/** Its time-outs, ms. */
const TIMES = { ready: 5000, assignAttempt: 3000, assignPause: 1000, unassign: 900 };
const ASSIGN_ATTEMPTS_MAX = 3;
const DEVICE_ID = "picam:0";
const INSTANCE_ID = `CAMERAS_CSI:${DEVICE_ID}`;

export interface RpiLoggerHostOptions {
  readonly outputDir: string;
  /** Names the camera on the command line, and assigns none. */
  readonly cameraIndex?: number;
  /** The camera: it is told by the environment, of which this host knows nothing. */
  readonly source?: string;
  readonly times?: Partial<typeof TIMES>;
  /** As if each device_ack were lost on the way: it assigns again. */
  readonly isDeafToAcks?: boolean;
}

/** RPi Logger 0.2: most of its commands carry no id, and it waits for what is said rather than for replies. */
export class RpiLoggerHost implements HostSimulator {
  readonly module: ModuleProcess;
  readonly #options: RpiLoggerHostOptions;
  readonly #times: typeof TIMES;

  constructor(options: RpiLoggerHostOptions) {
    const { outputDir, cameraIndex, source = "synthetic" } = options;
    this.#options = options;
    this.#times = { ...TIMES, ...options.times };
    this.module = new ModuleProcess(launchArguments({ outputDir, instanceId: INSTANCE_ID, cameraIndex }), {
      env: { CSI_CAMERA_SOURCE: source, CSI_CAMERA_SIZE: "320x240" },
    });
  }

  async connect(): Promise<void> {
    await this.module.waitFor("ready", ({ status }) => status === "ready", this.#times.ready);
    if (this.#options.cameraIndex === undefined) await this.assign();
    await this.module.waitFor("device_ready", ({ status }) => status === "device_ready");
  }

  /** Again and again until the module acknowledges it, or its attempts are used up. Returns the ids of the attempts. */
  async assign(deviceId = DEVICE_ID): Promise<string[]> {
    const { assignAttempt, assignPause } = this.#times;
    const ids: string[] = [];
    for (;;) {
      const id = `${INSTANCE_ID}:${ids.length + 1}`;
      const mark = this.module.statuses.length;
      ids.push(id);
      this.send("assign_device", assignFields(deviceId), id);
      const limitMs = assignAttempt + assignPause;
      if (await this.#comes(mark, limitMs, (status) => this.#endsAttempts(status))) return ids;
      if (ids.length === ASSIGN_ATTEMPTS_MAX) return ids;
    }
  }

  send(command: string, fields: Fields = {}, commandId?: string): void {
    this.module.sendBytes(rpiLoggerLine(command, fields, commandId));
  }

  async tell<Name extends StatusName>(command: string, expected: Name, fields: Fields = {}): Promise<PayloadOf<Name>> {
    const mark = this.module.statuses.length;
    this.send(command, fields);
    const isNew = (status: StatusLine): boolean => this.module.statuses.indexOf(status, mark) !== -1;
    const fits = (status: StatusLine): boolean => status.status === expected && isNew(status);
    return expectPayload(await this.module.waitFor(`${expected} after ${command}`, fits), expected);
  }

  /** It leaves an empty label out. */
  async startTrial(session_dir: string, trial_number: number, trialLabel: string): Promise<RecordingPaths> {
    const label = trialLabel === "" ? {} : { trial_label: trialLabel };
    const { video_path } = await this.tell("record", "recording_started", { session_dir, trial_number, ...label });
    return pathsOf(video_path);
  }

  endTrial(): Promise<PayloadOf<"recording_stopped">> {
    return this.tell("pause", "recording_stopped");
  }

  stop(from = "unassign_all_devices"): Promise<StopReport> {
    const ladder: readonly Rung[] = [
      { name: "unassign_all_devices", limitMs: this.#times.unassign, take: () => this.#unassignAll() },
      { name: "quit", limitMs: EXIT_MS, take: () => this.send("quit") },
      { name: "SIGTERM", limitMs: EXIT_MS, take: (module) => module.kill("SIGTERM") },
      { name: "SIGKILL", limitMs: EXIT_MS, take: (module) => module.kill("SIGKILL") },
    ];
    return stopBy(this.module, ladder.slice(ladder.findIndex(({ name }) => name === from)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.module[Symbol.asyncDispose]();
  }

  /** It looks for one status only, by its id. */
  async #unassignAll(): Promise<void> {
    const id = `shutdown-${randomBytes(4).toString("hex")}`;
    this.send("unassign_all_devices", {}, id);
    const isIt = ({ status, command_id }: StatusLine): boolean => status === "device_unassigned" && command_id === id;
    await this.module.waitFor("device_unassigned", isIt, 2 * EXIT_MS).catch(() => undefined);
  }

  #endsAttempts({ status }: StatusLine): boolean {
    return status === "device_ready" || (status === "device_ack" && this.#options.isDeafToAcks !== true);
  }

  #comes(mark: number, limitMs: number, fits: (status: StatusLine) => boolean): Promise<boolean> {
    const isNew = (status: StatusLine): boolean => this.module.statuses.indexOf(status, mark) !== -1;
    return this.module
      .waitFor("it", (status) => isNew(status) && fits(status), limitMs)
      .then(
        () => true,
        () => false,
      );
  }
}
