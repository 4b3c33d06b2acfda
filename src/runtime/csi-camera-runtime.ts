import { resolve } from "node:path";
import type { Logger } from "pino";
import { quote, RuntimeError, toRuntimeError } from "../errors.ts";
import type { CommandLog } from "../log/command-log.ts";
import { type LineSink, nowhere } from "../log/line-sink.ts";
import type { TrafficListener } from "../log/traffic-listener.ts";
import type { FrameConsumer } from "../pipeline/frame-router.ts";
import { SpareFrames } from "../pipeline/spare-frames.ts";
import { CommandIdMaker } from "../protocol/command-id.ts";
import type { AssignDevice, Command } from "../protocol/commands.ts";
import type { RefusedLine } from "../protocol/parse-command.ts";
import type { Status } from "../protocol/statuses.ts";
import { type OpenVideoEncoder, openVideoEncoder } from "../recording/encoders/open-video-encoder.ts";
import { Stills } from "../preview/stills.ts";
import { Telemetry } from "../telemetry/telemetry.ts";
import { CLOSE_AT_EXIT_MS } from "./closes-within.ts";
import { CommandQueue } from "./command-queue.ts";
import { type CreateSource, createSource } from "./create-source.ts";
import { assignUnasked } from "./auto-assignment.ts";
import { deviceEvents } from "./device-events.ts";
import { handleCommand } from "./handle-command.ts";
import { releaseDevice } from "./handlers/unassign-device.ts";
import { moduleFacts } from "./module-facts.ts";
import { nack, type WarningCode } from "./replies.ts";
import type { RuntimeConfig } from "./runtime-config.ts";
import type { RuntimeContext, UnaddressedStatus } from "./runtime-context.ts";
import { Waits } from "./waits.ts";
import { warn } from "./warn.ts";

export interface RuntimeDependencies {
  readonly log: Logger;
  /** Sends a status to the host. Must not throw. */
  readonly send: (status: Status) => void;
  readonly commandLog?: CommandLog;
  /** Hears of commands and statuses as the command log does. */
  readonly traffic?: TrafficListener;
  /** Gets the frames that nobody else needs. */
  readonly preview?: FrameConsumer | undefined;
  /** One line for each frame that should have been recorded and was not. */
  readonly frameDrops?: LineSink;
  /** Tests put a camera of their own here. */
  readonly createSource?: CreateSource;
  readonly openEncoder?: OpenVideoEncoder;
}

/** Why the module stops, as recordings that end with it say it. */
export type StopReason = "quit" | "stdin_end" | "host_gone" | "SIGTERM" | "SIGINT" | "SIGHUP" | "internal_error";

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
  #state: "new" | "running" | "stopping" | "finished" = "new";

  constructor(config: RuntimeConfig, dependencies: RuntimeDependencies) {
    this.#config = config;
    this.#dependencies = dependencies;
    const { recordFps, previewFps, jpegQuality } = config.camera;
    const stills = new Stills(jpegQuality);
    const facts = () => moduleFacts(this.#state, this.#context);
    this.telemetry = new Telemetry({ facts, recordFps, previewFps });
    const isWatched = config.metricsPort !== undefined || config.debugSocket !== undefined;
    const { commandLog, traffic, preview } = dependencies;
    this.#traffic = [commandLog, traffic].filter((listener) => listener !== undefined);
    this.#context = {
      config,
      log: dependencies.log,
      frameDrops: dependencies.frameDrops ?? nowhere,
      createSource: dependencies.createSource ?? createSource,
      openEncoder: dependencies.openEncoder ?? openVideoEncoder,
      deviceEvents: deviceEvents({ context: () => this.#context, run: (job) => void this.#runUnasked(job) }),
      telemetry: this.telemetry,
      stills,
      isWatched,
      frameConsumersOf: (info) => [
        ...(isWatched ? [this.telemetry.frames.opened(info)] : []),
        new SpareFrames(preview === undefined ? [stills] : [preview, stills], info.bufferCount),
      ],
      stopSignal: this.#waits.stopSignal,
      device: undefined,
      openingDeviceId: undefined,
      sessionDir: config.outputDir === undefined ? undefined : resolve(config.outputDir),
      lastTrialNumber: 0,
      announce: (status) => this.#send(status, undefined),
    };
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
    const { enableCommands, camera } = this.#config;
    if (!enableCommands || camera.cameraIndex === undefined) return;
    void assignUnasked({
      context: this.#context,
      deviceId: `picam:${camera.cameraIndex}`,
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
    this.#beforeItsTurn(command, id);
    return this.#enqueue(id, command, () => handleCommand(this.#context, command, { commandId: id, signal }));
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
      this.#abortWaits(reason);
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

  /** A command's turn comes after those before it. What must not wait for that. */
  #beforeItsTurn(command: Command, id: string): void {
    if (command.command === "quit") this.#abortWaits("quit");
    if (command.command === "unassign_all_devices") {
      this.#waits.interrupt(new RuntimeError("shutting_down", "all devices are being unassigned"));
    }
    if (command.command === "assign_device") this.#acknowledge(command, id);
  }

  /** RPi Logger sends an assignment again unless it hears of it, while a camera takes its time. */
  #acknowledge({ device_id }: AssignDevice, id: string): void {
    const { device, openingDeviceId, stopSignal } = this.#context;
    const isRefused = (device?.deviceId ?? openingDeviceId ?? device_id) !== device_id;
    if (!this.#config.enableCommands || isRefused || stopSignal.aborted) return;
    this.#send({ status: "device_ack", payload: { device_id } }, id);
  }

  #abortWaits(reason: StopReason): void {
    this.#waits.stop(new RuntimeError("shutting_down", `the module is stopping (${quote(reason)})`));
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
