import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { CapturedFrame } from "../../src/capture/captured-frame.ts";
import { REC709 } from "../../src/capture/stream-format.ts";

const METADATA = { frameNumber: 3, sensorTimestampNs: 2n ** 62n, monotonicNs: 1n, realtimeNs: 2n, frameDurationNs: 5 };
const FORMAT = { width: 16, height: 16, pixelFormat: "YUV420", strides: [16, 8, 8], colour: REC709 } as const;

function frameOf(): { frame: CapturedFrame; givenBack: () => number } {
  let count = 0;
  const planes = [{ address: 4096, byteCount: 256, dmabufFd: -1, dmabufOffset: 0 }];
  const frame = new CapturedFrame(METADATA, FORMAT, { planes, giveBack: () => void count++ });
  return { frame, givenBack: () => count };
}

describe("CapturedFrame", () => {
  test("carries its metadata and format as they were given", () => {
    const { frame } = frameOf();
    expect(frame).toMatchObject({ ...METADATA, format: FORMAT });
  });

  test("goes back at its only holder's release", () => {
    const { frame, givenBack } = frameOf();
    expect(frame.planes).toHaveLength(1);
    expect(givenBack()).toBe(0);
    frame.release();
    expect(givenBack()).toBe(1);
  });

  test("throws whatever is done after the last release, and does not go back twice", () => {
    const { frame, givenBack } = frameOf();
    frame.release();
    expect(() => frame.planes).toThrow("frame 3 was used after its last release");
    expect(() => frame.retain()).toThrow("last release");
    expect(() => frame.release()).toThrow("last release");
    expect(givenBack()).toBe(1);
  });

  test("keeps its metadata after the last release", () => {
    const { frame } = frameOf();
    frame.release();
    expect(frame.sensorTimestampNs).toBe(METADATA.sensorTimestampNs);
  });

  test("goes back exactly once, at the release of the last of its holders", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 100 }), (steps) => {
        const { frame, givenBack } = frameOf();
        let holders = 1;
        for (const isRetained of steps) {
          if (isRetained) expect(frame.retain()).toBe(frame);
          else frame.release();
          holders += isRetained ? 1 : -1;
          expect(givenBack()).toBe(holders === 0 ? 1 : 0);
          if (holders === 0) return;
        }
        for (; holders > 0; holders--) frame.release();
        expect(givenBack()).toBe(1);
      }),
    );
  });
});
