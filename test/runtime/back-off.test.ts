import { expect, test } from "bun:test";
import { BackOff } from "../../src/runtime/back-off.ts";
import { RuntimeConfig } from "../../src/runtime/runtime-config.ts";

const { reconnectPausesMs } = RuntimeConfig.fromArgs([], {}).camera;
const pauses = (backOff: BackOff, count: number) => Array.from({ length: count }, () => backOff.next());

test("a failed camera is tried after 1, 2, 4, 8, 16, 30 and 30 s", () => {
  expect(pauses(new BackOff(reconnectPausesMs), 7)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
});

test("the pauses begin anew once all was well for as long as the longest, not before", () => {
  const backOff = new BackOff(reconnectPausesMs);
  pauses(backOff, 3);
  backOff.wasWell(29_999);
  expect(pauses(backOff, 1)).toEqual([8000]);
  backOff.wasWell(30_000);
  expect(pauses(backOff, 2)).toEqual([1000, 2000]);
});
