import type { StreamInfo } from "../capture/frame-source.ts";
import { type RuntimeError, toRuntimeError } from "../errors.ts";
import { DropsFile } from "./drops-file.ts";
import type { OpenedVideoEncoder } from "./encoders/open-video-encoder.ts";
import { FragmentWriter } from "./fragment-writer.ts";
import { FrameAccounting } from "./frame-accounting.ts";
import { type DescribedEnd, SelfDescription } from "./metadata/self-description.ts";
import type { RecordingDependencies } from "./recording-dependencies.ts";
import { endReason } from "./recording-ending.ts";
import { discardRecordingFiles, type RecordingFiles } from "./recording-files.ts";
import type { RecordingReport } from "./recording-report.ts";
import { type RecordingSettings, recordedRate, type Trial } from "./recording-settings.ts";
import { TimingCsvFormatter } from "./timing-csv.ts";

export interface RecordingOutputOptions {
  readonly trial: Trial;
  readonly info: StreamInfo;
  readonly settings: RecordingSettings;
  readonly files: RecordingFiles;
}

/** What a recording leaves: its files, and the books that say what is in them. */
export class RecordingOutput {
  readonly accounting: FrameAccounting;
  readonly fragments: FragmentWriter;
  readonly description: SelfDescription;
  readonly #files: RecordingFiles;
  readonly #dropsFile: DropsFile;
  readonly #onFailure: (error: RuntimeError) => void;

  /** `onFailure`: no more can be written. */
  constructor(
    options: RecordingOutputOptions,
    { dropLog, watch }: Pick<RecordingDependencies, "dropLog" | "watch">,
    onFailure: (error: RuntimeError) => void,
  ) {
    const { trial, info, settings, files } = options;
    this.#files = files;
    this.#onFailure = onFailure;
    this.#dropsFile = new DropsFile(files);
    this.accounting = new FrameAccounting(this.#dropsFile, dropLog);
    const csv = new TimingCsvFormatter(trial.trialNumber, trial.deviceId, trial.trialLabel);
    this.fragments = new FragmentWriter(files, csv, Math.round(1e6 / recordedRate(info, settings)), {
      onWritten: (frames, byteCount) => {
        this.accounting.recorded(frames);
        watch?.onWritten(frames, byteCount);
      },
      onLost: (frames) => this.accounting.dropped("disk_error", frames),
      onFailure,
    });
    this.description = new SelfDescription({ ...options, dropsFile: this.#dropsFile, accounting: this.accounting });
  }

  get videoPath(): string {
    return this.#files.video.path;
  }

  /** Of the video, on the disk so far. */
  get byteCount(): number {
    return this.#files.video.byteCount;
  }

  /**
   * Writes what is left and closes the files; nothing may be added any more. `opened`: undefined where no encoder was.
   * `end`: how the recording has ended, as far as is known when it is asked. Never rejects.
   *
   * The books come first: a frame that can't be written is dropped, and only when all are written or lost does the ledger
   * hold. Then the video, then the metadata file: that the video could not be finished is still to be said in the file,
   * and the movie box that would hold it is the one that was not written. Whatever ends this in between, each of the two
   * holds the first version or the last.
   */
  async finish(opened: OpenedVideoEncoder | undefined, end: () => DescribedEnd): Promise<RecordingReport> {
    const { video, metadata, disk } = this.#files;
    await this.fragments.drain();
    await this.#dropsFile.close();
    const { ledger } = this.accounting;
    // The beginning of a file, without one picture, is not a recording.
    const isEmpty = opened === undefined || ledger.report().recorded === 0;
    const describe = (): string | undefined => (isEmpty ? undefined : this.description.ended(opened, end()));
    await this.#attempt(() => this.fragments.finish(describe()));
    if (isEmpty) await this.#attempt(() => discardRecordingFiles(this.#files));
    await disk.run(() => metadata.finish(describe()));
    const isThere = !isEmpty && (await video.isInPlace());
    const { ending, failure, wallClockSteps } = end();
    return {
      videoPath: isThere ? this.videoPath : undefined,
      reason: endReason(ending, failure),
      ledger: ledger.report(),
      clockSteps: wallClockSteps,
      isBalanced: ledger.inFlight === 0,
      unwrittenDrops: this.#dropsFile.lostLines,
      metadataFailure: isEmpty ? undefined : metadata.failure,
      failure,
    };
  }

  /** Every step of finishing is taken, whatever became of the one before. */
  async #attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.#onFailure(toRuntimeError(error));
    }
  }
}
