import { expect, test } from "bun:test";
import { percentOfTarget, type RateLevel, rateLevel } from "../../web/model/rate-level.ts";
import { ratesOf } from "../../web/model/rates.ts";
import type { ViewerState } from "../../web/model/viewer-state.ts";
import { recording, recordingSnapshot, snapshot } from "./made-up-snapshot.ts";

function viewer(shown: ViewerState["snapshot"], status: "open" | "connecting" = "open"): ViewerState {
  return { connection: { status, since: 0 }, hello: undefined, snapshot: shown };
}

test("a rate is good from 95 % of its target, low from 80 %, and bad below", () => {
  expect([100, 95, 94.9, 80, 79.9, 0].map((actual) => rateLevel(actual, 100))).toEqual([
    "good",
    "good",
    "low",
    "low",
    "bad",
    "bad",
  ]);
  // Where the arithmetic is not exact.
  for (const target of [3, 7, 29.97, 30, 59.94, 119.88]) {
    expect(rateLevel((target * 95) / 100, target)).toBe("good");
    expect(rateLevel((target * 80) / 100, target)).toBe("low");
  }
});

test("without a target there is nothing to judge", () => {
  expect([rateLevel(30, null), rateLevel(30, 0), rateLevel(0, 0)]).toEqual(["neutral", "neutral", "neutral"]);
});

test("percents never say more than the level", () => {
  expect([99.93, 95, 94.99, 80, 79.99].map((actual) => percentOfTarget(actual, 100))).toEqual([100, 95, 94, 80, 79]);
});

test("the recording's rate is neutral while nothing is recorded", () => {
  const ended = { reason: "stop_recording", error: null };
  expect(ratesOf(viewer(snapshot())).record.level).toBe("neutral");
  expect(ratesOf(viewer(recordingSnapshot({ ended }))).record.level).toBe("neutral");
  expect(ratesOf(viewer(recordingSnapshot())).record.level).toBe("good");
});

test("without a camera, without a connection and without a word of the module, all is neutral", () => {
  const levels = (state: ViewerState) => Object.values(ratesOf(state)).map(({ level }) => level);
  const neutral: RateLevel[] = ["neutral", "neutral", "neutral"];
  expect(levels(viewer(snapshot({ camera: null })))).toEqual(neutral);
  expect(levels(viewer(recordingSnapshot(), "connecting"))).toEqual(neutral);
  expect(levels(viewer(undefined))).toEqual(neutral);
});

test("a camera that is open and gives nothing is bad", () => {
  const rates = { ...snapshot().rates, capture: { actual: 0, max: 30 } };
  expect(ratesOf(viewer(snapshot({ rates, recording: recording() }))).capture.level).toBe("bad");
});
