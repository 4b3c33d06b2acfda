import { expect, test } from "bun:test";
import { parseOptions } from "./options.ts";

test("without arguments everything is measured, three times", () => {
  expect(parseOptions([])).toEqual({
    codecs: ["h264", "mjpeg"],
    axes: ["resolution", "rate", "length"],
    rounds: 3,
    isQuick: false,
    json: false,
  });
});

test.each([
  ["--axis", "width"],
  ["--rounds", "0"],
  ["--codec", "av1"],
  ["--frames", "9"],
])("%s %s is refused", (option: string, value: string) => {
  expect(() => parseOptions([option, value])).toThrow();
});
