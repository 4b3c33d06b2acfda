import { describe, expect, test } from "bun:test";
import { formatStatus, STATUS_PAYLOADS, type Status } from "../../src/protocol/statuses.ts";
import { checkStatusLine } from "../support/check-status-line.ts";

/** As long as a path gets, of characters that JSON makes longest. */
const PATH = `/${"\u0001".repeat(4090)}.mp4`;
const LEDGER = {
  captured: Number.MAX_SAFE_INTEGER,
  recorded: Number.MAX_SAFE_INTEGER,
  skipped_by_rate_gate: Number.MAX_SAFE_INTEGER,
  dropped: { encoder_busy: 9_007_199_254_740_991, disk_error: 1 },
  sensor_gaps: { gaps: Number.MAX_SAFE_INTEGER, missing_frames: Number.MAX_SAFE_INTEGER },
};
/** As replies shorten it. */
const SENTENCE = "\u0001".repeat(1001);
const DEVICE = "\u0001".repeat(200);

/** One of each, its fields as long as they get. */
const LONGEST: Status[] = [
  { status: "ready", payload: {} },
  { status: "device_ack", payload: { device_id: DEVICE } },
  { status: "device_ready", payload: { device_id: DEVICE } },
  { status: "device_unassigned", payload: { device_id: DEVICE, port_released: true } },
  { status: "device_unassigned", payload: { device_id: null, port_released: true } },
  { status: "device_error", payload: { device_id: DEVICE, error: SENTENCE, code: "bad_session_dir" } },
  {
    status: "recording_started",
    payload: {
      video_path: PATH,
      camera_id: DEVICE,
      trial_number: 2 ** 53 - 1,
      encoder: "libx264 core 164",
      zero_copy: false,
      encoder_reason: "\u0001".repeat(201),
    },
  },
  {
    status: "recording_stopped",
    payload: { camera_id: DEVICE, video_path: PATH, ledger: LEDGER, reason: "camera_stalled" },
  },
  { status: "recording_stopped", payload: { camera_id: DEVICE, video_path: null, ledger: LEDGER } },
  {
    status: "snapshot_taken",
    payload: {
      camera_id: DEVICE,
      path: PATH,
      width: 16_384,
      height: 16_384,
      sensor_timestamp_ns: "9223372036854775807",
    },
  },
  {
    status: "status_report",
    payload: {
      state: "reconnecting",
      device_id: DEVICE,
      fault: "\u0001".repeat(201),
      recording: {
        video_path: PATH,
        trial_number: Number.MAX_SAFE_INTEGER,
        trial_label: "\u0001".repeat(201),
        ledger: LEDGER,
      },
    },
  },
  { status: "command_ack", payload: { command: "start_session", success: true } },
  { status: "command_nack", payload: { command: null, success: false, error: SENTENCE, code: "bad_command" } },
  { status: "warning", payload: { message: SENTENCE, code: "ledger_imbalance" } },
  { status: "quitting", payload: {} },
];

describe("formatStatus", () => {
  test("is tried with every status that there is", () => {
    expect(new Set(LONGEST.map(({ status }) => status))).toEqual(
      new Set(Object.keys(STATUS_PAYLOADS) as Status["status"][]),
    );
  });

  for (const status of LONGEST) {
    test(`${status.status} speaks both dialects in one line below 64 KiB`, () => {
      for (const inReplyTo of [undefined, "x".repeat(200), "\u0001".repeat(200)]) {
        const line = formatStatus({ ...status, inReplyTo });
        expect(line).not.toContain("\n");
        const checked = checkStatusLine(line);
        if (typeof checked === "string") throw new Error(checked);
        expect(checked.in_reply_to).toBe(inReplyTo as string);
        expect(checked.data).toEqual(status.payload);
        expect(JSON.parse(line)).toMatchObject({ type: "status", status: status.status, ...status.payload });
      }
    });
  }

  test("is the contract's example", () => {
    const now = new Date(2026, 0, 6, 14, 30, 51, 120);
    const line = formatStatus({ status: "device_ready", inReplyTo: "X", payload: { device_id: "picam:0" } }, now);
    expect(line).toBe(
      '{"type":"status","status":"device_ready","timestamp":"2026-01-06T14:30:51.120","in_reply_to":"X","command_id":"X","device_id":"picam:0","data":{"device_id":"picam:0"}}',
    );
  });

  test("leaves the ids out where nobody asked", () => {
    const line = formatStatus({ status: "ready", payload: {} });
    expect(Object.keys(JSON.parse(line) as object).toSorted()).toEqual(["data", "status", "timestamp", "type"]);
  });

  test("writes local time, in summer and winter", () => {
    for (const date of [new Date(2026, 0, 1), new Date(2026, 6, 1, 23, 59, 59, 999)]) {
      const { timestamp } = JSON.parse(formatStatus({ status: "ready", payload: {} }, date)) as { timestamp: string };
      expect(timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/);
      // Without a zone, Date reads it as local time.
      expect(new Date(timestamp).getTime()).toBe(date.getTime());
    }
  });

  test("escapes what would break the line", () => {
    const error = 'a "quote"\nand a line, \\ and \u2028 and \ud800';
    const line = formatStatus({ status: "device_error", payload: { device_id: null, error, code: "x" } });
    expect(line).not.toContain("\n");
    expect((JSON.parse(line) as { error: string }).error).toBe(error);
  });
});
