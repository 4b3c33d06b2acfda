import { describe, expect, test } from "bun:test";
import { checkClock, readClock } from "../../src/doctor/checks/clock.ts";
import { checkTemperature, readTemperature } from "../../src/doctor/checks/temperature.ts";
import { checkThrottling, readThrottling } from "../../src/doctor/checks/throttling.ts";
import { readKernelClock } from "../../src/native/kernel-clock.ts";
import { MachineTree, PC, PI_4, PI_5 } from "./machine-tree.ts";

describe("the clock", () => {
  const synchronised = { isSynchronised: true, estimatedErrorUs: 12 };
  const free = { isSynchronised: false, estimatedErrorUs: 16_000_000 };
  const check = (files: Readonly<Record<string, string>>, kernel?: typeof free) => {
    using tree = new MachineTree(files);
    return checkClock({ ...readClock(tree.files, free), kernel });
  };
  const timesyncd = { "/run/systemd/timesync/synchronized": "" };
  const chrony = { "/run/chrony/chronyd.pid": "7" };

  test("is right where the kernel or systemd-timesyncd says so", () => {
    expect(check(chrony, synchronised)).toMatchObject({ level: "ok", sentence: expect.stringContaining("(chrony)") });
    expect(check(timesyncd, free)).toMatchObject({ level: "ok" });
  });

  test("that nobody set is a warning, with what to do", () => {
    expect(check({}, free)).toMatchObject({ level: "warning", advice: [expect.stringContaining("timesyncd")] });
    expect(check(chrony, free)).toMatchObject({ level: "warning", advice: [expect.stringContaining("network")] });
  });

  test("of which nothing is known is not taken for right", () => {
    expect(check({})).toMatchObject({ level: "unknown", values: { kernel_synchronised: null } });
  });

  test("is read from this kernel, as adjtimex(2) says it", () => {
    const clock = readKernelClock();
    expect(typeof clock?.isSynchronised).toBe("boolean");
    // NTP_PHASE_LIMIT: what it is where nobody keeps the clock right, and the most it can be.
    expect(clock?.estimatedErrorUs).toBeWithin(0, 16_000_001);
  });
});

describe("the power supply", () => {
  const check = (files: Readonly<Record<string, string>>, board = PI_4) => {
    using tree = new MachineTree(files);
    return checkThrottling(readThrottling(tree.files, board));
  };

  test.each([
    ["/sys/devices/platform/soc/soc:firmware/get_throttled", "50005\n"],
    ["/sys/devices/platform/soc@107c000000/soc@107c000000:firmware/get_throttled", "50005\n"],
    ["/usr/bin/vcgencmd", "#!/bin/sh\n[ $1 = get_throttled ] && echo throttled=0x50005\n"],
  ])("that fails is a warning with what to do: %s", (path, text) => {
    expect(check({ [path]: text })).toMatchObject({
      level: "warning",
      sentence: "now: under-voltage, a throttled CPU; since the start: under-voltage, a throttled CPU",
      advice: [expect.stringContaining("power supply"), expect.stringContaining("fan")],
      values: { flags: 0x50005 },
    });
  });

  test("that once failed is a warning; that never did is right; of which nothing is known is not", () => {
    const file = "/sys/devices/platform/soc/soc:firmware/get_throttled";
    expect(check({ [file]: "80000" })).toMatchObject({
      level: "warning",
      sentence: "since the start: the soft temperature limit",
      advice: [expect.stringContaining("fan")],
    });
    expect(check({ [file]: "0\n" })).toMatchObject({ level: "ok" });
    expect(check({ "/usr/bin/vcgencmd": "#!/bin/sh\nexit 1\n" }, PI_5)).toMatchObject({ level: "unknown" });
    expect(check({}, PC)).toMatchObject({ level: "skipped" });
  });
});

test("the hottest zone counts: warm is a warning, and what is not known is not taken for cool", () => {
  const check = (temperatures: readonly string[], board = PI_4) => {
    const zones = temperatures.map((text, index) => [`/sys/class/thermal/thermal_zone${index}/temp`, text]);
    using tree = new MachineTree(Object.fromEntries(zones));
    return checkTemperature(readTemperature(tree.files, board));
  };
  expect(check(["48251\n"])).toMatchObject({ level: "ok", sentence: "48 °C", values: { celsius: 48.251 } });
  expect(check(["48251\n", "72000\n"])).toMatchObject({ level: "warning" });
  expect(check(["84000\n"])).toMatchObject({ level: "warning", sentence: expect.stringContaining("slowed down") });
  expect(check([])).toMatchObject({ level: "unknown" });
  expect(check([], PC)).toMatchObject({ level: "skipped" });
});
