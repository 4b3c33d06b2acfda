import { expect, test } from "bun:test";
import { ledgerRows } from "../../web/model/ledger-rows.ts";
import { ledger } from "./made-up-snapshot.ts";

const RECORDING = ledger({
  captured: 100,
  recorded: 80,
  skipped_by_rate_gate: 7,
  dropped: { disk_slow: 4, encoder_busy: 6 },
  sensor_gaps: { gaps: 1, missing_frames: 2 },
});

test("the parts add up to what was captured, with each reason, and gaps beside", () => {
  const rows = ledgerRows(RECORDING, undefined);
  expect(rows.map(({ label, recording }) => [label, recording])).toEqual([
    ["captured", 100],
    ["recorded", 80],
    ["skipped by rate gate", 7],
    ["dropped", 10],
    ["disk_slow", 4],
    ["encoder_busy", 6],
    ["on their way", 3],
    ["gaps of the sensor", 1],
    ["frames missing in them", 2],
  ]);
  const parts = rows.filter(({ role }) => role === "part").reduce((sum, { recording }) => sum + (recording ?? 0), 0);
  expect(parts).toBe(100);
});

test("a reason that only one of the ledgers has is 0 in the other; without a recording its column is empty", () => {
  const rows = ledgerRows(ledger(), RECORDING);
  expect(rows.find(({ label }) => label === "disk_slow")).toMatchObject({ recording: 0, totals: 4 });
  expect(ledgerRows(undefined, RECORDING).every(({ recording }) => recording === null)).toBeTrue();
});
