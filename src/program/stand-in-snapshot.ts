import type { ModuleSnapshot } from "../telemetry/module-snapshot.ts";

const NO_LEDGER: ModuleSnapshot["totals"] = {
  captured: 0,
  recorded: 0,
  skipped_by_rate_gate: 0,
  dropped: {},
  sensor_gaps: { gaps: 0, missing_frames: 0 },
};

/** Nothing is known, until the runtime tells. */
export function standInSnapshot(): ModuleSnapshot {
  return {
    at: new Date().toISOString(),
    uptime_s: 0,
    state: "starting",
    health: { ok: true, reason: null },
    camera: null,
    rates: {
      capture: { actual: 0, max: null },
      record: { actual: 0, target: 0 },
      display: { actual: 0, target: 0 },
    },
    frame_intervals_ms: [],
    recording: null,
    totals: NO_LEDGER,
    viewers: { count: 0, previews_sent: 0, previews_dropped: 0 },
    process: { resident_bytes: 0, cpu: 0, event_loop_delay_ms: { mean: 0, max: 0 } },
  };
}
