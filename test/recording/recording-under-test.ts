import type { RuntimeError } from "../../src/errors.ts";
import { openVideoEncoder } from "../../src/recording/encoders/open-video-encoder.ts";
import type { RecordingDependencies } from "../../src/recording/recording-dependencies.ts";
import type { RecordingEnding } from "../../src/recording/recording-ending.ts";
import type { RecordingReport } from "../../src/recording/recording-report.ts";
import { RecordingSession } from "../../src/recording/recording-session.ts";
import type { RecordingSettings, Trial } from "../../src/recording/recording-settings.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { FrameMaker, type FrameMakerOptions } from "../support/frame-maker.ts";
import { pathsOf, type RecordingPaths } from "../support/record.ts";

export interface RecordingUnderTestOptions extends FrameMakerOptions {
  readonly settings?: Partial<RecordingSettings>;
  readonly trial?: Partial<Trial>;
  readonly openEncoder?: RecordingDependencies["openEncoder"];
  readonly watch?: RecordingDependencies["watch"];
}

const SETTINGS: RecordingSettings = {
  codec: "h264",
  encoder: { kind: "software" },
  recordFps: 60,
  bitrate: 2_000_000,
  jpegQuality: 85,
};

const ASKED: RecordingEnding = { reason: "stop_recording", isAsked: true, commandId: "stop_20260106_143152_001" };

/** A recording in a folder of its own, fed by hand as fast as it takes the frames. */
export class RecordingUnderTest implements AsyncDisposable {
  readonly session: RecordingSession;
  readonly frames: FrameMaker;
  readonly failures: RuntimeError[];
  readonly warnings: string[];
  readonly dropLines: string[];
  readonly #directory: TemporaryDirectory;

  static async start(options: RecordingUnderTestOptions = {}): Promise<RecordingUnderTest> {
    const frames = new FrameMaker(options);
    const directory = new TemporaryDirectory();
    const failures: RuntimeError[] = [];
    const warnings: string[] = [];
    const dropLines: string[] = [];
    const trial: Trial = {
      sessionDir: directory.file("session_20260106_081726"),
      cameraLabel: "cam_0",
      deviceId: "picam:0",
      trialNumber: 1,
      trialLabel: "",
      startCommandId: "rec_20260106_143052_001",
      ...options.trial,
    };
    try {
      const session = await RecordingSession.start(
        trial,
        frames.info,
        { ...SETTINGS, ...options.settings },
        {
          openEncoder: options.openEncoder ?? openVideoEncoder,
          watch: options.watch,
          dropLog: { write: (line) => void dropLines.push(line) },
          onWarning: (code, message) => void warnings.push(`${code}: ${message}`),
          onFailure: (error) => void failures.push(error),
        },
      );
      return new RecordingUnderTest(session, frames, { failures, warnings, dropLines }, directory);
    } catch (error) {
      directory[Symbol.dispose]();
      throw error;
    }
  }

  private constructor(
    session: RecordingSession,
    frames: FrameMaker,
    { failures, warnings, dropLines }: Pick<RecordingUnderTest, "failures" | "warnings" | "dropLines">,
    directory: TemporaryDirectory,
  ) {
    this.session = session;
    this.frames = frames;
    this.failures = failures;
    this.warnings = warnings;
    this.dropLines = dropLines;
    this.#directory = directory;
  }

  get paths(): RecordingPaths {
    return pathsOf(this.session.videoPath);
  }

  /** Offers the next frame, as the router does, without waiting for anything. */
  offer(options: { step?: number; offsetNs?: number } = {}): void {
    const frame = this.frames.next(options);
    this.session.offer(frame, this.frames.info.frameDurationNs);
    frame.release();
  }

  /** Offers as many frames, each as soon as there is memory for it. */
  async feed(count: number, options: { step?: number } = {}): Promise<void> {
    for (let index = 0; index < count; index++) {
      const frame = await this.frames.nextWhenFree(options);
      this.session.offer(frame, this.frames.info.frameDurationNs);
      frame.release();
    }
  }

  stop(ending: RecordingEnding = ASKED): Promise<RecordingReport> {
    return this.session.stop(ending);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.session.stop(ASKED);
    this.#directory[Symbol.dispose]();
  }
}
