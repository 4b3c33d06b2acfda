import { describe, expect, test } from "bun:test";
import {
  ack,
  ASSIGN,
  assigned,
  deviceAck,
  Dialogue,
  nack,
  quitting,
  ready,
  recording,
  stop,
  stopped,
} from "./dialogue.ts";

const rpi = (): Dialogue => new Dialogue({ isRpiLogger: true }).ready();

describe("a violation among the replies:", () => {
  test.each<[string, Dialogue, ...RegExp[]]>([
    ["a second final response", assigned().say(ready("a1")), /^a second final response: /],
    [
      "a missing one, found when a later one comes",
      recording().send(stop("s1"), stop("s2")).say(stopped("s2")),
      /out of order, before the one to stop_recording \("s1"\)/,
    ],
    [
      "a missing one at stdin's end",
      assigned().send(stop("s1")).closeStdin().end(),
      /^stop_recording \("s1"\) was never answered/,
    ],
    [
      "a missing one at quit",
      assigned().send(stop("s1"), { command: "quit" }).say(quitting("quit_20260106_143054_001")).closeStdin().end(),
      /^a reply out of order/,
      /^stop_recording \("s1"\) was never answered/,
    ],
    [
      "a missing one long before a signal",
      assigned().send(stop("s1")).wait(2001).signal("SIGTERM").end(),
      /was never answered/,
    ],
    [
      "a missing one without an id",
      assigned().send({ command: "record" }).closeStdin().end(),
      /^record \(without an id\) was never answered/,
    ],
    ["an id that was never sent", assigned().say(ack("stop_session", "s9")), /^a reply to an id that was never sent/],
    ["a made-up id for no command", assigned().say(ack("stop_session", "stop_20260106_143052_001")), /never sent/],
    [
      "an id of another form for a command that had none",
      assigned().send({ command: "pause" }).say(nack("pause", "pause-1")),
      /never sent/,
    ],
    [
      "a made-up id twice",
      assigned()
        .send({ command: "pause" }, { command: "pause" })
        .say(nack("pause", "pause_20260106_143052_001"), nack("pause", "pause_20260106_143052_001")),
      /^a second final response/,
    ],
    ["a refusal of no line", assigned().say(nack(null)), /never sent/],
    [
      "a reply out of order",
      assigned()
        .send(stop("s1"), { command: "stop_session", command_id: "e1" })
        .say(ack("stop_session", "e1"), nack("stop_recording", "s1")),
      /^a reply out of order/,
    ],
    [
      "a reply that belongs to another command",
      assigned().send(stop("s1")).say(ack("stop_recording", "s1")),
      /^no reply to stop_recording/,
    ],
    [
      "an acknowledgement of another command",
      assigned().send({ command: "stop_session", command_id: "e1" }).say(ack("start_session", "e1")),
      /^no reply to stop_session/,
    ],
    [
      "an unknown command that succeeds",
      assigned().send({ command: "brew", command_id: "b1" }).say(ack("brew", "b1")),
      /^no reply to brew/,
    ],
    ["a reply that nobody asked for", assigned().say(ack("stop_session")), /^nobody asked for it/],
    [
      "a warning as a reply",
      assigned()
        .send(stop("s1"))
        .say({ status: "warning", payload: { message: "", code: "x" }, inReplyTo: "s1" }),
      /^nobody can ask for it/,
    ],
    [
      "device_ready for another device",
      new Dialogue().ready().send(ASSIGN).say(ready("a1", "picam:1")),
      /^a reply for another device/,
    ],
    [
      "device_ack for another host",
      assigned().send(ASSIGN).say(deviceAck("a1"), ready("a1")),
      /^device_ack without --enable-commands/,
    ],
    [
      "device_ack twice",
      rpi().send(ASSIGN).say(deviceAck("a1"), deviceAck("a1")),
      /^a device_ack for no assign_device/,
    ],
    [
      "device_ack for another command",
      rpi().send(stop("s1")).say(deviceAck("s1")),
      /^a device_ack for no assign_device/,
    ],
    ["device_ack that nobody asked for", rpi().say(deviceAck()), /^a device_ack for no assign_device/],
    [
      "device_ack for another device",
      rpi().send(ASSIGN).say(deviceAck("a1", "picam:1")),
      /^a device_ack for another device/,
    ],
    [
      "device_ack after the host sent again",
      rpi().send(ASSIGN).wait(3001).say(deviceAck("a1")),
      /^a device_ack that took 3001 ms/,
    ],
    ["no device_ack", rpi().send(ASSIGN).say(ready("a1")), /^no device_ack came before/],
  ])("%s", (_what, { violations }, ...expected) => {
    expect(violations).toEqual(expected.map((sentence) => expect.stringMatching(sentence)));
  });
});
