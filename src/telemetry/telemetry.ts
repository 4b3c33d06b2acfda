import type { StreamInfo } from "../capture/frame-source.ts";
import { EventLoopDelay } from "./event-loop-delay.ts";
import { FrameTelemetry } from "./frame-telemetry.ts";
import type { CameraSnapshot, ModuleSnapshot } from "./module-snapshot.ts";
import type { ModuleState } from "../module-state.ts";
import { processorShare } from "./processor-share.ts";
import { type ObservedRecording, RecordingTelemetry } from "./recording-telemetry.ts";

/** What the runtime says of itself, asked for each snapshot. */
export interface ModuleFacts {
  /** While a recording is being finished, `streaming` will do: telemetry knows better. */
  readonly state: ModuleState;
  readonly camera: { readonly deviceId: string; readonly info: StreamInfo } | undefined;
  /** Why the assigned device delivers no frames, as a sentence. */
  readonly cameraFault: string | undefined;
}

/** What the viewer says of itself. */
export interface ViewerFacts {
  readonly count: number;
  readonly previews_sent: number;
  readonly previews_dropped: number;
  readonly previews_left_out: number;
  /** Previews made per second. */
  readonly preview_rate: number;
}

export interface TelemetryOptions {
  readonly facts: () => ModuleFacts;
  /** Frames per second. */
  readonly recordFps: number;
  readonly previewFps: number;
}

export interface Health {
  readonly ok: boolean;
  /** A sentence; null while all is well. */
  readonly reason: string | null;
}

const INTERVALS_MAX = 1000;
const NO_VIEWERS: ViewerFacts = {
  count: 0,
  previews_sent: 0,
  previews_dropped: 0,
  previews_left_out: 0,
  preview_rate: 0,
};

/** What the module is doing, for those who want to look on: the viewer and the metrics. Made once, with the runtime. */
export class Telemetry {
  readonly frames = new FrameTelemetry();
  readonly recordings = new RecordingTelemetry();
  readonly eventLoopDelay = new EventLoopDelay();
  /** How often a camera failed, by error code. */
  readonly cameraFailures = new Map<string, number>();
  /** Who serves viewers says so here. */
  viewers: () => ViewerFacts = () => NO_VIEWERS;
  readonly #options: TelemetryOptions;
  readonly #readers = new Map<string, () => ModuleSnapshot>();
  #readyMs = performance.now();

  constructor(options: TelemetryOptions) {
    this.#options = options;
  }

  /** The module said `ready`. */
  ready(): void {
    this.#readyMs = performance.now();
  }

  recordingStarted(recording: ObservedRecording): void {
    this.frames.recordingStarted();
    this.recordings.started(recording);
  }

  cameraFailed(code: string): void {
    this.cameraFailures.set(code, (this.cameraFailures.get(code) ?? 0) + 1);
  }

  get state(): ModuleState {
    const { state } = this.#options.facts();
    return this.recordings.isRecording && state === "streaming" ? "recording" : state;
  }

  /**
   * Not ok: the camera of the assigned device fell silent or failed, and until it is back; the recording failed, and until
   * the next one begins or the device is released or assigned. With no device assigned there is nothing that could be ill.
   */
  get health(): Health {
    const reason = this.#options.facts().cameraFault ?? this.recordings.failure ?? null;
    return { ok: reason === null, reason };
  }

  /** `reader`: what is told as `since the last snapshot` is kept for each reader apart. */
  snapshot(reader = "viewer"): ModuleSnapshot {
    let read = this.#readers.get(reader);
    if (read === undefined) {
      read = this.#newReader();
      this.#readers.set(reader, read);
    }
    return read();
  }

  /** Nothing is measured any more that takes a timer. */
  close(): void {
    this.eventLoopDelay.stop();
  }

  #newReader(): () => ModuleSnapshot {
    const { intervals } = this.frames.measures;
    let seen = 0;
    const [delays, share] = [this.eventLoopDelay.reader(), processorShare()];
    return () => {
      const newIntervals = intervals.since(seen, INTERVALS_MAX);
      seen = intervals.count;
      return {
        ...this.#describe(),
        frame_intervals_ms: newIntervals.map((milliseconds) => Math.round(milliseconds * 1000) / 1000),
        process: { resident_bytes: process.memoryUsage.rss(), cpu: share(), event_loop_delay_ms: delays() },
      };
    };
  }

  #describe(): Omit<ModuleSnapshot, "frame_intervals_ms" | "process"> {
    const { camera } = this.#options.facts();
    const { preview_rate, ...viewers } = this.viewers();
    const { isRecording } = this.recordings;
    const { recordFps, previewFps } = this.#options;
    return {
      at: new Date().toISOString(),
      uptime_s: (performance.now() - this.#readyMs) / 1000,
      state: this.state,
      health: this.health,
      camera: camera === undefined ? null : describeCamera(camera.deviceId, camera.info),
      rates: {
        capture: { actual: camera === undefined ? 0 : this.frames.captureRate(), max: rateOf(camera?.info) },
        record: { actual: isRecording ? this.frames.recordRate() : 0, target: recordFps },
        display: { actual: viewers.count === 0 ? 0 : preview_rate, target: previewFps },
      },
      recording: this.recordings.snapshot,
      totals: this.recordings.sinceAssigned.ledger,
      viewers,
    };
  }
}

function rateOf(info: StreamInfo | undefined): number | null {
  return info === undefined || info.frameDurationNs === 0 ? null : 1e9 / info.frameDurationNs;
}

function describeCamera(deviceId: string, { cameraId, model, format }: StreamInfo): CameraSnapshot {
  const { width, height, pixelFormat } = format;
  return { device_id: deviceId, camera_id: cameraId, model, width, height, pixel_format: pixelFormat };
}
