import { expect, test } from "bun:test";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { runProgram, verdictOn } from "../support/run-program.ts";

test("the demo records ten seconds without a camera and holds", async () => {
  using directory = new TemporaryDirectory();
  const { exitCode, stdout, stderr } = await runProgram(["demo", "--size", "640x480"], { cwd: directory.path });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toContain("The demo held.");
  const videos = await Array.fromAsync(new Bun.Glob("recordings/**/*.mp4").scan(directory.path));
  expect(videos).toHaveLength(1);
  expect(await verdictOn(directory.file(videos[0] ?? ""))).toMatchObject({ exitCode: 0 });
  expect(Number(/(\d+) recorded, 0 dropped/.exec(stdout)?.[1])).toBeGreaterThan(290);
}, 60_000);
