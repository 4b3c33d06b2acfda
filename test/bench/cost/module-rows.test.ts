import { expect, test } from "bun:test";
import { moduleRows } from "./module-rows.ts";
import type { ModuleCost, Trial } from "./modules.ts";

const LEDGER = {
  captured: 600,
  recorded: 600,
  skipped_by_rate_gate: 0,
  dropped: {},
  sensor_gaps: { gaps: 0, missing_frames: 0 },
};
const FINE: ModuleCost = {
  ledger: LEDGER,
  cpuMsPerFrame: 10,
  previewsPerSecond: 5,
  previewsLeftOut: 0,
  toldAtSeconds: null,
  droppedAtSeconds: null,
  framesSincePreview: null,
  dropLines: 0,
  isSound: true,
  peakBytes: 2e8,
};
const DROPPING: ModuleCost = {
  ...FINE,
  ledger: { ...LEDGER, recorded: 500, dropped: { encoder_busy: 100 } },
  previewsLeftOut: 9,
  toldAtSeconds: 3,
  droppedAtSeconds: 4,
  framesSincePreview: 30,
  dropLines: 100,
};
const ROOM: Trial = { modules: [FINE], busyShare: 0.45, othersShare: 0, stolenShare: 0 };
const FULL: Trial = { modules: [DROPPING], busyShare: 0.97, othersShare: 0, stolenShare: 0 };

/** One module alone, which all goes well with, and two side by side in three rounds. */
function verdictsOf(...two: readonly Trial[]): string[] {
  return moduleRows(
    new Map([
      [1, two.map(() => ROOM)],
      [2, two],
    ]),
  ).map(({ verdict }) => verdict);
}

test("modules that need no more side by side than alone, and lose nothing, meet all that is asked of them", () => {
  const verdicts = ["met", "met", "not measured", "not measured", "met", "met"];
  expect(verdictsOf(ROOM, ROOM, ROOM)).toEqual(verdicts);
});

test("modules that cost more and drop frames where there is room are not excused by the frames that they drop", () => {
  const dearer: Trial = { ...ROOM, modules: [{ ...DROPPING, cpuMsPerFrame: 23 }] };
  expect(verdictsOf(dearer, dearer, dearer).slice(0, 2)).toEqual(["not met", "not met"]);
  expect(verdictsOf(ROOM, ROOM, dearer)[1]).toBe("not met");
});

test("a frame that the camera had no buffer for is lost as well", () => {
  const missing = { ...FINE, ledger: { ...LEDGER, sensor_gaps: { gaps: 1, missing_frames: 2 } } };
  expect(verdictsOf(ROOM, ROOM, { ...ROOM, modules: [missing] })[1]).toBe("not met");
});

test("what others may have done is too noisy, unless it also came about without them", () => {
  const dropping: Trial = { ...ROOM, modules: [{ ...DROPPING, cpuMsPerFrame: 23 }] };
  const [busy, stolen] = [
    { ...dropping, othersShare: 0.3 },
    { ...dropping, stolenShare: 0.3 },
  ];
  expect(verdictsOf(busy, stolen, busy).slice(0, 2)).toEqual(["too noisy", "too noisy"]);
  expect(verdictsOf(busy, stolen, dropping).slice(0, 2)).toEqual(["not met", "not met"]);
});

test("full cores excuse what a frame costs and that frames are dropped, not that previews went on or a file is unsound", () => {
  const [cost, lost, ...others] = verdictsOf(FULL, FULL, FULL);
  expect([cost, lost]).toEqual(["reported", "met"]);
  expect(others).toEqual(["met", "met", "met", "met"]);
  const wrong = { ...DROPPING, framesSincePreview: 2, toldAtSeconds: null, dropLines: 99, isSound: false };
  const verdicts = verdictsOf(FULL, FULL, { ...FULL, modules: [wrong], othersShare: 0.3 });
  expect(verdicts.slice(2)).toEqual(["not met", "not met", "not met", "not met"]);
});

test("a round in which nothing was dropped does not hide what the others show of shedding previews", () => {
  const late = { ...FULL, modules: [{ ...DROPPING, framesSincePreview: 2 }] };
  expect(verdictsOf(ROOM, late, FULL)[2]).toBe("not met");
  expect(verdictsOf(ROOM, FULL, FULL)[2]).toBe("too few rounds");
});
