import { expect, test } from "bun:test";
import { type TrafficFilter, trafficMatcher } from "../../web/model/traffic-filter.ts";
import { TrafficLog } from "../../web/model/traffic-log.ts";
import { command, status } from "./made-up-traffic.ts";

const log = new TrafficLog();
log.add([
  command(1, "start_recording", "rec_20260106_001"),
  status(2, "recording_started", "rec_20260106_001"),
  command(3, "get_status", "status_7"),
  command(4, null, null),
  status(6, "warning", null),
]);

function shown(text: string, direction: TrafficFilter["direction"] = "both"): (number | string)[] {
  return log.items
    .filter(trafficMatcher({ text, direction }))
    .map((item) => (item.type === "entry" ? item.entry.sequence : item.type));
}

test("an empty filter shows all", () => {
  expect(shown("")).toEqual([1, 2, 3, 4, "hole", 6]);
  expect(shown("   ")).toHaveLength(6);
});

test("a name finds commands and statuses, in upper case too, each with its partner", () => {
  expect(shown("recording_started")).toEqual([1, 2]);
  expect(shown("START_RECORDING")).toEqual([1, 2]);
  expect(shown("warning")).toEqual([6]);
});

test("a part of an id finds what carries it; several words must all occur", () => {
  expect(shown("0106_001")).toEqual([1, 2]);
  expect(shown("get _7")).toEqual([3]);
  expect(shown("get 0106")).toEqual([]);
});

test("a direction shows only commands or only statuses", () => {
  expect(shown("", "in")).toEqual([1, 3, 4]);
  expect(shown("rec", "out")).toEqual([2]);
});

test("what looks like a pattern is only text", () => {
  expect(shown(".*")).toEqual([]);
  expect(shown("(")).toEqual([]);
});
