import type { StreamInfo } from "../capture/frame-source.ts";
import { monotonicNs } from "../native/clocks.ts";
import type { FrameConsumer } from "../pipeline/frame-router.ts";
import type { RecordedFrame } from "../recording/fragment.ts";
import type { RecordingWatch } from "../recording/recording-dependencies.ts";
import { FrameIntervals } from "./frame-intervals.ts";
import { FrameMeasures } from "./frame-measures.ts";
import type { Histogram } from "./histogram.ts";
import { StreamTelemetry } from "./stream-telemetry.ts";

/** What rates are told over. */
const WINDOW_MS = 2000;
/** Frames are written some at a time: a fragment is half a second, and one more may be on its way. */
const WRITING_MS = 1000;

/** Watches frames on their way: from the cameras, through the encoder, onto the disk. */
export class FrameTelemetry implements RecordingWatch {
  readonly measures = new FrameMeasures();
  #stream: StreamTelemetry | undefined;
  /** Intervals before this one belong to cameras that were open before. */
  #firstInterval = 0;
  #written = new FrameIntervals();
  #lastWritten: { readonly frame: RecordedFrame; readonly atNs: bigint } | undefined;
  #writtenBytes = 0;

  /** Encoded bytes that were written since the module started. */
  get writtenBytes(): number {
    return this.#writtenBytes;
  }

  /** A camera was opened: who looks at its frames. */
  opened({ frameDurationNs }: StreamInfo): FrameConsumer {
    this.#stream = new StreamTelemetry(this.measures, frameDurationNs);
    this.#firstInterval = this.measures.intervals.count;
    return this.#stream;
  }

  recordingStarted(): void {
    this.#written = new FrameIntervals();
    this.#lastWritten = undefined;
  }

  /** Frames per second that the camera gives; 0 after it fell silent. */
  captureRate(): number {
    const arrivalNs = this.#stream?.lastArrivalNs;
    if (arrivalNs === undefined) return 0;
    return this.measures.intervals.rate(this.#firstInterval, WINDOW_MS, millisecondsSince(arrivalNs));
  }

  /** Frames per second that are written, by the sensor's clock. */
  recordRate(): number {
    if (this.#lastWritten === undefined) return 0;
    return this.#written.rate(0, WINDOW_MS, millisecondsSince(this.#lastWritten.atNs), WRITING_MS);
  }

  onEncoded(frame: RecordedFrame): void {
    this.#observe(this.measures.sensorToEncoded, frame, monotonicNs());
  }

  onWritten(frames: readonly RecordedFrame[], byteCount: number): void {
    const atNs = monotonicNs();
    this.#writtenBytes += byteCount;
    for (const frame of frames) {
      this.#observe(this.measures.sensorToDisk, frame, atNs);
      if (this.#lastWritten !== undefined) {
        this.#written.add(Number(frame.sensorTimestampNs - this.#lastWritten.frame.sensorTimestampNs) / 1e6);
      }
      this.#lastWritten = { frame, atNs };
    }
  }

  #observe(histogram: Histogram, frame: RecordedFrame, nowNs: bigint): void {
    const latencyNs = this.#stream?.latencyOf(frame, nowNs) ?? Number.NaN;
    if (!Number.isNaN(latencyNs)) histogram.observe(latencyNs / 1e9);
  }
}

function millisecondsSince(atNs: bigint): number {
  return Number(monotonicNs() - atNs) / 1e6;
}
