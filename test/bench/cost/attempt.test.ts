import { expect, test } from "bun:test";
import { attempt } from "./attempt.ts";
import { reportedRow } from "./row.ts";
import { spreadOf } from "./spread.ts";

const HEADS = [{ what: "one", target: 20, unit: "µs" }, { what: "two" }];

test("where measuring fails each row is there all the same, with its target and the reason", async () => {
  const rows = await attempt(HEADS, async () => await Promise.reject(new Error("bench ended with 1:\n  no memory\n")));
  const reason = { measured: undefined, verdict: "not measured", note: "bench ended with 1: no memory" } as const;
  expect(rows).toEqual([
    { what: "one", target: 20, unit: "µs", ...reason },
    { what: "two", target: undefined, unit: "", ...reason },
  ]);
});

test("what was measured is left as it is", async () => {
  const measured = [reportedRow("one", "µs", spreadOf([3]))];
  expect(await attempt(HEADS, async () => await Promise.resolve(measured))).toEqual(measured);
});
