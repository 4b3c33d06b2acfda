import { expect, test } from "bun:test";
import { type Attempt, recordSound } from "../support/hardware-recording.ts";

// Whole dialogues of the program with a host, slow enough for an emulated processor. Where it is too slow all the same, what
// the encoder had no time for is dropped, and each drop has its line.
const PACE = { frameRate: 5, rows: 10 } as const;
const TIMEOUT_MS = 120_000;
const [X264, TURBOJPEG] = ["libx264 core 164", "libjpeg-turbo 2.1.5"];

const attempts: readonly [string, Attempt & { readonly encoder: string }, string][] = [
  ["H.264 by libx264", { encoder: "software" }, X264],
  ["MJPEG by libjpeg-turbo", { encoder: "software", codec: "mjpeg" }, TURBOJPEG],
  ["H.264 by an encoder like a Raspberry Pi 4's", { encoder: "v4l2m2m" }, "bcm2835-codec-encode (/dev/video11)"],
];

test.each(attempts)(
  "%s: each picture is the one that its row speaks of, and every other frame is accounted for",
  async (_what, attempt, encoder) => {
    const recording = await recordSound([{}], { ...attempt, ...PACE });
    expect(recording.encoder).toBe(encoder);
    expect(Object.keys(recording.ledger.dropped).filter((reason) => reason !== "encoder_busy")).toEqual([]);
  },
  TIMEOUT_MS,
);
