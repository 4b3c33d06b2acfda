import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type DropReason, FrameLedger } from "../../src/pipeline/frame-ledger.ts";

const REASONS: readonly DropReason[] = [
  "frame_error",
  "capture_overflow",
  "encoder_busy",
  "encoder_skip",
  "encoder_error",
  "encoder_stall",
  "encoder_failed",
  "disk_slow",
  "disk_error",
];

describe("FrameLedger", () => {
  test("is empty and balanced at first", () => {
    const ledger = new FrameLedger();
    expect(ledger.inFlight).toBe(0);
    expect(ledger.report()).toEqual({
      captured: 0,
      recorded: 0,
      skipped_by_rate_gate: 0,
      dropped: {},
      sensor_gaps: { gaps: 0, missing_frames: 0 },
    });
  });

  test("adds up: captured = recorded + skipped + dropped + in flight; gaps stand beside", () => {
    const fates = fc.array(fc.constantFrom("recorded", "skipped", "in flight", "gap", ...REASONS), { maxLength: 300 });
    fc.assert(
      fc.property(fates, (all) => {
        const ledger = new FrameLedger();
        const count = (fate: string) => all.filter((one) => one === fate).length;
        for (const fate of all) {
          if (fate === "gap") {
            ledger.countGap(3);
            continue;
          }
          ledger.countCaptured();
          const reason = REASONS.find((one) => one === fate);
          if (reason !== undefined) ledger.countDropped(reason);
          else if (fate === "recorded") ledger.countRecorded();
          else if (fate === "skipped") ledger.countSkipped();
        }
        const { captured, recorded, skipped_by_rate_gate, dropped, sensor_gaps } = ledger.report();
        expect(captured).toBe(all.length - count("gap"));
        expect({ recorded, skipped: skipped_by_rate_gate }).toEqual({
          recorded: count("recorded"),
          skipped: count("skipped"),
        });
        for (const reason of REASONS) expect(dropped[reason] ?? 0).toBe(count(reason));
        expect(sensor_gaps).toEqual({ gaps: count("gap"), missing_frames: 3 * count("gap") });
        expect(ledger.inFlight).toBe(count("in flight"));
        expect(recorded + skipped_by_rate_gate + ledger.dropped + ledger.inFlight).toBe(captured);
      }),
    );
  });

  test("counts several at once", () => {
    const ledger = new FrameLedger();
    ledger.countCaptured(10);
    ledger.countRecorded(6);
    ledger.countDropped("disk_error", 3);
    expect(ledger.inFlight).toBe(1);
  });

  test("a report is a copy", () => {
    const ledger = new FrameLedger();
    const before = ledger.report();
    ledger.countCaptured();
    ledger.countDropped("disk_slow");
    ledger.countGap(1);
    expect(before).toEqual(new FrameLedger().report());
  });
});
