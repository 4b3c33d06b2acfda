import { describe, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { DROP_REASONS } from "../../src/pipeline/frame-ledger.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { assign, type Ledger, startRecording, waitForRows } from "../support/record.ts";
import type { Family } from "./exposition.ts";
import { type HealthAnswer, type MetricsClient, risingValues, startMeasured, valueOf } from "./metrics-client.ts";

const SIZE = ["--size", "320x240"];

function stateOf(families: ReadonlyMap<string, Family>): string {
  const on = families.get("csi_camera_state")?.samples.filter(({ value }) => value === 1) ?? [];
  return on.map(({ labels }) => labels["state"]).join(" ");
}

/** The ledger of all recordings, as the counters tell it. */
function ledgerOf(families: ReadonlyMap<string, Family>): Ledger {
  const count = (what: string): number => valueOf(families, `csi_camera_recording_${what}_total`);
  const drops = DROP_REASONS.map((reason) => [
    reason,
    valueOf(families, "csi_camera_recording_dropped_frames_total", { reason }),
  ]);
  return {
    captured: count("captured_frames"),
    recorded: count("recorded_frames"),
    skipped_by_rate_gate: count("skipped_frames"),
    dropped: Object.fromEntries(drops.filter(([, frames]) => frames !== 0)),
    sensor_gaps: { gaps: count("sensor_gaps"), missing_frames: count("sensor_missing_frames") },
  };
}

function sumOf(ledgers: readonly Ledger[]): Ledger {
  const sum = (pick: (ledger: Ledger) => number): number => ledgers.reduce((total, ledger) => total + pick(ledger), 0);
  const reasons = new Set(ledgers.flatMap(({ dropped }) => Object.keys(dropped)));
  return {
    captured: sum(({ captured }) => captured),
    recorded: sum(({ recorded }) => recorded),
    skipped_by_rate_gate: sum((ledger) => ledger.skipped_by_rate_gate),
    dropped: Object.fromEntries([...reasons].map((reason) => [reason, sum(({ dropped }) => dropped[reason] ?? 0)])),
    sensor_gaps: {
      gaps: sum((ledger) => ledger.sensor_gaps.gaps),
      missing_frames: sum((ledger) => ledger.sensor_gaps.missing_frames),
    },
  };
}

/** Between two scrapes: less than a frame takes. */
const SCRAPE_PAUSE_MS = 15;

/** Scrapes again and again until it is stopped; throws where a value fell that may only grow. */
async function watchRising(metrics: MetricsClient, signal: AbortSignal): Promise<number> {
  let [before, scrapes] = [new Map<string, number>(), 0];
  while (!signal.aborted) {
    const now = risingValues(await metrics.scrapeAny());
    for (const [name, value] of before) {
      if ((now.get(name) ?? -1) < value) throw new Error(`${name} fell from ${value} to ${now.get(name)}`);
    }
    [before, scrapes] = [now, scrapes + 1];
    await Bun.sleep(SCRAPE_PAUSE_MS);
  }
  return scrapes;
}

async function healthUntil(
  metrics: MetricsClient,
  what: string,
  fits: (health: HealthAnswer) => boolean,
): Promise<HealthAnswer> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const health = await metrics.health();
    if (fits(health)) return health;
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}; it is ${JSON.stringify(health)}`);
    await Bun.sleep(20);
  }
}

describe("the metrics of a module", () => {
  test("that has no camera yet: idle and well, all counts 0, each reason of drops named", async () => {
    const { host, metrics } = await startMeasured(["--source", "synthetic"]);
    await using _host = host;
    const response = await metrics.fetch("/metrics");
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const families = await metrics.scrape();
    expect(stateOf(families)).toBe("idle");
    expect(valueOf(families, "csi_camera_healthy")).toBe(1);
    expect(ledgerOf(families)).toEqual(sumOf([]));
    expect(valueOf(families, "csi_camera_sensor_to_disk_seconds_count")).toBe(0);
    expect(await metrics.health()).toEqual({ code: 200, status: "ok", state: "idle", reason: null });
    const { state, camera, recording, frame_intervals_ms } = await metrics.json();
    expect({ state, camera, recording, frame_intervals_ms }).toEqual({
      state: "idle",
      camera: null,
      recording: null,
      frame_intervals_ms: [],
    });
  }, 20_000);

  test("that records: rates as configured, the ledger of recording_stopped, and nothing that counts ever falls", async () => {
    using directory = new TemporaryDirectory();
    const faults = "synthetic:gap=40+2,bad_frame=25";
    const rates = ["--capture-fps", "50", "--record-fps", "25"];
    const { host, metrics } = await startMeasured(["--source", faults, ...SIZE, ...rates]);
    await using _host = host;
    const stop = new AbortController();
    const rising = watchRising(metrics, stop.signal);
    const ledgers: Ledger[] = [];
    for (const [trial, device] of ["picam:0", "picam:0", "picam:1"].entries()) {
      if (trial === 2) expectPayload(await host.ask("unassign_device"), "device_unassigned");
      if (trial !== 1) await assign(host, device);
      expect(stateOf(await metrics.scrape())).toBe("streaming");
      const paths = await startRecording(host, directory.path, { trial_label: "hidden-label" });
      await waitForRows(paths, 75);
      await expectRecording(metrics, paths.video);
      const { ledger } = expectPayload(await host.ask("stop_recording"), "recording_stopped");
      ledgers.push(ledger);
      expect(ledger.dropped["frame_error"]).toBeGreaterThan(0);
      expect(ledger.sensor_gaps.gaps).toBeGreaterThan(0);

      const families = await metrics.scrape();
      expect(ledgerOf(families)).toEqual(sumOf(ledgers));
      expect(valueOf(families, "csi_camera_sensor_to_disk_seconds_count")).toBe(sumOf(ledgers).recorded);
      expect(valueOf(families, "csi_camera_sensor_to_encoded_seconds_count")).toBe(sumOf(ledgers).recorded);
      const report = await metrics.json();
      expect(report.recording?.ledger).toEqual(ledger);
      expect(report.recording?.ended).toEqual({ reason: "stop_recording", error: null });
      expect(report.totals).toEqual(sumOf(trial === 2 ? [ledger] : ledgers));
      expect(report.since_start.ledger).toEqual(sumOf(ledgers));
      expect(report.rates.record.actual).toBe(0);
    }
    stop.abort();
    expect(await rising).toBeGreaterThan(20);
    const text = await (await metrics.fetch("/metrics")).text();
    expect(text).not.toContain("hidden-label");
    expect(text).not.toContain(directory.path);
  }, 60_000);

  /** Of 50 frames/s the camera loses 2 in 42, and one in 25 comes damaged. */
  async function expectRecording(metrics: MetricsClient, videoPath: string): Promise<void> {
    const { state, rates, recording, histograms, process, camera } = await metrics.json();
    expect(state).toBe("recording");
    expect(camera).toMatchObject({ model: "synthetic", width: 320, height: 240 });
    expect(rates.capture.max).toBeCloseTo(50, 3);
    expect(rates.capture.actual).toBeWithin(20, 52);
    expect(rates.record.target).toBe(25);
    expect(rates.record.actual).toBeWithin(8, 26.5);
    expect(recording).toMatchObject({ video_path: videoPath, trial_label: "hidden-label", ended: null });
    expect(recording?.encoder).toStartWith("libx264");
    expect(recording?.duration_s).toBeWithin(2.5, 15);
    expect(recording?.byte_count).toBeGreaterThan(1000);
    expect(recording?.ledger.recorded).toBeGreaterThanOrEqual(75);
    const { sensor_to_dequeue, sensor_to_encoded, sensor_to_disk } = histograms;
    expect(sensor_to_dequeue?.p50_ms ?? -1).toBeWithin(0, 500);
    expect(sensor_to_encoded?.p50_ms ?? -1).toBeWithin(sensor_to_dequeue?.p50_ms ?? 0, 2000);
    expect(sensor_to_disk?.p50_ms ?? -1).toBeWithin(sensor_to_encoded?.p50_ms ?? 0, 5000);
    expect(process.resident_bytes).toBeGreaterThan(20e6);
    expect(process.cpu).toBeGreaterThan(0);
  }

  test("whose camera falls silent: 503 with the reason until it is back", async () => {
    const { host, metrics } = await startMeasured(["--source", "synthetic:stall=60", "--record-fps", "60", ...SIZE]);
    await using _host = host;
    await assign(host);
    expect(await metrics.health()).toEqual({ code: 200, status: "ok", state: "streaming", reason: null });
    const silent = await healthUntil(metrics, "503", ({ code }) => code === 503);
    // Before the module gives the camera up.
    expect(silent).toEqual({
      code: 503,
      status: "failing",
      state: "streaming",
      reason: '"picam:0" delivers no frames any more',
    });
    const reconnecting = await healthUntil(metrics, "reconnecting", ({ state }) => state === "reconnecting");
    expect(reconnecting.code).toBe(503);
    expect(reconnecting.reason).toBe(
      '"picam:0" failed and is being opened again: the camera delivers no frames any more',
    );
    const families = await metrics.scrape();
    expect(stateOf(families)).toBe("reconnecting");
    expect(valueOf(families, "csi_camera_healthy")).toBe(0);
    expect(valueOf(families, "csi_camera_camera_failures_total", { code: "camera_stalled" })).toBe(1);
    expect(valueOf(families, "csi_camera_capture_fps")).toBe(0);
    await healthUntil(metrics, "200", ({ code, state }) => code === 200 && state === "streaming");
    const before = valueOf(families, "csi_camera_capture_frames_total");
    await healthUntil(metrics, "503 again", ({ code }) => code === 503);
    expect(valueOf(await metrics.scrape(), "csi_camera_capture_frames_total")).toBe(before + 60);
  }, 40_000);

  test("whose recording failed: 503 with the reason until the next one begins or the device is released", async () => {
    using directory = new TemporaryDirectory();
    const { host, metrics } = await startMeasured(["--source", "synthetic", ...SIZE]);
    await using _host = host;
    await assign(host);
    const sessionDir = directory.file("session_1");
    for (const recovery of ["start_recording", "unassign_device"]) {
      const paths = await startRecording(host, sessionDir);
      await waitForRows(paths, 5);
      const stopped = host.statuses.filter(({ status }) => status === "recording_stopped").length;
      rmSync(sessionDir, { recursive: true });
      const failing = await healthUntil(metrics, "503", ({ code }) => code === 503);
      expect(failing.reason).toMatch(/recording failed: .* was removed or moved/);
      await host.waitFor("recording_stopped", () => host.statuses.filter(isStopped).length > stopped);
      expect(await metrics.health()).toMatchObject({ code: 503, state: "streaming" });
      expect((await metrics.json()).recording?.ended?.reason).toBe("file_gone");
      const { code } = expectFailures(await metrics.scrape());
      expect(code).toBe("file_gone");
      await host.ask(recovery, { session_dir: sessionDir });
      expect(await metrics.health()).toMatchObject({ code: 200, reason: null });
      if (recovery === "start_recording") expectPayload(await host.ask("stop_recording"), "recording_stopped");
    }
  }, 40_000);
});

function isStopped({ status }: { readonly status: string }): boolean {
  return status === "recording_stopped";
}

function expectFailures(families: ReadonlyMap<string, Family>): Readonly<Record<string, string>> {
  const samples = families.get("csi_camera_recording_failures_total")?.samples ?? [];
  expect(samples).toHaveLength(1);
  return samples[0]?.labels ?? {};
}
