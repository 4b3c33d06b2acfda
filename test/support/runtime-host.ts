import pino from "pino";
import { isDeepStrictEqual } from "node:util";
import { parseCommandLine } from "../../src/protocol/parse-command.ts";
import { formatStatus, type Status, type StatusName } from "../../src/protocol/statuses.ts";
import type { OpenVideoEncoder } from "../../src/recording/encoders/open-video-encoder.ts";
import type { Pauses } from "../../src/runtime/back-off.ts";
import type { CameraSelection, CreateSource } from "../../src/runtime/create-source.ts";
import { CSICameraRuntime } from "../../src/runtime/csi-camera-runtime.ts";
import { RuntimeConfig } from "../../src/runtime/runtime-config.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { waitUntil } from "../log/wait-until.ts";
import { checkStatusLine } from "./check-status-line.ts";
import { ManualSource } from "./manual-source.ts";

export interface RuntimeHostOptions {
  /** As the program would get them. */
  readonly args?: readonly string[];
  /** The camera for each assignment; otherwise a ManualSource that opens by itself. */
  readonly newSource?: () => ManualSource;
  /** The program's own cameras instead of hand-driven ones. */
  readonly createSource?: CreateSource;
  readonly openEncoder?: OpenVideoEncoder;
  /** Before attempts to have a failed camera back, ms; the program's own unless told. */
  readonly reconnectPausesMs?: Pauses;
  /** False: the test starts the runtime. */
  readonly isStarted?: boolean;
}

type StatusNamed<Name extends StatusName> = Extract<Status, { status: Name }>;

/** A host in the same process: sends commands as objects, keeps every status, and holds each against the contract. */
export class RuntimeHost implements AsyncDisposable {
  readonly runtime: CSICameraRuntime;
  readonly statuses: Status[] = [];
  readonly sources: ManualSource[] = [];
  readonly selections: CameraSelection[] = [];
  readonly directory: TemporaryDirectory;
  readonly #violations: string[] = [];
  #sequence = 0;

  constructor(options: RuntimeHostOptions = {}) {
    const { args = [], newSource, createSource, openEncoder, reconnectPausesMs, isStarted = true } = options;
    const makeManual: CreateSource = (_config, selection) => {
      const source = newSource?.() ?? new ManualSource({ isAutomatic: true });
      this.sources.push(source);
      this.selections.push(selection);
      return source;
    };
    // What encodes is to be the same on every machine.
    const given = RuntimeConfig.fromArgs(["--encoder", "software", ...args], {});
    const pauses = reconnectPausesMs ?? given.camera.reconnectPausesMs;
    const config = { ...given, camera: { ...given.camera, reconnectPausesMs: pauses } };
    this.directory = new TemporaryDirectory();
    this.runtime = new CSICameraRuntime(config, {
      log: pino({ level: "silent" }),
      send: (status) => this.#receive(status),
      createSource: createSource ?? makeManual,
      ...(openEncoder === undefined ? {} : { openEncoder }),
    });
    if (isStarted) this.runtime.start();
  }

  get sessionDir(): string {
    return this.directory.file("session_20260106_081726");
  }

  get source(): ManualSource {
    const source = this.sources.at(-1);
    if (source === undefined) throw new Error("no camera was made yet");
    return source;
  }

  /** Sends a command as it is, by way of a line of text. Resolves once the runtime is done with it. */
  sendRaw(command: unknown): Promise<void> {
    const parsed = parseCommandLine(typeof command === "string" ? command : JSON.stringify(command));
    return parsed.ok ? this.runtime.handleCommand(parsed.command) : this.runtime.refuse(parsed.refused);
  }

  /** Sends a command with an id of its own, which it returns. */
  send(command: string, fields: Readonly<Record<string, unknown>> = {}): string {
    const id = `${command}_20260106_143052_${String(++this.#sequence).padStart(3, "0")}`;
    void this.sendRaw({ command, command_id: id, ...fields });
    return id;
  }

  /** Sends a command and waits for its reply. */
  async ask(command: string, fields: Readonly<Record<string, unknown>> = {}): Promise<Status> {
    return await this.replyTo(this.send(command, fields));
  }

  /** Sends a command whose reply must have this status. */
  async expect<Name extends StatusName>(
    name: Name,
    command: string,
    fields: Readonly<Record<string, unknown>> = {},
  ): Promise<StatusNamed<Name>["payload"]> {
    return payloadOf(await this.ask(command, fields), name);
  }

  async replyTo(id: string): Promise<Status> {
    return await this.waitFor(`reply to ${id}`, (status) => status.inReplyTo === id && isFinal(status));
  }

  repliesTo(id: string): Status[] {
    return this.statuses.filter((status) => status.inReplyTo === id && isFinal(status));
  }

  /** The first status, past or to come, that fits. */
  async waitFor(what: string, fits: (status: Status) => boolean): Promise<Status> {
    await waitUntil(what, () => this.statuses.some(fits), 15_000).catch(() => undefined);
    const found = this.statuses.find(fits);
    if (found === undefined) throw new Error(`waited in vain for ${what}; it said ${JSON.stringify(this.statuses)}`);
    return found;
  }

  /** What came since the mark, as `status` or `status:code`, `status!` where nobody asked. */
  story(since = 0): string[] {
    return this.statuses.slice(since).map(shortly);
  }

  assign(deviceId = "picam:0"): Promise<StatusNamed<"device_ready">["payload"]> {
    return this.expect("device_ready", "assign_device", { device_id: deviceId });
  }

  record(fields: Readonly<Record<string, unknown>> = {}): Promise<StatusNamed<"recording_started">["payload"]> {
    return this.expect("recording_started", "start_recording", { session_dir: this.sessionDir, ...fields });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.runtime.stop("stdin_end");
    this.directory[Symbol.dispose]();
    if (this.#violations.length > 0) throw new Error(`the contract was broken:\n${this.#violations.join("\n")}`);
  }

  #receive(status: Status): void {
    this.statuses.push(status);
    const checked = checkStatusLine(formatStatus(status));
    if (typeof checked === "string") this.#violations.push(checked);
    else if (!isDeepStrictEqual(checked.data, JSON.parse(JSON.stringify(status.payload)))) {
      this.#violations.push(`data is not the payload: ${JSON.stringify(status)}`);
    }
  }
}

/** Not of the kind that another reply follows. */
function isFinal({ status }: Status): boolean {
  return status !== "device_ack";
}

/** The payload of a status that must have this name. */
export function payloadOf<Name extends StatusName>(status: Status, name: Name): StatusNamed<Name>["payload"] {
  if (status.status !== name) throw new Error(`got ${JSON.stringify(status)}, expected ${name}`);
  return status.payload as StatusNamed<Name>["payload"];
}

/** `status:code`, with a `!` where nobody asked for it. */
export function shortly(status: Status): string {
  const code = "code" in status.payload ? `:${status.payload.code}` : "";
  return `${status.status}${code}${status.inReplyTo === undefined ? "!" : ""}`;
}
