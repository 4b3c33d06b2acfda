import { expect, test } from "bun:test";
import { likeness, x264Settings } from "./likeness.ts";

test("x264's settings are read from where it writes them in the stream", () => {
  const message = "x264 - core 164 r3095 - H.264/MPEG-4 AVC codec - options: cabac=0 me=dia threads=2 psy_rd=1.00:0.00";
  const stream = Buffer.concat([Buffer.from([0, 0, 0, 1, 6, 5, 255]), Buffer.from(`${message}\0\x80`, "latin1")]);
  expect([...x264Settings(stream)]).toEqual([
    ["cabac", "0"],
    ["me", "dia"],
    ["threads", "2"],
    ["psy_rd", "1.00:0.00"],
  ]);
  expect(x264Settings(Buffer.from("another encoder")).size).toBe(0);
});

test("settings are the floor's, or differ, or are not known where one of both said nothing", () => {
  const [floor, other] = [new Map([["keyint", "300"]]), new Map([["keyint", "30"]])];
  expect([likeness(floor, floor), likeness(floor, other)]).toEqual(["the floor's", "differ: keyint 30 (300)"]);
  const none = new Map<string, string>();
  expect([likeness(floor, none), likeness(none, floor), likeness(none, none)]).toEqual(Array(3).fill("not known"));
});
