import { FrameIntervals } from "./frame-intervals.ts";
import { Histogram } from "./histogram.ts";

/** Seconds. */
const LATENCY_BOUNDS = [
  ...[0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.075],
  ...[0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30],
];
/** Seconds; closer around the usual rates: 120, 60, 50, 30 and 25 frames/s. */
const INTERVAL_BOUNDS = [
  ...[0.001, 0.002, 0.004, 0.006, 0.008, 0.009, 0.012, 0.016, 0.0175, 0.019, 0.021, 0.025, 0.03, 0.033, 0.034, 0.036],
  ...[0.039, 0.041, 0.05, 0.067, 0.075, 0.1, 0.15, 0.2, 0.5, 1, 2, 5, 10],
];

/** What is measured of frames since the module started, all cameras. */
export class FrameMeasures {
  readonly intervals = new FrameIntervals();
  readonly interval = new Histogram(INTERVAL_BOUNDS);
  /** From the beginning of a frame's exposure until it reached us, became a sample, was on the disk; seconds. */
  readonly sensorToDequeue = new Histogram(LATENCY_BOUNDS);
  readonly sensorToEncoded = new Histogram(LATENCY_BOUNDS);
  readonly sensorToDisk = new Histogram(LATENCY_BOUNDS);
  #frameCount = 0;
  #untimedCount = 0;

  /** Frames that the cameras gave. */
  get frameCount(): number {
    return this.#frameCount;
  }

  /** Those whose latency could not be known: see SensorLatency. */
  get untimedCount(): number {
    return this.#untimedCount;
  }

  /** `latencyNs`: NaN where it can't be known. */
  arrived(latencyNs: number): void {
    this.#frameCount++;
    if (Number.isNaN(latencyNs)) this.#untimedCount++;
    else this.sensorToDequeue.observe(latencyNs / 1e9);
  }

  /** `intervalNs`: since the frame before, by the sensor's clock. A clock that was set back tells nothing. */
  followed(intervalNs: number): void {
    if (intervalNs <= 0) return;
    this.intervals.add(intervalNs / 1e6);
    this.interval.observe(intervalNs / 1e9);
  }
}
