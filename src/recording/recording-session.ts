import type { CapturedFrame } from "../capture/captured-frame.ts";
import type { StreamInfo } from "../capture/frame-source.ts";
import { RuntimeError, toRuntimeError } from "../errors.ts";
import type { LineSink } from "../log/line-sink.ts";
import type { DropReason, LedgerReport } from "../pipeline/frame-ledger.ts";
import type { FrameConsumer } from "../pipeline/frame-router.ts";
import { SensorClock } from "../pipeline/sensor-clock.ts";
import { TimingGate } from "../pipeline/timing-gate.ts";
import { type ClockSteps, WallClock } from "../pipeline/wall-clock.ts";
import { DropsFile } from "./drops-file.ts";
import type { OpenedVideoEncoder, OpenVideoEncoder } from "./encoders/open-video-encoder.ts";
import type { RecordedFrame } from "./fragment.ts";
import { FragmentWriter } from "./fragment-writer.ts";
import { FrameAccounting } from "./frame-accounting.ts";
import { KeyFrameSchedule } from "./key-frame-schedule.ts";
import { createRecordingFiles, discardRecordingFiles, type RecordingFiles } from "./recording-files.ts";
import type { RecordingSettings, Trial } from "./recording-settings.ts";
import { loadFragmentedMp4, SampleWriter } from "./sample-writer.ts";
import { TimingCsvFormatter } from "./timing-csv.ts";
import type { EncodedChunk, EncoderWarning, VideoEncoder, VideoEncoderInfo } from "./video-encoder.ts";

/** Something that a recording survives and the host is to know. */
export type RecordingWarning = EncoderWarning | "clock_stepped"; // somebody set the wall clock

export interface RecordingDependencies {
  readonly openEncoder: OpenVideoEncoder;
  readonly dropLog: LineSink;
  /** Something that the recording survives, as a sentence. */
  readonly onWarning: (code: RecordingWarning, message: string) => void;
  /** The recording can't go on; `stop()` is still owed. Called at most once. */
  readonly onFailure: (error: RuntimeError) => void;
}

export interface RecordingReport {
  /** undefined: there is no file, because no frame was recorded or somebody removed it. */
  readonly videoPath: string | undefined;
  readonly ledger: LedgerReport;
  readonly clockSteps: ClockSteps;
  /** The ledger's sums agree: captured = recorded + skipped + dropped. */
  readonly isBalanced: boolean;
  /** Drops that the ledger counts and the recording's drops file could not take. */
  readonly unwrittenDrops: number;
  /** What went wrong at any time, also while stopping. */
  readonly failure: RuntimeError | undefined;
}

/** Buffers that always stay with the camera, so that it can go on capturing. */
const CAMERA_BUFFERS_MIN = 2;

/** One recording, from its first frame to its closed files. Takes frames from the router and never makes it wait. */
export class RecordingSession implements FrameConsumer {
  readonly trial: Trial;
  readonly #files: RecordingFiles;
  readonly #onFailure: (error: RuntimeError) => void;
  readonly #onWarning: RecordingDependencies["onWarning"];
  readonly #dropsFile: DropsFile;
  readonly #accounting: FrameAccounting;
  readonly #clock = new SensorClock();
  readonly #wallClock = new WallClock();
  readonly #gate: TimingGate;
  readonly #keyFrames = new KeyFrameSchedule();
  readonly #fragments: FragmentWriter;
  /** Frames in the encoder, by sensor timestamp. */
  readonly #encoding = new Map<bigint, RecordedFrame>();
  #output: (OpenedVideoEncoder & { readonly samples: SampleWriter }) | undefined;
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
      await session.#openEncoder(info, settings, dependencies);
      if (session.failure !== undefined) throw session.failure;
      return session;
    } catch (error) {
      await session.stop();
      throw error;
    }
  }

  private constructor(
    trial: Trial,
    files: RecordingFiles,
    info: StreamInfo,
    settings: RecordingSettings,
    { dropLog, onFailure, onWarning }: RecordingDependencies,
  ) {
    this.trial = trial;
    this.#files = files;
    this.#onFailure = onFailure;
    this.#onWarning = onWarning;
    this.#dropsFile = new DropsFile(files);
    this.#accounting = new FrameAccounting(this.#dropsFile, dropLog);
    this.#gate = new TimingGate(settings.recordFps);
    const csv = new TimingCsvFormatter(trial.trialNumber, trial.deviceId, trial.trialLabel);
    this.#fragments = new FragmentWriter(files, csv, Math.round(1e6 / recordedRate(info, settings)), {
      onWritten: (frames) => this.#accounting.recorded(frames),
      onLost: (frames) => this.#accounting.dropped("disk_error", frames),
      onFailure: (error) => this.#fail(error, "disk_error"),
    });
  }

  get videoPath(): string {
    return this.#files.video.path;
  }

  /** Why it can't go on; `stop()` is then owed. */
  get failure(): RuntimeError | undefined {
    return this.#failure?.error;
  }

  get encoderInfo(): VideoEncoderInfo {
    return this.#opened.encoder.info;
  }

  /** Why it is this encoder, for the log. */
  get encoderReason(): string {
    return this.#opened.reason;
  }

  offer(frame: CapturedFrame, inputIntervalNs: number): void {
    if (this.#output === undefined || this.#stopping !== undefined) return;
    this.#watchWallClock(frame);
    if (!this.#clock.accept(frame)) {
      this.#accounting.capturedOutOfTime(frame);
      if (this.#clock.isLost(frame)) {
        this.#fail(new RuntimeError("camera_failed", "the sensor's clock was stepped"), "frame_error");
      }
      return;
    }
    this.#accounting.captured(frame);
    if (!this.#gate.accept(frame.sensorTimestampNs, inputIntervalNs)) {
      this.#accounting.skipped();
      return;
    }
    const reason = this.#submit(frame, this.#output.encoder, inputIntervalNs);
    if (reason !== undefined) this.#accounting.dropped(reason, [metadataOf(frame)]);
  }

  /** Frames that the source captured but could not deliver. */
  offerBad(reason: DropReason, frameCount: number, frameNumber: number | null): void {
    if (this.#output === undefined || this.#stopping !== undefined) return;
    this.#accounting.capturedBad(reason, frameCount, frameNumber);
  }

  /** Finishes what is in the encoder and closes the files. Idempotent; never rejects: see `failure`. */
  stop(): Promise<RecordingReport> {
    this.#stopping ??= this.#finish();
    return this.#stopping;
  }

  get #opened(): OpenedVideoEncoder {
    if (this.#output === undefined) throw new Error("the recording has no encoder yet");
    return this.#output;
  }

  async #openEncoder(
    info: StreamInfo,
    settings: RecordingSettings,
    { openEncoder }: RecordingDependencies,
  ): Promise<void> {
    const Mp4 = await loadFragmentedMp4();
    const { width, height } = info.format;
    const opened = await openEncoder(
      {
        choice: settings.encoder,
        codec: settings.codec,
        format: info.format,
        memory: info.memory,
        bufferCount: info.bufferCount,
        frameRate: recordedRate(info, settings),
        bitrate: settings.bitrate,
        jpegQuality: settings.jpegQuality,
        queueFramesMax: Math.max(1, info.bufferCount - CAMERA_BUFFERS_MIN),
      },
      {
        onChunk: (chunk) => this.#onChunk(chunk),
        onSkipped: (timestampNs, reason) => this.#settle(timestampNs, reason),
        onWarning: this.#onWarning,
        onFailure: (error) => this.#fail(error, "encoder_failed"),
      },
    );
    const picture = { codec: settings.codec, width, height, colour: opened.encoder.info.colour };
    this.#output = { ...opened, samples: new SampleWriter(Mp4, picture, this.#fragments) };
  }

  #watchWallClock(frame: CapturedFrame): void {
    const stepNs = this.#wallClock.observe(frame);
    if (stepNs === undefined) return;
    const step = `${stepNs > 0n ? "ahead" : "back"} by ${Math.abs(Number(stepNs) / 1e9).toFixed(3)} s`;
    const message = `the wall clock was set ${step}: record_time_unix jumps with it, the video's times do not`;
    this.#onWarning("clock_stepped", message);
  }

  /** Why the frame was not taken, or undefined when it was. */
  #submit(frame: CapturedFrame, encoder: VideoEncoder, inputIntervalNs: number): DropReason | undefined {
    if (this.#failure !== undefined) return this.#failure.dropReason;
    if (this.#fragments.isFull) return "disk_slow";
    const forceKey = this.#keyFrames.isDue(frame.sensorTimestampNs, inputIntervalNs);
    try {
      if (!encoder.submit(frame, { forceKey })) return "encoder_busy";
    } catch (error) {
      this.#fail(toRuntimeError(error, "encoder_failed"), "encoder_failed");
      return "encoder_failed";
    }
    if (forceKey) this.#keyFrames.taken(frame.sensorTimestampNs);
    this.#encoding.set(frame.sensorTimestampNs, metadataOf(frame));
    return undefined;
  }

  #onChunk(chunk: EncodedChunk): void {
    const frame = this.#encoding.get(chunk.sensorTimestampNs);
    if (frame === undefined || this.#output === undefined) return;
    try {
      if (!this.#output.samples.write(chunk, frame)) return;
      this.#encoding.delete(chunk.sensorTimestampNs);
    } catch (error) {
      this.#settle(chunk.sensorTimestampNs, "encoder_failed");
      this.#fail(toRuntimeError(error, "encoder_failed"), "encoder_failed");
    }
  }

  #settle(timestampNs: bigint, reason: DropReason): void {
    const frame = this.#encoding.get(timestampNs);
    if (frame === undefined) return;
    this.#encoding.delete(timestampNs);
    this.#accounting.dropped(reason, [frame]);
  }

  #fail(error: RuntimeError, dropReason: DropReason): void {
    if (this.#failure !== undefined) return;
    this.#failure = { error, dropReason };
    if (this.#stopping === undefined) this.#onFailure(error);
  }

  async #finish(): Promise<RecordingReport> {
    await this.#attempt(async () => this.#output?.encoder.drain());
    await this.#attempt(async () => this.#output?.encoder.close());
    for (const timestampNs of this.#encoding.keys()) this.#settle(timestampNs, "encoder_failed");
    await this.#attempt(() => this.#fragments.finish());
    await this.#dropsFile.close();
    const report = this.#accounting.ledger.report();
    // The beginning of a file, without one picture, is not a recording.
    const isEmpty = report.recorded === 0;
    if (isEmpty) await this.#attempt(() => discardRecordingFiles(this.#files));
    const isThere = !isEmpty && (await this.#files.video.isInPlace());
    return {
      videoPath: isThere ? this.videoPath : undefined,
      ledger: report,
      clockSteps: this.#wallClock.steps,
      isBalanced: this.#accounting.ledger.inFlight === 0,
      unwrittenDrops: this.#dropsFile.lostLines,
      failure: this.failure,
    };
  }

  /** Every step of finishing is taken, whatever became of the one before. */
  async #attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.#fail(toRuntimeError(error), "disk_error");
    }
  }
}

function metadataOf({ frameNumber, sensorTimestampNs, monotonicNs, realtimeNs }: CapturedFrame): RecordedFrame {
  return { frameNumber, sensorTimestampNs, monotonicNs, realtimeNs };
}

/** Frames per second that the encoder will get: no more than the camera gives. */
function recordedRate(info: StreamInfo, settings: RecordingSettings): number {
  return info.frameDurationNs > 0 ? Math.min(settings.recordFps, 1e9 / info.frameDurationNs) : settings.recordFps;
}
