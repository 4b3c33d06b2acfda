import { describe, expect, test } from "bun:test";
import { assigned, deviceError, type Dialogue, record, recording, started, stop, stopped } from "./dialogue.ts";

describe("a violation of what is said of recordings:", () => {
  test.each<[string, Dialogue, ...RegExp[]]>([
    ["recording_started twice", recording().send(record("r2")).say(started("r2")), /^recording_started while another/],
    [
      "recording_stopped twice",
      recording()
        .send(stop("s1"))
        .say(stopped(undefined, { reason: "lost" }), stopped("s1")),
      /^recording_stopped while nothing/,
    ],
    [
      "recording_stopped for another file",
      recording()
        .send(stop("s1"))
        .say(stopped("s1", { video_path: "/data/other.mp4" })),
      /^recording_stopped of another recording/,
    ],
    ["recording_stopped without a reason", recording().say(stopped()), /without a command and without a reason/],
    [
      "recording_stopped after device_error",
      recording().say(deviceError(), stopped(undefined, { reason: "lost" })),
      /^recording_stopped must come before it/,
    ],
    ["a recording that never stops", recording().closeStdin().end(), /^recording_stopped never came/],
    ["a relative path", assigned().send(record("r1")).say(started("r1", "x.mp4")), /^video_path is not absolute/],
  ])("%s", (_what, { violations }, ...expected) => {
    expect(violations).toEqual(expected.map((sentence) => expect.stringMatching(sentence)));
  });
});
