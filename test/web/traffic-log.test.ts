import { expect, test } from "bun:test";
import type { TrafficEntry } from "../../src/debug/viewer-messages.ts";
import { type EntryItem, TrafficLog } from "../../web/model/traffic-log.ts";
import { command, status } from "./made-up-traffic.ts";

function log(entries: readonly TrafficEntry[], itemsMax?: number): TrafficLog {
  const made = new TrafficLog(itemsMax);
  made.add(entries);
  return made;
}

function entriesOf({ items }: TrafficLog): EntryItem[] {
  return items.filter((item) => item.type === "entry");
}

test("a command is paired with all of its replies, and they with it", () => {
  const items = entriesOf(
    log([
      command(1, "assign_device", "a1"),
      command(2, "start_session", "s1"),
      status(3, "device_ack", "a1"),
      status(4, "command_ack", "s1"),
      status(5, "device_ready", "a1"),
      status(6, "warning", null),
    ]),
  );
  expect(items.map(({ replies }) => replies.map(({ name }) => name))).toEqual([
    ["device_ack", "device_ready"],
    ["command_ack"],
    ...[[], [], [], []],
  ]);
  expect(items.map((item) => item.command?.sequence)).toEqual([undefined, undefined, 1, 2, 1, undefined]);
});

test("of two commands with the same id, the first one that waits gets the reply", () => {
  const items = entriesOf(
    log([command(1, "record", "x"), command(2, "record", "x"), status(3, "ok", "x"), status(4, "nack", "x")]),
  );
  expect(items.map((item) => item.command?.sequence)).toEqual([undefined, undefined, 1, 2]);
});

test("a status whose command is not known stands alone", () => {
  expect(entriesOf(log([status(1, "device_ready", "long-ago")]))[0]?.command).toBeUndefined();
});

test("what is sent again after reconnecting is not shown twice, and what was missed meanwhile is a hole", () => {
  const traffic = log([command(8, "a", "1"), command(9, "b", "2")]);
  traffic.add([command(9, "b", "2"), command(10, "c", "3"), command(14, "d", "4")]);
  expect(traffic.items.map((item) => (item.type === "entry" ? item.entry.sequence : item.type))).toEqual([
    8,
    9,
    10,
    "hole",
    14,
  ]);
  expect(traffic.items[3]).toMatchObject({ first: 11, last: 13 });
});

test("that the list begins in the middle is no hole", () => {
  expect(log([command(301, "a", "1")]).items.map(({ type }) => type)).toEqual(["entry"]);
});

test("a module that began anew counts from 1 again: what was before stays, and no pair crosses the line", () => {
  const traffic = log([command(1, "ready", "1"), command(2, "record", "same")]);
  const later = { at: "2026-01-06T15:00:00.000Z", monotonic_ms: 900_000 };
  traffic.add([
    { ...command(1, "ready", "1"), ...later },
    { ...status(2, "ok", "same"), ...later },
  ]);
  expect(traffic.items.map(({ type }) => type)).toEqual(["entry", "entry", "restart", "entry", "entry"]);
  expect(entriesOf(traffic)[3]?.command).toBeUndefined();
  expect(new Set(traffic.items.map(({ key }) => key)).size).toBe(5);
});

test("beyond its bound the oldest goes, and is not taken for another run when it is sent again", () => {
  const entries = Array.from({ length: 50 }, (_, index) => command(index + 1, "a", `${index + 1}`));
  const traffic = log(entries, 10);
  expect(traffic.items).toHaveLength(10);
  traffic.add(entries);
  expect(traffic.items.map(({ key }) => key)).toEqual(Array.from({ length: 10 }, (_, index) => `0-${index + 41}`));
  traffic.add([status(51, "ok", "50"), status(52, "ok", "1")]);
  expect(
    entriesOf(traffic)
      .map((item) => item.command?.sequence)
      .slice(-2),
  ).toEqual([50, undefined]);
});
