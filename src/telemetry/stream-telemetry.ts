import type { CapturedFrame } from "../capture/captured-frame.ts";
import type { FrameConsumer } from "../pipeline/frame-router.ts";
import type { FrameMeasures } from "./frame-measures.ts";
import { SensorLatency } from "./sensor-latency.ts";

/** Places in the row of timestamps. */
const [ARRIVAL, SENSOR, LAST_SENSOR] = [0, 1, 2] as const;

/** Measures the frames of one camera, as long as it is open. Allocates nothing per frame; costs some hundred ns. */
export class StreamTelemetry implements FrameConsumer {
  readonly #measures: FrameMeasures;
  readonly #latency: SensorLatency;
  /** ns. Read by halves, since a difference of two BigInt would be a third one. */
  readonly #timestamps = new BigInt64Array(3);
  readonly #low = new Uint32Array(this.#timestamps.buffer);
  readonly #high = new Int32Array(this.#timestamps.buffer);
  #lastArrivalNs: bigint | undefined;

  /** `frameDurationNs`: what the camera was set to; 0 where that is not known. */
  constructor(measures: FrameMeasures, frameDurationNs: number) {
    this.#measures = measures;
    this.#latency = new SensorLatency(frameDurationNs);
  }

  /** CLOCK_MONOTONIC when the newest frame reached us, ns. */
  get lastArrivalNs(): bigint | undefined {
    return this.#lastArrivalNs;
  }

  offer(frame: CapturedFrame): void {
    this.#timestamps[ARRIVAL] = frame.monotonicNs;
    this.#timestamps[SENSOR] = frame.sensorTimestampNs;
    this.#measures.arrived(this.#latency.of(this.#difference(ARRIVAL, SENSOR)));
    if (this.#lastArrivalNs !== undefined) this.#measures.followed(this.#difference(SENSOR, LAST_SENSOR));
    this.#timestamps[LAST_SENSOR] = frame.sensorTimestampNs;
    this.#lastArrivalNs = frame.monotonicNs;
  }

  /** From the beginning of its exposure to `nowNs`, CLOCK_MONOTONIC; ns, NaN where it can't be known. */
  latencyOf(frame: Pick<CapturedFrame, "monotonicNs" | "sensorTimestampNs">, nowNs: bigint): number {
    return this.#latency.of(Number(frame.monotonicNs - frame.sensorTimestampNs)) + Number(nowNs - frame.monotonicNs);
  }

  /** Little-endian, as all machines are that this runs on. */
  #difference(minuend: number, subtrahend: number): number {
    const high = (this.#high[2 * minuend + 1] ?? 0) - (this.#high[2 * subtrahend + 1] ?? 0);
    return high * 2 ** 32 + ((this.#low[2 * minuend] ?? 0) - (this.#low[2 * subtrahend] ?? 0));
  }
}
