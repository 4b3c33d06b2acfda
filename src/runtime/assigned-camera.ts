import type { FrameSource, StreamInfo } from "../capture/frame-source.ts";
import { quote, RuntimeError } from "../errors.ts";
import { LeadIn } from "../pipeline/lead-in.ts";
import { type OpenVideoEncoder, openVideoEncoder } from "../recording/encoders/open-video-encoder.ts";
import type { RecordingDependencies } from "../recording/recording-dependencies.ts";
import type { RecordingEnding } from "../recording/recording-ending.ts";
import type { RecordingReport } from "../recording/recording-report.ts";
import { RecordingSession } from "../recording/recording-session.ts";
import type { RecordingSettings, Trial } from "../recording/recording-settings.ts";
import { CLOSE_AT_EXIT_MS, closesWithin } from "./closes-within.ts";
import { FrameStream, type FrameStreamEvents, type OthersOf } from "./frame-stream.ts";

export interface AssignedCameraEvents extends FrameStreamEvents {
  /** The recording can't go on and is to be stopped: see its `failure`. The camera is well. */
  onRecordingFault(): void;
}

export interface AssignedCameraOptions {
  readonly deviceId: string;
  /** The camera's name in paths, made once the camera has told its model. */
  readonly labelOf: (info: StreamInfo) => string;
  readonly consumersOf?: OthersOf | undefined;
  /** From now to the first frame, ms. */
  readonly firstFrameTimeoutMs: number;
}

const LEAD_IN_MS = 100;

export interface CameraRecordingDependencies extends Omit<RecordingDependencies, "onFailure" | "openEncoder"> {
  /** undefined: what the settings ask for, of this machine. */
  readonly openEncoder: OpenVideoEncoder | undefined;
}

/** How long a camera that could not be opened may take to close before that is said. */
const CLOSE_FAILED_MS = 3000;

/** The camera of the assigned device: an open source whose frames flow, and the recording made of them, if any. */
export class AssignedCamera {
  readonly deviceId: string;
  readonly info: StreamInfo;
  readonly label: string;
  readonly #source: FrameSource;
  readonly #events: AssignedCameraEvents;
  readonly #stream: FrameStream;
  #recording: RecordingSession | undefined;

  /** Opens the source and waits for its first frame. Throws `first_frame_timeout`, the source's error or `signal`'s reason. */
  static async open(
    source: FrameSource,
    options: AssignedCameraOptions,
    events: AssignedCameraEvents,
    signal: AbortSignal,
  ): Promise<AssignedCamera> {
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(firstFrameTimeout(options)), options.firstFrameTimeoutMs);
    const stream = new FrameStream(events, options.consumersOf);
    try {
      const info = await stream.open(source, AbortSignal.any([signal, timeout.signal]));
      return new AssignedCamera(source, info, stream, options, events);
    } catch (error) {
      stream.close();
      await closesWithin(source, signal.aborted ? CLOSE_AT_EXIT_MS : CLOSE_FAILED_MS);
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

  /** Why the camera delivers no more. */
  get fault(): RuntimeError | undefined {
    return this.#stream.fault;
  }

  /** It gave no frame for so long that it counts as stalled, or is about to. */
  get isSilent(): boolean {
    return this.#stream.isSilent;
  }

  get recording(): RecordingSession | undefined {
    return this.#recording;
  }

  /**
   * The next frame is the recording's first, as long as its files and its encoder are open within 100 ms. Tells the encoder
   * as it was opened. Throws as RecordingSession.start.
   */
  async startRecording(
    trial: Trial,
    settings: RecordingSettings,
    dependencies: CameraRecordingDependencies,
  ): Promise<{ readonly recording: RecordingSession; readonly encoder: RecordingSession["encoder"] }> {
    const leadIn = new LeadIn(leadInFrames(this.info));
    this.#stream.recorder = leadIn;
    try {
      const recording = await RecordingSession.start(trial, this.info, settings, {
        ...dependencies,
        openEncoder: dependencies.openEncoder ?? openVideoEncoder,
        onFailure: () => this.#events.onRecordingFault(),
      });
      const { encoder } = recording;
      leadIn.handOver(recording);
      this.#recording = recording;
      return { recording, encoder };
    } finally {
      this.#stream.recorder = this.#recording;
      leadIn.discard();
    }
  }

  /** Finishes the recording, if there is one. */
  async stopRecording(ending: RecordingEnding): Promise<RecordingReport | undefined> {
    const recording = this.#recording;
    this.#recording = undefined;
    this.#stream.recorder = undefined;
    return await recording?.stop(ending);
  }

  /** False where the camera is not closed in time: see closesWithin(). Idempotent. A recording must have been stopped. */
  async close(timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    this.#stream.close();
    return await closesWithin(this.#source, timeoutMs, signal);
  }
}

/** More would have the encoder begin with a backlog; half of the camera's buffers at most, and 2 where its rate is not known. */
function leadInFrames({ bufferCount, frameDurationNs }: StreamInfo): number {
  const wanted = frameDurationNs > 0 ? Math.ceil((LEAD_IN_MS * 1e6) / frameDurationNs) : 0;
  return Math.min(Math.max(2, wanted), Math.floor(bufferCount / 2));
}

function firstFrameTimeout({ firstFrameTimeoutMs, deviceId }: AssignedCameraOptions): RuntimeError {
  const message = `no frame from ${quote(deviceId)} within ${firstFrameTimeoutMs / 1000} s`;
  return new RuntimeError("first_frame_timeout", message);
}
