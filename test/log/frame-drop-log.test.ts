import { expect, test } from "bun:test";
import { formatFrameDrop } from "../../src/log/frame-drop-log.ts";
import { parseRecord } from "./parse-record.ts";

const drop = { realtimeNs: 1_767_748_502_723_745_678n, monotonicNs: 9_223_372_036_854_775_807n, reason: "disk_slow" };

test("formatFrameDrop writes the contract's record with exact nanoseconds", () => {
  expect(formatFrameDrop({ ...drop, frameNumber: 42 })).toBe(
    '{"ts":"2026-01-07T01:15:02.723Z","mono_ns":9223372036854775807,"reason":"disk_slow","frame_num":42}',
  );
});

test("formatFrameDrop writes JSON whatever the reason, and null for a frame without a number", () => {
  const record = parseRecord(formatFrameDrop({ ...drop, reason: 'the "disk"\n', frameNumber: null }));
  expect(record).toMatchObject({ reason: 'the "disk"\n', frame_num: null });
});
