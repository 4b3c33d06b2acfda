import assert from "node:assert/strict";
import { basename } from "node:path";
import type { StreamInfo } from "../../capture/frame-source.ts";
import { type RuntimeError, shorten } from "../../errors.ts";
import type { ClockSteps } from "../../pipeline/wall-clock.ts";
import { MP4BOX_VERSION, VERSION } from "../../version.ts";
import type { DropsFile } from "../drops-file.ts";
import type { OpenedVideoEncoder } from "../encoders/open-video-encoder.ts";
import type { FrameAccounting } from "../frame-accounting.ts";
import { endReason, type RecordingEnding } from "../recording-ending.ts";
import type { RecordingFiles } from "../recording-files.ts";
import type { RecordingSettings, Trial } from "../recording-settings.ts";
import { clockReading } from "./clock-reading.ts";
import type { ClockReading, RecordingMetadata } from "./recording-metadata.ts";

/** What a recording is about, and what is kept of it while it goes on. */
export interface DescribedRecording {
  readonly trial: Trial;
  readonly info: StreamInfo;
  readonly settings: RecordingSettings;
  readonly files: RecordingFiles;
  readonly dropsFile: DropsFile;
  readonly accounting: FrameAccounting;
}

export interface DescribedEnd {
  readonly ending: RecordingEnding;
  readonly failure: RuntimeError | undefined;
  readonly wallClockSteps: ClockSteps;
}

/** Characters of a sentence of somebody else's: a driver's, the system's. */
const SENTENCE_MAX = 4000;

/** Puts in words what a recording is, in the text that goes into its files: indented JSON with a line end. */
export class SelfDescription {
  readonly #recording: DescribedRecording;
  #start: ClockReading | undefined;
  #stop: ClockReading | undefined;

  constructor(recording: DescribedRecording) {
    this.#recording = recording;
  }

  /** While it goes on, from its first captured frame on. */
  begun(opened: OpenedVideoEncoder): string {
    return toText(this.#describe(opened, null));
  }

  /** When nothing is on its way any more: the ledger is final. The same, asked twice, unless what it is told is not. */
  ended(opened: OpenedVideoEncoder, { ending, failure, wallClockSteps }: DescribedEnd): string {
    const { accounting, dropsFile } = this.#recording;
    return toText(
      this.#describe(opened, {
        reason: endReason(ending, failure),
        command_id: ending.commandId,
        error: failure === undefined ? null : shorten(failure.message, SENTENCE_MAX),
        ledger: accounting.ledger.report(),
        unwritten_drops: dropsFile.lostLines,
        wall_clock_steps: { count: wallClockSteps.count, total_ms: wallClockSteps.totalMs },
      }),
    );
  }

  #describe(opened: OpenedVideoEncoder, end: RecordingMetadata["end"]): RecordingMetadata {
    const { trial, info, files, dropsFile } = this.#recording;
    return {
      format_version: 1,
      versions: {
        csi_camera: VERSION,
        bun: Bun.version,
        mp4box: MP4BOX_VERSION,
        libcamera: info.libcameraVersion ?? null,
      },
      camera: { device_id: trial.deviceId, camera_id: info.cameraId, model: info.model, label: trial.cameraLabel },
      trial: { number: trial.trialNumber, label: trial.trialLabel, session_dir: trial.sessionDir },
      files: {
        video: basename(files.video.path),
        timing: basename(files.timing.path),
        drops: dropsFile.isThere ? basename(files.dropsPath) : null,
      },
      video: this.#video(opened),
      encoder: this.#encoder(opened),
      rates: this.#rates(end),
      clocks: this.#clocks(end),
      start_command_id: trial.startCommandId,
      end,
    };
  }

  #video({ encoder }: OpenedVideoEncoder): RecordingMetadata["video"] {
    const { width, height, pixelFormat } = this.#recording.info.format;
    const { primaries, transfer, matrix, fullRange } = encoder.info.colour;
    return {
      width,
      height,
      codec: this.#recording.settings.codec,
      pixel_format: pixelFormat,
      colour: { primaries, transfer, matrix, full_range: fullRange },
    };
  }

  #encoder({ encoder, reason }: OpenedVideoEncoder): RecordingMetadata["encoder"] {
    const { codec, bitrate, jpegQuality } = this.#recording.settings;
    const { name, zeroCopy } = encoder.info;
    return {
      name,
      reason: shorten(reason, SENTENCE_MAX),
      zero_copy: zeroCopy,
      bitrate: codec === "h264" ? bitrate : null,
      jpeg_quality: codec === "mjpeg" ? jpegQuality : null,
    };
  }

  #rates(end: RecordingMetadata["end"]): RecordingMetadata["rates"] {
    const { info, settings, accounting } = this.#recording;
    const { recordFps, captureFps = recordFps } = settings;
    const measured = end === null ? undefined : end.ledger;
    return {
      capture_requested: captureFps,
      capture_set: info.frameDurationNs > 0 ? rounded(1e9 / info.frameDurationNs) : null,
      capture_measured: measured === undefined ? null : rounded(accounting.capturedSpan.rate(measured.captured)),
      record_requested: recordFps,
      record_measured: measured === undefined ? null : rounded(accounting.recordedSpan.rate(measured.recorded)),
    };
  }

  #clocks(end: RecordingMetadata["end"]): RecordingMetadata["clocks"] {
    const { first, last } = this.#recording.accounting.capturedSpan;
    assert(first !== undefined && last !== undefined, "a recording is described from its first frame on");
    this.#start ??= clockReading(first);
    if (end !== null) this.#stop ??= clockReading(last);
    return { start: this.#start, stop: this.#stop ?? null };
  }
}

function toText(metadata: RecordingMetadata): string {
  return `${JSON.stringify(metadata, undefined, 2)}\n`;
}

/** To a millionth of a frame per second. */
function rounded<Rate extends number | null>(rate: Rate): Rate | number {
  return rate === null ? rate : Math.round(rate * 1e6) / 1e6;
}
