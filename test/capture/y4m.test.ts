import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { SMPTE170M, SYCC } from "../../src/capture/stream-format.ts";
import { parseY4mHeader } from "../../src/capture/y4m.ts";
import { RuntimeError } from "../../src/errors.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");

function refusal(start: Uint8Array): RuntimeError | undefined {
  try {
    parseY4mHeader(start);
    return undefined;
  } catch (error) {
    if (error instanceof RuntimeError) return error;
    throw error;
  }
}

describe("parseY4mHeader", () => {
  test("reads what ffmpeg writes", () => {
    const line = "YUV4MPEG2 W1456 H1088 F60:1 Ip A0:0 C420jpeg XYSCSS=420JPEG XCOLORRANGE=LIMITED\n";
    expect(parseY4mHeader(bytes(`${line}FRAME\n`))).toEqual({
      format: { width: 1456, height: 1088, pixelFormat: "YUV420", strides: [1456, 728, 728], colour: SMPTE170M },
      frameRate: 60,
      headerBytes: line.length,
    });
  });

  test("takes 4:2:0 and 30 frames/s where the line does not say, rounds chroma up, and reads the colour range", () => {
    const { format, frameRate } = parseY4mHeader(bytes("YUV4MPEG2 H3 W5 XCOLORRANGE=FULL\n"));
    expect({ strides: format.strides, frameRate, colour: format.colour }).toEqual({
      strides: [5, 3, 3],
      frameRate: 30,
      colour: SYCC,
    });
  });

  test("reads a rate that is a fraction", () => {
    expect(parseY4mHeader(bytes("YUV4MPEG2 W16 H16 F30000:1001\n")).frameRate).toBeCloseTo(29.97, 3);
  });

  const BAD: [string, string][] = [
    ["", "YUV4MPEG2"],
    ["YUV4MPEG2 W16 H16", "YUV4MPEG2"],
    ["YUV4MPEG W16 H16\n", "YUV4MPEG2"],
    ["RIFF....AVI \n", "YUV4MPEG2"],
    ["YUV4MPEG2\n", "width"],
    ["YUV4MPEG2 W16\n", "height"],
    ["YUV4MPEG2 W0 H16\n", "width"],
    ["YUV4MPEG2 W-16 H16\n", "width"],
    ["YUV4MPEG2 W16.5 H16\n", "width"],
    ["YUV4MPEG2 W99999 H16\n", "width"],
    ["YUV4MPEG2 W16 Hx\n", "height"],
    ["YUV4MPEG2 W16 H16 C422\n", "4:2:0"],
    ["YUV4MPEG2 W16 H16 C420p10\n", "4:2:0"],
    ["YUV4MPEG2 W16 H16 Cmono\n", "4:2:0"],
    ["YUV4MPEG2 W16 H16 F0:1\n", "frame rate"],
    ["YUV4MPEG2 W16 H16 F30:0\n", "frame rate"],
    ["YUV4MPEG2 W16 H16 Fast\n", "frame rate"],
    ["YUV4MPEG2 W16 H16 F9999999:1\n", "frame rate"],
    ["YUV4MPEG2 W16 H16 F1:1000000000\n", "frame rate"],
    ["YUV4MPEG2 W16 H16 F0x10:1\n", "frame rate"],
    ["YUV4MPEG2 W16 H16 F30:1:1\n", "frame rate"],
    ["YUV4MPEG2 W1e2 H16\n", "width"],
    ["YUV4MPEG2 W16 H0x10\n", "height"],
  ];
  for (const [text, named] of BAD) {
    test(`refuses ${JSON.stringify(text)} and names the ${named}`, () => {
      const error = refusal(bytes(text));
      expect(error?.code).toBe("bad_source_file");
      expect(error?.message).toContain(named);
    });
  }

  test("makes of any bytes a header or a bad_source_file, nothing else", () => {
    const field = fc.tuple(fc.constantFrom("W", "H", "F", "C", "I", "X", "A", ""), fc.string({ maxLength: 12 }));
    const likely = fc.array(field).map((fields) => bytes(`YUV4MPEG2 ${fields.map((one) => one.join("")).join(" ")}\n`));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), likely), (start) => {
        const error = refusal(start);
        if (error !== undefined) {
          expect(error.code).toBe("bad_source_file");
          return;
        }
        const { format, frameRate, headerBytes } = parseY4mHeader(start);
        expect(Number.isInteger(format.width) && format.width > 0 && format.width <= 16_384).toBe(true);
        expect(frameRate > 0 && frameRate <= 1000).toBe(true);
        expect(start[headerBytes - 1]).toBe(0x0a);
      }),
      { numRuns: 500 },
    );
  });
});
