import { suspendedNs } from "../../native/clocks.ts";
import type { TimingRow } from "../timing-csv.ts";
import type { ClockReading } from "./recording-metadata.ts";

/** The clocks when this frame reached us. CLOCK_BOOTTIME is CLOCK_MONOTONIC and how far it is ahead of that now. */
export function clockReading({ sensorTimestampNs, monotonicNs, realtimeNs }: TimingRow): ClockReading {
  return {
    sensor_timestamp_ns: String(sensorTimestampNs),
    monotonic_ns: String(monotonicNs),
    boottime_ns: String(monotonicNs + suspendedNs()),
    realtime_ns: String(realtimeNs),
  };
}
