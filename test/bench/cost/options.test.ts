import { expect, test } from "bun:test";
import { parseOptions } from "./options.ts";

test("without arguments the bench measures everything, with the lengths that the targets speak of", () => {
  expect(parseOptions([])).toEqual({
    codecs: ["h264", "mjpeg"],
    framesShort: 300,
    framesLong: 3000,
    rounds: 5,
    seconds: 20,
    rows: "all",
    modules: undefined,
    json: false,
  });
});

test("--quick is a smaller one, of which each number may be set all the same", () => {
  const asked = ["--quick", "--frames", "30,90", "--codec", "mjpeg", "--modules", "1,2,4"];
  expect(parseOptions(asked)).toMatchObject({
    codecs: ["mjpeg"],
    framesShort: 30,
    framesLong: 90,
    rounds: 3,
    seconds: 5,
    modules: [1, 2, 4],
  });
});

test.each([
  ["--frames", "300"],
  ["--frames", "300,300"],
  ["--rounds", "0"],
  ["--modules", "1,x"],
  ["--codec", "av1"],
])("%s %s is refused", (option: string, value: string) => {
  expect(() => parseOptions([option, value])).toThrow();
});
