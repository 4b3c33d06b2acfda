import type { LedgerReport } from "../pipeline/frame-ledger.ts";
import { type HistogramReport, quantile } from "../telemetry/histogram.ts";
import type { ModuleSnapshot } from "../telemetry/module-snapshot.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

/** What `/metrics/json` says: the snapshot, and what only grows since the module started. */
export interface MetricsReport extends ModuleSnapshot {
  /** Of the recording that goes on, else of the last one; null before the first. */
  readonly codec: string | null;
  readonly since_start: {
    /** All recordings. */
    readonly ledger: LedgerReport;
    /** That the cameras gave, recorded or not. */
    readonly frames: number;
    /** Those whose latency could not be known: the sensor's clock is none of this machine's. */
    readonly untimed_frames: number;
    readonly recordings: number;
    readonly encoder_restarts: number;
    /** Encoded bytes on the disk. */
    readonly written_bytes: number;
    /** By error code. */
    readonly recording_failures: Readonly<Record<string, number>>;
    readonly camera_failures: Readonly<Record<string, number>>;
  };
  /** Since the module started, ms. */
  readonly histograms: Readonly<Record<string, HistogramSummary>>;
}

/** Quantiles as far as buckets tell; null where there was no value. */
interface HistogramSummary {
  readonly count: number;
  readonly mean_ms: number | null;
  readonly p50_ms: number | null;
  readonly p90_ms: number | null;
  readonly p99_ms: number | null;
  readonly max_ms: number | null;
}

/** `reader`: see Telemetry.snapshot. */
export function metricsReport(telemetry: Telemetry, reader: string): MetricsReport {
  const { frames, recordings, cameraFailures, eventLoopDelay } = telemetry;
  const { measures } = frames;
  const { ledger, encoderRestarts } = recordings.sinceStart;
  return {
    codec: recordings.codec,
    ...telemetry.snapshot(reader),
    since_start: {
      ledger,
      frames: measures.frameCount,
      untimed_frames: measures.untimedCount,
      recordings: recordings.startedCount,
      encoder_restarts: encoderRestarts,
      written_bytes: frames.writtenBytes,
      recording_failures: Object.fromEntries(recordings.failures),
      camera_failures: Object.fromEntries(cameraFailures),
    },
    histograms: {
      sensor_to_dequeue: summary(measures.sensorToDequeue.report()),
      sensor_to_encoded: summary(measures.sensorToEncoded.report()),
      sensor_to_disk: summary(measures.sensorToDisk.report()),
      frame_interval: summary(measures.interval.report()),
      event_loop_delay: summary(eventLoopDelay.histogram.report()),
    },
  };
}

/** Of a histogram of seconds. */
function summary(report: HistogramReport): HistogramSummary {
  const { count, sum, max } = report;
  return {
    count,
    mean_ms: count === 0 ? null : milliseconds(sum / count),
    p50_ms: milliseconds(quantile(report, 0.5)),
    p90_ms: milliseconds(quantile(report, 0.9)),
    p99_ms: milliseconds(quantile(report, 0.99)),
    max_ms: count === 0 ? null : milliseconds(max),
  };
}

/** To the microsecond. */
function milliseconds(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds * 1e6) / 1e3;
}
