import { expect, test } from "bun:test";
import { parseReplayArguments, ReplayUsageError } from "../../scripts/replay/replay-arguments.ts";

test("what stands behind -- is the program's", () => {
  expect(parseReplayArguments(["a.jsonl", "--speed", "2.5", "--json", "--", "--json", "--", "x"])).toEqual({
    path: "a.jsonl",
    session: undefined,
    speed: 2.5,
    pauseMaxMs: Number.POSITIVE_INFINITY,
    timeoutMs: 10_000,
    sessionRoot: undefined,
    isJson: true,
    programArgs: ["--json", "--", "x"],
  });
});

test.each<[string[], string]>([
  [[], "got 0 files, expected one commands.jsonl"],
  [["a", "b"], "got 2 files"],
  [["a", "--session", "0"], '--session: got "0", expected a whole number from 1'],
  [["a", "--speed", "0"], '--speed: got "0", expected a number above 0'],
  [["a", "--timeout", "long"], '--timeout: got "long", expected seconds'],
  [["a", "--pause-max", "-1"], "--pause-max"],
  [["a", "--sped", "1"], "'--sped'"],
])("%p is called wrongly, and told in one line", (argv, sentence) => {
  expect(() => parseReplayArguments(argv)).toThrow(ReplayUsageError);
  expect(() => parseReplayArguments(argv)).toThrow(sentence);
});
