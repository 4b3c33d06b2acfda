import { expect, test } from "bun:test";
import { createSource } from "../../src/runtime/create-source.ts";
import { verifyRecording } from "../../src/verify/verify-recording.ts";
import { waitUntil } from "../log/wait-until.ts";
import { countRows, readTimingFile } from "../support/timing-file.ts";
import { RuntimeHost } from "../support/runtime-host.ts";

const small = (source: string, ...args: string[]) => ({
  createSource,
  args: ["--source", source, "--size", "320x240", ...args],
});

async function recordRows(host: RuntimeHost, rows: number) {
  const { video_path } = await host.record();
  const timing = video_path.replace(/\.mp4$/, "_timing.csv");
  await waitUntil(`${rows} rows`, () => countRows(timing) >= rows, 15_000);
  const { ledger } = await host.expect("recording_stopped", "stop_recording");
  return { video_path, timing, ledger };
}

const totalOf = (ledger: { recorded: number; skipped_by_rate_gate: number; dropped: Record<string, number> }) =>
  ledger.recorded + ledger.skipped_by_rate_gate + Object.values(ledger.dropped).reduce((sum, count) => sum + count, 0);

test("the module's own synthetic camera is recorded, every frame accounted for", async () => {
  await using host = new RuntimeHost(small("synthetic", "--capture-fps", "120", "--record-fps", "60"));
  await host.assign();
  const { video_path, timing, ledger } = await recordRows(host, 60);
  const { samples, rows, problems } = await verifyRecording(video_path);
  expect(problems).toEqual([]);
  expect({ samples, rows }).toEqual({ samples: ledger.recorded, rows: ledger.recorded });
  expect(totalOf(ledger)).toBe(ledger.captured);
  expect(ledger.skipped_by_rate_gate).toBeGreaterThan(30);
  const monotonic = readTimingFile(timing).rows.map((row) => Number(row.recordTimeMono));
  expect(monotonic.every((time, index) => index === 0 || time > (monotonic[index - 1] ?? 0))).toBe(true);
}, 30_000);

test("damaged frames and gaps of the sensor are in the ledger", async () => {
  await using host = new RuntimeHost(small("synthetic:bad_frame=10,gap=15+2", "--record-fps", "120"));
  await host.assign();
  const { video_path, ledger } = await recordRows(host, 60);
  expect((await verifyRecording(video_path)).problems).toEqual([]);
  expect(totalOf(ledger)).toBe(ledger.captured);
  expect(ledger.dropped["frame_error"]).toBeGreaterThanOrEqual(5);
  expect(ledger.sensor_gaps.gaps).toBeGreaterThanOrEqual(3);
}, 30_000);

test("a synthetic camera that is unplugged after one frame is lost, not stalled", async () => {
  await using host = new RuntimeHost(small("synthetic:lost=1", "--record-fps", "1000"));
  host.send("assign_device", { device_id: "picam:0" });
  await host.waitFor("device_error", ({ status }) => status === "device_error");
  // Whether the assignment or the loss comes first is a matter of microseconds.
  const failed = ["ready!", "device_error:camera_lost"];
  const lost = ["ready!", "device_ready", "device_error:camera_lost!"];
  expect([failed, lost]).toContainEqual(host.story());
}, 20_000);

for (const [fault, code] of [
  ["open_fails=not_found", "camera_not_found"],
  ["open_fails=busy", "camera_busy"],
  ["first_frame_delay=60000", "first_frame_timeout"],
  ["open_delay=60000", "first_frame_timeout"],
] as const) {
  test(`synthetic:${fault} answers ${code}`, async () => {
    await using host = new RuntimeHost(small(`synthetic:${fault}`, "--first-frame-timeout", "50ms"));
    expect(await host.expect("device_error", "assign_device", { device_id: "picam:0" })).toMatchObject({ code });
  });
}

test("device_ready waits for a first frame that comes late", async () => {
  await using host = new RuntimeHost(small("synthetic:first_frame_delay=300"));
  const startMs = performance.now();
  await host.assign();
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(299);
});

test("without a camera assign_device says that none was found", async () => {
  await using host = new RuntimeHost({ createSource });
  const { code } = await host.expect("device_error", "assign_device", { device_id: "picam:0" });
  expect(code).toBe("camera_not_found");
}, 20_000);

test("a file that is not there is a bad_source_file", async () => {
  await using host = new RuntimeHost({ createSource, args: ["--source", "replay:/nonexistent/x.y4m"] });
  const { code, error } = await host.expect("device_error", "assign_device", { device_id: "picam:0" });
  expect(code).toBe("bad_source_file");
  expect(error).toContain("/nonexistent/x.y4m");
});

test("an odd picture size is refused, not drawn wrongly", async () => {
  await using host = new RuntimeHost({ createSource, args: ["--source", "synthetic", "--size", "321x241"] });
  expect(await host.expect("device_error", "assign_device", { device_id: "picam:0" })).toMatchObject({
    code: "camera_unsupported",
  });
});
