import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { csvField, TIMING_CSV_HEADER, TimingCsvFormatter } from "../../src/recording/timing-csv.ts";
import { csvRecords } from "../../src/verify/csv-records.ts";

const ROW = {
  realtimeNs: 1_767_748_502_723_745_000n,
  monotonicNs: 156_789_123_456_789n,
  sensorTimestampNs: 1_234_567_890_123_456n,
};

describe("the timing CSV", () => {
  test("is the contract's example, byte for byte", () => {
    expect(TIMING_CSV_HEADER + new TimingCsvFormatter(1, "picam:0", "").row(ROW)).toBe(
      "trial,module,device_id,label,record_time_unix,record_time_mono,frame_index,sensor_timestamp_ns,video_pts\n" +
        "1,CSICameras,picam:0,,1767748502.723745,156789.123456789,1,1234567890123456,1\n",
    );
  });

  test("counts its rows from 1", () => {
    const csv = new TimingCsvFormatter(12, "picam:1", "x");
    const rows = [csv.row(ROW), csv.row(ROW), csv.row(ROW)].map((row) => row.trimEnd().split(","));
    expect(rows.map((fields) => [fields[0], fields[6], fields[8]])).toEqual([
      ["12", "1", "1"],
      ["12", "2", "2"],
      ["12", "3", "3"],
    ]);
  });

  const times: [Partial<typeof ROW>, string, string][] = [
    [{ monotonicNs: 1n }, "0.000000001", "1767748502.723745"],
    [{ monotonicNs: 0n }, "0.000000000", "1767748502.723745"],
    [{ monotonicNs: 999_999_999n }, "0.999999999", "1767748502.723745"],
    [{ monotonicNs: 9_223_372_036_854_775_807n }, "9223372036.854775807", "1767748502.723745"],
    [{ realtimeNs: 1_767_748_502_723_745_499n }, "156789.123456789", "1767748502.723745"],
    [{ realtimeNs: 1_767_748_502_723_745_500n }, "156789.123456789", "1767748502.723746"],
    [{ realtimeNs: 1_767_748_502_999_999_999n }, "156789.123456789", "1767748503.000000"],
    [{ realtimeNs: 0n }, "156789.123456789", "0.000000"],
  ];
  for (const [change, mono, unix] of times) {
    test(`writes ${Object.entries(change).join(" ")} as ${unix} and ${mono}`, () => {
      const row = new TimingCsvFormatter(1, "d", "").row({ ...ROW, ...change });
      expect(row).toBe(`1,CSICameras,d,,${unix},${mono},1,1234567890123456,1\n`);
    });
  }

  test("keeps every nanosecond, however large", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
        fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
        (mono, sensor) => {
          const row = new TimingCsvFormatter(1, "d", "").row({ ...ROW, monotonicNs: mono, sensorTimestampNs: sensor });
          const [, , , , , monoText = "", , sensorText = ""] = row.split(",");
          expect(BigInt(monoText.replace(".", ""))).toBe(mono);
          expect(sensorText).toBe(sensor.toString());
        },
      ),
    );
  });
});

describe("a label", () => {
  const labels: [string, string][] = [
    ["", ""],
    ["plain", "plain"],
    [" spaces ", " spaces "],
    ["a,b", '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ["two\nlines", '"two\nlines"'],
    ["two\r\nlines", '"two\r\nlines"'],
    ["cr\r", '"cr\r"'],
    ["Übung 📷", "Übung 📷"],
    ["'single'", "'single'"],
  ];
  for (const [label, field] of labels) {
    test(`${JSON.stringify(label)} is written as ${JSON.stringify(field)}`, () => {
      expect(csvField(label)).toBe(field);
    });
  }

  test("reads back as it was given, whatever is in it", () => {
    const text = fc.string({ unit: fc.constantFrom(",", '"', "\n", "\r", "a", " ", "é"), maxLength: 30 });
    fc.assert(
      fc.property(text, text, (deviceId, label) => {
        const [record, ...others] = csvRecords([new TimingCsvFormatter(1, deviceId, label).row(ROW)]);
        expect(others).toEqual([]);
        expect(record?.fields?.slice(2, 4)).toEqual([deviceId, label]);
      }),
    );
  });
});
