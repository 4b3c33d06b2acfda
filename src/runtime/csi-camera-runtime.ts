import { toRuntimeError } from "../errors.ts";
import type { TrafficListener } from "../log/traffic-listener.ts";
import { CommandIdMaker } from "../protocol/command-id.ts";
import type { Command } from "../protocol/commands.ts";
import type { RefusedLine } from "../protocol/parse-command.ts";
import { Telemetry } from "../telemetry/telemetry.ts";
import { AutoAssignment } from "./auto-assignment.ts";
import { CLOSE_AT_EXIT_MS } from "./closes-within.ts";
import { actOnArrival } from "./command-arrival.ts";
import { CommandQueue } from "./command-queue.ts";
import { createContext } from "./create-context.ts";
import { handleCommand } from "./handle-command.ts";
import { releaseDevice } from "./handlers/unassign-device.ts";
import { loadAssignDevice } from "./load-assign-device.ts";
import { moduleFacts } from "./module-facts.ts";
import { nack, type WarningCode } from "./replies.ts";
import type { RuntimeConfig } from "./runtime-config.ts";
import type { RuntimeContext, UnaddressedStatus } from "./runtime-context.ts";
import type { RuntimeDependencies } from "./runtime-dependencies.ts";
import { type StopReason, Waits } from "./waits.ts";
import { warn } from "./warn.ts";

/**
 * The module: takes the host's commands in order, answers each once, and holds the camera and its recording between
 * them. It orchestrates and never touches a frame.
 */
export class CSICameraRuntime {
  /** What it is doing. Frames are measured only where the configuration has somebody look on. */
  readonly telemetry: Telemetry;
  readonly #config: RuntimeConfig;
  readonly #dependencies: RuntimeDependencies;
  readonly #context: RuntimeContext;
  readonly #traffic: readonly TrafficListener[];
  readonly #queue = new CommandQueue();
  readonly #ids = new CommandIdMaker();
  readonly #waits = new Waits();
  /** What comes before `ready` waits for it. */
  readonly #started = Promise.withResolvers<void>();
  readonly #finished = Promise.withResolvers<void>();
  #autoAssignment: AutoAssignment | undefined;
  #state: "new" | "running" | "stopping" | "finished" = "new";

  constructor(config: RuntimeConfig, dependencies: RuntimeDependencies) {
    this.#config = config;
    this.#dependencies = dependencies;
    const { recordFps, previewFps } = config.camera;
    const facts = () => moduleFacts(this.#state, this.#context);
    this.telemetry = new Telemetry({ facts, recordFps, previewFps });
    const { commandLog, traffic } = dependencies;
    this.#traffic = [commandLog, traffic].filter((listener) => listener !== undefined);
    this.#context = createContext(config, dependencies, {
      telemetry: this.telemetry,
      stopSignal: this.#waits.stopSignal,
      announce: (status) => this.#send(status, undefined),
      run: (job) => void this.#runUnasked(job),
    });
    void this.#queue.run(() => this.#started.promise);
  }

  get isRecording(): boolean {
    return this.#context.device?.camera?.recording !== undefined;
  }

  /** Resolves when the module has stopped, by `stop()` or by the host's `quit`. */
  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  /** Says `ready`. No camera is touched before an `assign_device`, unless the host named one on the command line. */
  start(): void {
    if (this.#state !== "new") throw new Error(`the runtime starts once; it is ${this.#state}`);
    this.#state = "running";
    this.telemetry.ready();
    this.#send({ status: "ready", payload: {} }, undefined);
    this.#started.resolve();
    void loadAssignDevice().catch(() => undefined); // told when a device is assigned
    this.#autoAssignment = AutoAssignment.begin({
      context: this.#context,
      signal: this.#waits.signal,
      run: (job) => this.#runUnasked(job),
    });
  }

  /** Handles a command when its turn comes; resolves once its one reply is sent. */
  handleCommand(command: Command): Promise<void> {
    const given = command.command_id ?? undefined;
    if (given === undefined && this.#config.strictCommandIds) {
      const error = `${command.command} without command_id, expected one (--strict-command-ids)`;
      return this.#enqueue(undefined, command, async () => nack(command.command, "missing_command_id", error));
    }
    const id = given ?? this.#ids.next(command.command);
    if (given === undefined) {
      this.#context.log.warn({ command: command.command, id }, "command came without an id and was given one");
    }
    const { signal } = this.#waits;
    const done = this.#enqueue(id, command, () => handleCommand(this.#context, command, { commandId: id, signal }));
    actOnArrival(command, {
      context: this.#context,
      waits: this.#waits,
      autoAssignment: this.#autoAssignment,
      reply: (status) => this.#send(status, id),
    });
    return done;
  }

  /** Tells the log and the host of something that was survived. `message`: a sentence. */
  warn(code: WarningCode, message: string): void {
    void this.#runUnasked(async () => warn(this.#context, code, message));
  }

  /** Answers a line that is no command, in its turn. */
  refuse({ command, code, error, commandId, payload }: RefusedLine): Promise<void> {
    return this.#enqueue(commandId, payload ?? {}, async () => nack(command, code, error));
  }

  /** Resolves when another command may be handed over: what bounds the commands that wait. */
  whenRoom(): Promise<void> {
    return this.#queue.whenRoom();
  }

  /** Ends waits, finishes any recording and closes the camera. Idempotent; never rejects. */
  stop(reason: StopReason = "quit"): Promise<void> {
    if (this.#state === "new" || this.#state === "running") {
      this.#state = "stopping";
      this.#started.resolve();
      this.#waits.stop(reason);
      void this.#queue.run(async () => {
        try {
          await releaseDevice(this.#context, { reason }, CLOSE_AT_EXIT_MS);
        } catch (error) {
          this.#context.log.error({ err: error }, "stopping failed");
        }
        this.#finish();
      });
    }
    return this.finished;
  }

  #enqueue(
    id: string | undefined,
    received: Readonly<Record<string, unknown>>,
    handle: () => Promise<UnaddressedStatus>,
  ): Promise<void> {
    const { commandLog } = this.#dependencies;
    const receivedMs = performance.now();
    const logId = id ?? null;
    const name = typeof received["command"] === "string" ? received["command"] : null;
    for (const listener of this.#traffic) listener.received(logId, name, received);
    return this.#queue.run(async () => {
      // After `quitting` nobody listens.
      if (this.#state === "finished") return;
      commandLog?.processing(logId, performance.now() - receivedMs);
      const reply = await this.#answer(handle);
      this.#send(reply, id);
      const failed = reply.status === "command_nack" || reply.status === "device_error";
      commandLog?.[failed ? "failed" : "completed"](logId, performance.now() - receivedMs);
      if (reply.status === "quitting") this.#finish();
    });
  }

  async #answer(handle: () => Promise<UnaddressedStatus>): Promise<UnaddressedStatus> {
    try {
      return await handle();
    } catch (thrown) {
      const error = toRuntimeError(thrown);
      this.#context.log.error({ err: error }, "a command failed by our own fault");
      return nack(null, error.code, error.message);
    }
  }

  /** In its turn among the commands, unless the module has finished by then. */
  #runUnasked(job: () => Promise<void>): Promise<void> {
    return this.#queue.run(async () => {
      if (this.#state !== "finished") await job();
    });
  }

  #send(status: UnaddressedStatus, inReplyTo: string | undefined): void {
    for (const listener of this.#traffic) listener.sent(status.status, inReplyTo ?? null, status.payload);
    this.#dependencies.send(inReplyTo === undefined ? status : { ...status, inReplyTo });
  }

  #finish(): void {
    this.#state = "finished";
    this.telemetry.close();
    this.#finished.resolve();
  }
}
