import { expect, test } from "bun:test";
import { z } from "zod";
import { TrafficRing } from "../../src/debug/traffic-ring.ts";

const Entry = z.object({
  sequence: z.number(),
  at: z.iso.datetime(),
  monotonic_ms: z.number(),
  direction: z.enum(["in", "out"]),
  name: z.string().nullable(),
  id: z.string().nullable(),
  payload: z.record(z.string(), z.unknown()),
});
const Message = z.object({ kind: z.literal("traffic"), entries: z.array(Entry) });

/** Every message from that entry on. */
function read(ring: TrafficRing, sequence = 0): { messages: number; entries: z.infer<typeof Entry>[] } {
  const entries: z.infer<typeof Entry>[] = [];
  let messages = 0;
  for (let chunk = ring.from(sequence); chunk !== undefined; chunk = ring.from(chunk.next)) {
    messages++;
    entries.push(...Message.parse(JSON.parse(chunk.text)).entries);
  }
  return { messages, entries };
}

test("a command and its status come as they were, in order, with times and ids", () => {
  let nowMs = 100;
  let told = 0;
  const ring = new TrafficRing(
    () => nowMs++,
    () => void told++,
  );
  expect(ring.from(0)).toBeUndefined();
  ring.received("rec_1", "start_recording", { command: "start_recording", trial_number: 3 });
  ring.sent("recording_started", "rec_1", { video_path: "/data/<b>x</b>.mp4" });
  ring.received(null, null, {});
  expect(told).toBe(3);
  const { entries } = read(ring);
  expect(entries.map(({ at: _at, ...rest }) => rest)).toEqual([
    {
      sequence: 1,
      monotonic_ms: 100,
      direction: "in",
      name: "start_recording",
      id: "rec_1",
      payload: { command: "start_recording", trial_number: 3 },
    },
    {
      sequence: 2,
      monotonic_ms: 101,
      direction: "out",
      name: "recording_started",
      id: "rec_1",
      payload: { video_path: "/data/<b>x</b>.mp4" },
    },
    { sequence: 3, monotonic_ms: 102, direction: "in", name: null, id: null, payload: {} },
  ]);
  expect(read(ring, 3).entries).toHaveLength(1);
  expect(ring.from(4)).toBeUndefined();
});

test("the last 500 are kept; a reader that was slower finds a hole in the sequence", () => {
  const ring = new TrafficRing(
    () => 0,
    () => {},
  );
  for (let index = 1; index <= 1200; index++) ring.sent("warning", null, { index });
  const sequences = read(ring, 17).entries.map(({ sequence }) => sequence);
  expect(sequences).toEqual(Array.from({ length: 500 }, (_none, index) => 701 + index));
});

test("however large payloads, names and ids are, a message and the ring stay bounded", () => {
  const ring = new TrafficRing(
    () => 0,
    () => {},
  );
  const long = "x".repeat(60_000);
  for (let index = 0; index < 500; index++) ring.received(long, long, { long, list: Array(1000).fill(long) });
  let characters = 0;
  for (let chunk = ring.from(0); chunk !== undefined; chunk = ring.from(chunk.next)) {
    expect(chunk.text.length).toBeLessThan(50_000);
    characters += chunk.text.length;
  }
  expect(characters).toBeLessThan(500 * 10_000);
  expect(read(ring).entries).toHaveLength(500);
});
