import { describe, expect, test } from "bun:test";
import { formatStatus, type Status } from "../../src/protocol/statuses.ts";
import {
  ack,
  ASSIGN,
  assigned,
  deviceAck,
  deviceError,
  Dialogue,
  nack,
  quitting,
  ready,
  recording,
  started,
  stop,
  stopped,
} from "./dialogue.ts";

describe("no violation:", () => {
  test("the command protocol's whole session", () => {
    const dialogue = recording()
      .send(stop("s1"), { command: "stop_session", command_id: "e1" })
      .say(stopped("s1"), ack("stop_session", "e1"))
      .send({ command: "no such thing", command_id: "n1" }, ASSIGN)
      .say(nack(null, "n1"), ready("a1")) // an id may come again
      .send({ command: "unassign_device", command_id: "u1" })
      .say({ status: "device_unassigned", payload: { device_id: "picam:0", port_released: true }, inReplyTo: "u1" });
    dialogue.checker.sent(Buffer.from("\n \r\nno JSON"), dialogue.nowMs);
    dialogue.closeStdin().say(nack(null)).end();
    expect(dialogue.violations).toEqual([]);
  });

  test("RPi Logger's whole session, without ids for most commands", () => {
    const dialogue = new Dialogue({ isRpiLogger: true })
      .ready()
      .send(ASSIGN, { ...ASSIGN, command_id: "a2" }, { command: "record" }, { command: "get_geometry" })
      .say(deviceAck("a1"), deviceAck("a2"), ready("a1"), ready("a2"))
      .say(started("record_20260106_143052_001"), ack("get_geometry", "geometry_20260106_143052_002"))
      .send({ command: "assign_device", device_id: "picam:0" }, { command: "quit" }, { command: "pause" })
      .say(deviceAck("assign_20260106_143053_003"), ready("assign_20260106_143053_003"))
      .say(stopped(undefined, { reason: "quit" }), quitting("quit_20260106_143054_004"))
      .end();
    expect(dialogue.violations).toEqual([]);
  });

  test.each<[string, Dialogue]>([
    [
      "a camera that fails and comes back",
      recording().say(stopped(undefined, { reason: "lost" }), deviceError(), ready()),
    ],
    ["SIGTERM before a command was read", assigned().send(stop("s1")).signal("SIGTERM").end()],
    [
      "SIGKILL in the middle of a line, of a recording and of a command",
      recording().send(stop("s1")).signal("SIGKILL").end({ exitCode: null, signal: "SIGKILL", unfinishedBytes: 9 }),
    ],
    ["a wrong call", new Dialogue({}).end({ exitCode: 2, stderr: "csi-camera: …" })],
    ["SIGTERM before ready", new Dialogue().signal("SIGTERM").end({ exitCode: null, signal: "SIGTERM" })],
    ["a log on stderr", new Dialogue().ready().closeStdin().end({ stderr: "{}" })],
  ])("%s", (_what, { violations }) => {
    expect(violations).toEqual([]);
  });
});

const long = (byteCount: number): string => formatStatus(nack(null)).replace('"no"', `"${"x".repeat(byteCount)}"`);
const withField = (status: Status, more: object): string =>
  JSON.stringify({ ...JSON.parse(formatStatus(status)), ...more });
describe("a violation of its own:", () => {
  test.each<[string, Dialogue, ...RegExp[]]>([
    [
      "a status after quitting",
      assigned().send({ command: "quit", command_id: "q" }).say(quitting("q"), ready()),
      /^a line after quitting/,
    ],
    [
      "the status error",
      assigned().sayLine(formatStatus(deviceError()).replace('"device_error"', '"error"')),
      /^error, which no module may say/,
    ],
    [
      "a status that is not known",
      assigned().sayLine(formatStatus(ready()).replace('"device_ready"', '"device_lost"')),
      /^a status that the contract does not know/,
    ],
    [
      "a payload that does not fit",
      assigned().sayLine(formatStatus(ready()).replaceAll('"picam:0"', "0")),
      /^a payload that does not fit/,
    ],
    [
      "dialects that differ in the payload",
      assigned().sayLine(withField(ready(), { device_id: "picam:1" })),
      /^data differs/,
    ],
    [
      "dialects that differ in the id",
      assigned()
        .send(stop("s1"))
        .sayLine(withField(nack("stop_recording", "s1"), { command_id: "s2" })),
      /^command_id differs/,
    ],
    ["another dialect only", assigned().sayLine('{"status":"device_ready","device_id":"picam:0"}'), /^not a status/],
    [
      "a time in UTC",
      assigned().sayLine(withField(ready(), { timestamp: "2026-01-06T14:30:51.120Z" })),
      /^a timestamp/,
    ],
    ["no JSON", assigned().sayLine("starting up"), /^not JSON/],
    ["an empty line", assigned().sayLine(""), /^not JSON/],
    ["no UTF-8", assigned().sayLine(Uint8Array.of(0x7b, 0xff, 0x7d)), /^a line that is not UTF-8/],
    [
      "a line of 64 KiB",
      assigned()
        .send({})
        .sayLine(long(65_535 - long(0).length)),
      /^too long a line/,
    ],
    [
      "half a line at the end",
      assigned().closeStdin().end({ unfinishedBytes: 7 }),
      /^7 bytes after the last line's end/,
    ],
    ["ready twice", assigned().ready(), /^ready came twice/],
    ["ready not first", new Dialogue().say(deviceError()).ready(), /^ready was not the first status/],
    ["ready late", new Dialogue({ isRpiLogger: true }).wait(5000).ready(), /^ready came after 5100 ms/],
    ["ready never", new Dialogue().closeStdin().end(), /^ready never came/],
    [
      "a word on stderr",
      new Dialogue({ isRpiLogger: true }).ready().closeStdin().end({ stderr: "warning: …" }),
      /^on stderr: /,
    ],
    ["an end that nobody asked for", new Dialogue().ready().end(), /^the program ended by itself/],
    ["an exit code", new Dialogue().ready().closeStdin().end({ exitCode: 1 }), /^the program ended with 1/],
    [
      "an end by a signal",
      new Dialogue().ready().signal("SIGTERM").end({ exitCode: null, signal: "SIGTERM" }),
      /^the program ended with SIGTERM/,
    ],
  ])("%s", (_what, { violations }, ...expected) => {
    expect(violations).toEqual(expected.map((sentence) => expect.stringMatching(sentence)));
  });
});
