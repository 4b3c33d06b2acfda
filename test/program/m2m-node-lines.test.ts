import { expect, test } from "bun:test";
import { m2mNodeLines } from "../../src/program/m2m-node-lines.ts";
import { BCM2835 } from "../support/encoder-node.ts";

test("an encoder is told with its formats, sizes, API and controls, one fact a line", () => {
  expect(m2mNodeLines([BCM2835])).toEqual([
    "  /dev/video11  bcm2835-codec  bcm2835-codec-encode",
    "    for        --codec h264",
    "    out        H264",
    "    in         YU12 YV12 NV12 (multi-planar API)",
    "    size       32x32 to 1920x1920 in steps of 2x2",
    "    zero copy  where the camera's layout fits: recording_started says whether it does",
    "    controls   Video Bitrate: 25000..25000000 (10000000)",
    "               H264 Level: 0..13 (11)",
  ]);
});

test("what the driver does not tell is not made up", () => {
  const unknown = { min: 0, max: 0, step: 0 };
  const lines = m2mNodeLines([{ ...BCM2835, width: unknown, height: unknown, controls: [], codecs: ["fwht"] }]);
  expect(lines).toContain("    size       the driver does not tell");
  expect(lines).toContain("    for        nothing here (FWHT)");
  expect(lines.join("\n")).not.toContain("controls");
});

test("a node that can't be looked at is named with the reason and what to do", () => {
  const lines = m2mNodeLines([
    { kind: "unreadable", path: "/dev/video0", errno: 13 },
    { kind: "unreadable", path: "/dev/video1", errno: 16 },
    { kind: "unreadable", path: "/dev/video2", errno: 5 },
  ]);
  expect(lines[0]).toMatch(/^ {2}\/dev\/video0 {2}can't be looked at: no permission; .*group video/);
  expect(lines.slice(1)).toEqual([
    "  /dev/video1  can't be looked at: another program uses it",
    "  /dev/video2  can't be looked at: errno 5",
  ]);
});

test("a machine without one says so", () => {
  expect(m2mNodeLines([])).toEqual([expect.stringContaining("none: this machine has no hardware encoder")]);
});
