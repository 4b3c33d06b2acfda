import type { CapturedFrame } from "../capture/captured-frame.ts";
import type { StreamInfo } from "../capture/frame-source.ts";
import { RuntimeError, toRuntimeError } from "../errors.ts";
import type { DropReason } from "../pipeline/frame-ledger.ts";
import type { Recorder } from "../pipeline/recorder.ts";
import { SensorClock } from "../pipeline/sensor-clock.ts";
import { TimingGate } from "../pipeline/timing-gate.ts";
import { WallClock } from "../pipeline/wall-clock.ts";
import { clockStepMessage } from "./clock-step-message.ts";
import { recordedFrame } from "./fragment.ts";
import { FrameEncoding } from "./frame-encoding.ts";
import type { RecordingDependencies } from "./recording-dependencies.ts";
import type { RecordingEnding } from "./recording-ending.ts";
import { createRecordingFiles, type RecordingFiles } from "./recording-files.ts";
import { RecordingOutput } from "./recording-output.ts";
import type { RecordingProgress } from "./recording-progress.ts";
import type { RecordingReport } from "./recording-report.ts";
import type { RecordingSettings, Trial } from "./recording-settings.ts";
import type { VideoEncoderInfo } from "./video-encoder.ts";

/** One recording, from its first frame to its closed files. Takes frames from the router and never makes it wait. */
export class RecordingSession implements Recorder {
  readonly trial: Trial;
  readonly #dependencies: RecordingDependencies;
  readonly #output: RecordingOutput;
  readonly #clock = new SensorClock();
  readonly #wallClock = new WallClock();
  readonly #gate: TimingGate;
  readonly #startedAt = new Date();
  #encoding: FrameEncoding | undefined;
  #encoderRestarts = 0;
  /** Why it can't go on, and what that makes of frames that still come. */
  #failure: { readonly error: RuntimeError; readonly dropReason: DropReason } | undefined;
  #stopping: Promise<RecordingReport> | undefined;

  /** Makes the files and opens the encoder. Throws `bad_session_dir`, `disk_…` or `encoder_…`, leaving no file behind. */
  static async start(
    trial: Trial,
    info: StreamInfo,
    settings: RecordingSettings,
    dependencies: RecordingDependencies,
  ): Promise<RecordingSession> {
    const session = new RecordingSession(trial, await createRecordingFiles(trial), info, settings, dependencies);
    try {
      await session.#openEncoder(info, settings);
      if (session.failure !== undefined) throw session.failure;
      return session;
    } catch (error) {
      await session.stop({ reason: toRuntimeError(error).code, isAsked: false, commandId: null });
      throw error;
    }
  }

  private constructor(
    trial: Trial,
    files: RecordingFiles,
    info: StreamInfo,
    settings: RecordingSettings,
    dependencies: RecordingDependencies,
  ) {
    this.trial = trial;
    this.#dependencies = dependencies;
    this.#output = new RecordingOutput({ trial, info, settings, files }, dependencies, (error) =>
      this.#fail(error, "disk_error"),
    );
    this.#gate = new TimingGate(settings.recordFps);
  }

  get videoPath(): string {
    return this.#output.videoPath;
  }

  /** Why it can't go on; `stop()` is then owed. */
  get failure(): RuntimeError | undefined {
    return this.#failure?.error;
  }

  /** What encodes it, and why it is this one, for the log. */
  get encoder(): { readonly info: VideoEncoderInfo; readonly reason: string } {
    if (this.#encoding === undefined) throw new Error("the recording has no encoder yet");
    const { encoder, reason } = this.#encoding.opened;
    return { info: encoder.info, reason };
  }

  /** How far it has come; also after it has ended. */
  get progress(): RecordingProgress {
    const { accounting, fragments, byteCount } = this.#output;
    return {
      startedAt: this.#startedAt,
      durationNs: accounting.capturedSpan.durationNs,
      byteCount,
      encoderRestarts: this.#encoderRestarts,
      encoderFrames: this.#encoding?.frameCount ?? 0,
      waitingBytes: fragments.waitingBytes,
      ledger: accounting.ledger.report(),
    };
  }

  offer(frame: CapturedFrame, inputIntervalNs: number): void {
    if (this.#encoding === undefined || this.#stopping !== undefined) return;
    const { accounting, fragments } = this.#output;
    const stepNs = this.#wallClock.observe(frame);
    if (stepNs !== undefined) this.#dependencies.onWarning("clock_stepped", clockStepMessage(stepNs));
    if (!this.#clock.accept(frame)) {
      accounting.capturedOutOfTime(frame);
      if (this.#clock.isLost(frame)) {
        this.#fail(new RuntimeError("camera_failed", "the sensor's clock was stepped"), "frame_error");
      }
      return;
    }
    accounting.captured(frame);
    if (!this.#gate.accept(frame.sensorTimestampNs, inputIntervalNs)) {
      accounting.skipped();
      return;
    }
    const reason =
      this.#failure?.dropReason ?? (fragments.isFull ? "disk_slow" : this.#encoding.submit(frame, inputIntervalNs));
    if (reason !== undefined) accounting.dropped(reason, [recordedFrame(frame)]);
  }

  /** Frames that the source captured but could not deliver. */
  offerBad(reason: DropReason, frameCount: number, frameNumber: number | null): void {
    if (this.#encoding === undefined || this.#stopping !== undefined) return;
    this.#output.accounting.capturedBad(reason, frameCount, frameNumber);
  }

  /** Finishes what is in the encoder and closes the files. Idempotent, the first call's `ending` counts; never rejects. */
  stop(ending: RecordingEnding): Promise<RecordingReport> {
    this.#stopping ??= this.#finish(ending);
    return this.#stopping;
  }

  async #openEncoder(info: StreamInfo, settings: RecordingSettings): Promise<void> {
    const { fragments, accounting, description } = this.#output;
    const { openEncoder, onWarning, watch } = this.#dependencies;
    this.#encoding = await FrameEncoding.open(
      { info, settings, openEncoder, fragments, describe: (opened) => description.begun(opened) },
      {
        onEncoded: (frame) => watch?.onEncoded(frame),
        onDropped: (reason, frame) => accounting.dropped(reason, [frame]),
        onWarning: (code, message) => {
          if (code === "encoder_restarted") this.#encoderRestarts++;
          onWarning(code, message);
        },
        onFailure: (error) => this.#fail(error, "encoder_failed"),
      },
    );
  }

  #fail(error: RuntimeError, dropReason: DropReason): void {
    if (this.#failure !== undefined) return;
    this.#failure = { error, dropReason };
    if (this.#stopping === undefined) this.#dependencies.onFailure(error);
  }

  async #finish(ending: RecordingEnding): Promise<RecordingReport> {
    await this.#encoding?.finish();
    return await this.#output.finish(this.#encoding?.opened, () => ({
      ending,
      failure: this.failure,
      wallClockSteps: this.#wallClock.steps,
    }));
  }
}
