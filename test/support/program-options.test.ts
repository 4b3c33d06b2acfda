import { expect, test } from "bun:test";
import { join } from "node:path";
import { type ProgramResult, runToEnd } from "./run-to-end.ts";

const SCALING = join(import.meta.dir, "../bench/scaling.ts");

test("--help prints the usage, and nothing else happens", async () => {
  const { exitCode, stdout, stderr } = await call("--rounds", "x", "--help");
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toStartWith("npm run bench:scaling -- [options]");
});

test.each([
  [["--rounds", "x"], "expected number"],
  [["--axis", "width"], '"resolution"|"rate"|"length"|"all"'],
  [["--nope"], "Unknown option '--nope'"],
])("%j ends with exit code 2, what is wrong and the usage", async (args: string[], sentence: string) => {
  const { exitCode, stdout, stderr } = await call(...args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(stderr).toContain(sentence);
  expect(stderr).toContain("npm run bench:scaling -- [options]");
  expect(stderr).not.toContain("ZodError");
});

async function call(...args: readonly string[]): Promise<ProgramResult> {
  return await runToEnd([process.execPath, SCALING, ...args]);
}
