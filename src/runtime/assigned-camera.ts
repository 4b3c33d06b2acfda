import { setTimeout as delay } from "node:timers/promises";
import type { FrameSource, StreamInfo } from "../capture/frame-source.ts";
import { quote, RuntimeError } from "../errors.ts";
import {
  type RecordingDependencies,
  type RecordingReport,
  RecordingSession,
  type RecordingSettings,
  type Trial,
} from "../recording/recording-session.ts";
import { FrameStream, type FrameStreamEvents } from "./frame-stream.ts";

export interface AssignedCameraEvents extends FrameStreamEvents {
  /** The recording can't go on: it is to be stopped. The camera is well. */
  onRecordingFault(recording: RecordingSession, error: RuntimeError): void;
}

export interface AssignedCameraOptions {
  readonly deviceId: string;
  /** The camera's name in paths, made once the camera has told its model. */
  readonly labelOf: (info: StreamInfo) => string;
  /** From now to the first frame, ms. */
  readonly firstFrameTimeoutMs: number;
}

/** How long a camera that failed to open may take to close; then the next assignment finds it busy. */
const CLOSE_FAILED_MS = 3000;

/** The assigned device: an open source whose frames flow, and the recording made of them, if any. */
export class AssignedCamera {
  readonly deviceId: string;
  readonly info: StreamInfo;
  readonly label: string;
  readonly #source: FrameSource;
  readonly #events: AssignedCameraEvents;
  readonly #stream: FrameStream;

  /** Opens the source and waits for its first frame. Throws `first_frame_timeout`, the source's error or `signal`'s reason. */
  static async open(
    source: FrameSource,
    options: AssignedCameraOptions,
    events: AssignedCameraEvents,
    signal: AbortSignal,
  ): Promise<AssignedCamera> {
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(firstFrameTimeout(options)), options.firstFrameTimeoutMs);
    const stream = new FrameStream(events);
    try {
      const info = await stream.open(source, AbortSignal.any([signal, timeout.signal]));
      return new AssignedCamera(source, info, stream, options, events);
    } catch (error) {
      stream.close();
      await closesWithin(source, CLOSE_FAILED_MS);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  private constructor(
    source: FrameSource,
    info: StreamInfo,
    stream: FrameStream,
    options: AssignedCameraOptions,
    events: AssignedCameraEvents,
  ) {
    this.deviceId = options.deviceId;
    this.info = info;
    this.label = options.labelOf(info);
    this.#source = source;
    this.#stream = stream;
    this.#events = events;
  }

  get recording(): RecordingSession | undefined {
    return this.#stream.recording;
  }

  /** Throws as RecordingSession.start. */
  async startRecording(
    trial: Trial,
    settings: RecordingSettings,
    dependencies: Omit<RecordingDependencies, "onFailure">,
  ): Promise<RecordingSession> {
    const recording: RecordingSession = await RecordingSession.start(trial, this.info, settings, {
      ...dependencies,
      onFailure: (error) => this.#events.onRecordingFault(recording, error),
    });
    this.#stream.recording = recording;
    return recording;
  }

  /** Finishes the recording, if there is one. */
  async stopRecording(): Promise<RecordingReport | undefined> {
    const recording = this.#stream.recording;
    this.#stream.recording = undefined;
    return await recording?.stop();
  }

  /** False where the camera is not closed after `timeoutMs`; it goes on closing. Idempotent. A recording must have been stopped. */
  async close(timeoutMs: number): Promise<boolean> {
    this.#stream.close();
    return await closesWithin(this.#source, timeoutMs);
  }
}

/** A camera that does not close must not hold up the host. */
async function closesWithin(source: FrameSource, timeoutMs: number): Promise<boolean> {
  return await Promise.race([source.close().then(() => true), delay(timeoutMs, false, { ref: false })]);
}

function firstFrameTimeout({ firstFrameTimeoutMs, deviceId }: AssignedCameraOptions): RuntimeError {
  const message = `no frame from ${quote(deviceId)} within ${firstFrameTimeoutMs / 1000} s`;
  return new RuntimeError("first_frame_timeout", message);
}
