import { expect, test } from "bun:test";
import { parseVerifyArguments } from "../../src/program/verify-arguments.ts";
import { UsageError } from "../../src/runtime/runtime-config.ts";

test.each<[string[], readonly string[], boolean]>([
  [["a.mp4"], ["a.mp4"], false],
  [["a.mp4", "b.mp4", "--json"], ["a.mp4", "b.mp4"], true],
  [["a.mp4", "--json", "b.mp4"], ["a.mp4", "b.mp4"], true],
  [["--json", "--json", "a.mp4"], ["a.mp4"], true],
  [["--", "--json"], ["--json"], false],
  [["--json", "a.mp4", "--", "-b.mp4", "--"], ["a.mp4", "-b.mp4", "--"], true],
])("%p is understood", (argv, paths, isJson) => {
  expect(parseVerifyArguments(argv)).toEqual({ paths, isJson });
});

test.each<[string[], string]>([
  [[], "verify: got no file, expected FILE.mp4…"],
  [["--json"], "verify: got no file"],
  [["--"], "verify: got no file"],
  [["--jsn", "a.mp4"], 'verify: got "--jsn", expected --json or FILE.mp4…'],
  [["a.mp4", "-v"], 'verify: got "-v"'],
  [["--json=1", "a.mp4"], 'verify: got "--json=1"'],
  [["-\n\u001b[2J"], 'verify: got "-\\n\\u001b[2J"'],
])("%p is called wrongly, and told in one line", (argv, sentence) => {
  expect(() => parseVerifyArguments(argv)).toThrow(UsageError);
  expect(() => parseVerifyArguments(argv)).toThrow(sentence);
});
