import { expect, test } from "bun:test";
import { VERSION } from "../../src/version.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { countDecodedFrames, ffprobe } from "../recording/mp4/ffprobe.ts";
import { readWithMp4box } from "../recording/mp4/read-with-mp4box.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { readMetadata } from "../support/read-metadata.ts";
import { assign, startRecording, waitForRows } from "../support/record.ts";
import { readTimingFile } from "../support/timing-file.ts";

test.concurrent.each(["h264", "mjpeg"])(
  "a recording in %s says of itself what it is, how it was made and what became of each frame, twice alike",
  async (codec) => {
    using directory = new TemporaryDirectory();
    const rates = ["--capture-fps", "60", "--record-fps", "20"];
    await using host = new ModuleProcess(["--source", "synthetic", "--size", "320x240", "--codec", codec, ...rates]);
    await assign(host, "picam:0", { camera_hw_model: "IMX296", camera_stable_id: "picam:0" });
    const session = directory.file("session_20260106_081726");
    const fields = { trial_number: 3, trial_label: 'tone "A4"\n🎵', session_dir: session };
    const start = await host.ask("start_recording", fields);
    const { video_path, encoder } = expectPayload(start, "recording_started");
    const stem = video_path.replace(/\.mp4$/, "");
    const paths = { video: video_path, timing: `${stem}_timing.csv`, metadata: `${stem}_recording.json`, drops: "" };
    await waitForRows(paths, 40);
    const stop = await host.ask("stop_recording");
    const { ledger } = expectPayload(stop, "recording_stopped");

    const { beside, isSame } = readMetadata(paths);
    const { rows } = readTimingFile(paths.timing);
    const name = "20260106_081726_CSI_trial003_IMX296_picam_0";
    expect(isSame).toBe(true);
    expect(beside).toMatchObject({
      format_version: 1,
      versions: { csi_camera: VERSION, bun: Bun.version, libcamera: null },
      camera: { device_id: "picam:0", camera_id: "synthetic", model: "synthetic", label: "IMX296_picam_0" },
      trial: { number: 3, label: fields.trial_label, session_dir: session },
      files: { video: `${name}.mp4`, timing: `${name}_timing.csv`, drops: null },
      video: { width: 320, height: 240, codec, pixel_format: "YUV420" },
      encoder: { name: encoder, reason: "asked for", zero_copy: false },
      rates: { capture_requested: 60, capture_set: 59.999999, record_requested: 20 },
      start_command_id: start.in_reply_to,
      end: { reason: "stop_recording", command_id: stop.in_reply_to, error: null, ledger, unwritten_drops: 0 },
    });
    expect(ledger.recorded).toBe(rows.length);
    // The synthetic camera keeps its time exactly.
    expect(beside.rates.capture_measured).toBeCloseTo(60, 5);
    expect(beside.rates.record_measured).toBeCloseTo(20, 5);
    const { start: first, stop: last } = beside.clocks;
    // The rate gate takes the first frame; it may leave out the last ones.
    expect(first.sensor_timestamp_ns).toBe(String(rows[0]?.sensorTimestampNs));
    expect(BigInt(last?.sensor_timestamp_ns ?? 0)).toBeGreaterThanOrEqual(rows.at(-1)?.sensorTimestampNs ?? 0n);
    expect(Number(first.monotonic_ns) / 1e9).toBeCloseTo(Number(rows[0]?.recordTimeMono), 5);
    expect(Number(first.realtime_ns) / 1e9).toBeCloseTo(Number(rows[0]?.recordTimeUnix), 5);
    for (const clock of [first, last]) {
      expect(Number(clock?.boottime_ns)).toBeGreaterThanOrEqual(Number(clock?.monotonic_ns) - 100_000);
    }

    // Others pass over what they don't know.
    expect(countDecodedFrames(video_path)).toBe(rows.length);
    expect(ffprobe(video_path).packets).toHaveLength(rows.length);
    expect((await readWithMp4box(video_path)).read).toHaveLength(rows.length);
  },
  30_000,
);

test.concurrent("while it is recorded, players read a video that says what it is", async () => {
  using directory = new TemporaryDirectory();
  await using host = new ModuleProcess(["--source", "synthetic", "--size", "320x240"]);
  await assign(host);
  const recording = await startRecording(host, directory.path);
  await waitForRows(recording, 20);
  host.kill("SIGSTOP");
  expect(readMetadata(recording)).toMatchObject({ isSame: true, beside: { end: null } });
  expect(countDecodedFrames(recording.video)).toBeGreaterThanOrEqual(20);
  expect((await readWithMp4box(recording.video)).movie.isFragmented).toBe(true);
  host.kill("SIGCONT");
  expectPayload(await host.ask("stop_recording"), "recording_stopped");
}, 30_000);
