import type { Logger } from "pino";
import { quote, RuntimeError, toRuntimeError } from "../errors.ts";
import type { CommandLog } from "../log/command-log.ts";
import { type LineSink, nowhere } from "../log/line-sink.ts";
import type { TrafficListener } from "../log/traffic-listener.ts";
import type { FrameConsumer } from "../pipeline/frame-router.ts";
import { SpareFrames } from "../pipeline/spare-frames.ts";
import { CommandIdMaker } from "../protocol/command-id.ts";
import type { Command } from "../protocol/commands.ts";
import type { RefusedLine } from "../protocol/parse-command.ts";
import type { Status } from "../protocol/statuses.ts";
import { type OpenVideoEncoder, openVideoEncoder } from "../recording/encoders/open-video-encoder.ts";
import { Telemetry } from "../telemetry/telemetry.ts";
import { CLOSE_AT_EXIT_MS } from "./closes-within.ts";
import { CommandQueue } from "./command-queue.ts";
import { type CreateSource, createSource } from "./create-source.ts";
import { endRecordingUnasked } from "./end-recording.ts";
import { handleCommand } from "./handle-command.ts";
import { releaseDevice } from "./handlers/unassign-device.ts";
import { moduleFacts } from "./module-facts.ts";
import { deviceError, nack } from "./replies.ts";
import type { RuntimeConfig } from "./runtime-config.ts";
import type { RuntimeContext, UnaddressedStatus } from "./runtime-context.ts";

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
  readonly #stop = new AbortController();
  readonly #finished = Promise.withResolvers<void>();
  #state: "new" | "running" | "stopping" | "finished" = "new";

  constructor(config: RuntimeConfig, dependencies: RuntimeDependencies) {
    this.#config = config;
    this.#dependencies = dependencies;
    const { recordFps, previewFps } = config.camera;
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
      deviceEvents: {
        onCameraFault: () => this.#onCameraFault(),
        onCameraBack: () => this.#onCameraBack(),
        onAttemptFailed: (error, pauseMs) =>
          dependencies.log.warn({ err: error, pauseMs }, "camera could not be opened again"),
        onRecordingFault: () => this.#onRecordingFault(),
        onConsumerError: (error) => dependencies.log.error({ err: error }, "a consumer of frames failed"),
      },
      telemetry: this.telemetry,
      isWatched,
      frameConsumersOf: (info) => [
        ...(isWatched ? [this.telemetry.frames.opened(info)] : []),
        ...(preview === undefined ? [] : [new SpareFrames(preview, info.bufferCount)]),
      ],
      stopSignal: this.#stop.signal,
      device: undefined,
      isOpening: false,
      sessionDir: undefined,
      lastTrialNumber: 0,
      announce: (status) => this.#send(status, undefined),
    };
  }

  get isRecording(): boolean {
    return this.#context.device?.camera?.recording !== undefined;
  }

  /** Resolves when the module has stopped, by `stop()` or by the host's `quit`. */
  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  /** Says `ready`. No camera is touched before an `assign_device`. */
  start(): void {
    if (this.#state !== "new") throw new Error(`the runtime starts once; it is ${this.#state}`);
    this.#state = "running";
    this.telemetry.ready();
    this.#send({ status: "ready", payload: {} }, undefined);
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
    // Its turn comes after the commands before it; those that wait for a camera must not hold it up.
    if (command.command === "quit") this.#abortWaits("quit");
    return this.#enqueue(id, command, () => handleCommand(this.#context, command, id));
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

  #onCameraFault(): void {
    void this.#queue.run(async () => {
      const { device } = this.#context;
      const error = device?.camera?.fault;
      if (device === undefined || error === undefined || this.#state === "finished") return;
      this.#context.log.error({ deviceId: device.deviceId, err: error }, "camera failed");
      this.telemetry.cameraFailed(error.code);
      await endRecordingUnasked(this.#context, { reason: error.code });
      device.reconnect(error);
      this.#send(deviceError(device.deviceId, error), undefined);
    });
  }

  #onCameraBack(): void {
    void this.#queue.run(async () => {
      const { device } = this.#context;
      // A host that asked for it was answered already.
      if (device?.resume() !== true || this.#state === "finished") return;
      this.#context.log.info({ deviceId: device.deviceId }, "camera is back");
      this.#send({ status: "device_ready", payload: { device_id: device.deviceId } }, undefined);
    });
  }

  #onRecordingFault(): void {
    void this.#queue.run(async () => {
      const recording = this.#context.device?.camera?.recording;
      const error = recording?.failure;
      if (recording === undefined || error === undefined || this.#state === "finished") return;
      this.#context.log.error({ videoPath: recording.videoPath, err: error }, "recording failed");
      await endRecordingUnasked(this.#context, { reason: error.code });
    });
  }

  #abortWaits(reason: StopReason): void {
    this.#stop.abort(new RuntimeError("shutting_down", `the module is stopping (${quote(reason)})`));
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
