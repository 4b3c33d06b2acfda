import { describe, expect, test } from "bun:test";
import type { Findings } from "./findings.ts";
import { fileSystemOf } from "./file-system.ts";
import { parseOptions } from "./options.ts";
import { markdownReport } from "./report.ts";
import { takenLines } from "./run-description.ts";
import { describeScheduling } from "./scheduling.ts";

describe("scheduling is told", () => {
  /** proc_pid_stat(5), made: fields 19 nice, 40 rt_priority, 41 policy. */
  const stat = (nice: number, realTimePriority: number, policy: number): string => {
    const rest = Array.from({ length: 50 }, (_, index) => 1000 + index);
    [rest[16], rest[37], rest[38]] = [nice, realTimePriority, policy];
    return `79 (a (b) c) ${["R", ...rest.slice(1)].join(" ")}\n`;
  };

  test.each([
    ["SCHED_RR, real-time priority 5 of 99", stat(0, 5, 2), "/autogroup-1 nice -18\n"],
    ["SCHED_FIFO, real-time priority 99 of 99", stat(0, 99, 1), undefined],
    ["SCHED_OTHER, nice value -6, -18 of its session", stat(-6, 0, 0), "/autogroup-1 nice -18\n"],
    ["SCHED_BATCH, nice value 19", stat(19, 0, 3), undefined],
  ])("as %s", (words, line, autogroup) => expect(describeScheduling(line, autogroup)).toBe(words));
});

test("a folder's file system is told by its type, and one that is not there has none", () => {
  expect(fileSystemOf("/proc")).toBe("proc");
  expect(fileSystemOf("/proc/nothing")).toBe("unknown");
});

test("what other programs took and what other machines did are told apart, as far as the system does", () => {
  const [others, machines] = takenLines({ othersShare: 0.6, stolenShare: 0.089 });
  expect([others?.[1], machines?.[1]]).toEqual(["60.0 % of all processors", "8.9 % of all processors (steal)"]);
  expect(takenLines({ othersShare: 0.6, stolenShare: 0 })[1]?.[1]).toBe("nothing that it is told of");
});

test("the report tells for how long the made-up camera's buffers last, and a Raspberry Pi's", () => {
  const found: Findings = {
    trials: [],
    verified: [],
    samples: [],
    watched: {
      seconds: 0,
      previewRate: 5,
      previews: [],
      leftOutTimes: 0,
      scrapes: 0,
      slowestScrapeMs: 0,
      viewerProblems: [],
      scrapeProblems: [],
    },
    openAtRest: [],
    peakBytes: 0,
    histograms: undefined,
    problems: [],
  };
  const report = (...args: string[]): string =>
    markdownReport({ options: parseOptions(args), description: [], verdict: [], found });
  expect(report()).toMatch(/24 buffers, 400 ms of frames, and makes up for 2 s .* 8 buffers, 133 ms/);
  expect(report("--fps", "30")).toMatch(/24 buffers, 800 ms of frames, and makes up for 2 s .* 8 buffers, 267 ms/);
  expect(report("--accelerated")).not.toContain("buffers");
});
