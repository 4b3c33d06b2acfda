import { expect, test } from "bun:test";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { assign, record } from "../support/record.ts";
import { runProgram } from "../support/run-program.ts";

const ARGS = ["--source", "synthetic", "--size", "320x240", "--capture-fps", "60", "--record-fps", "60"];

/** The word that a person reads, and the exit code. */
async function verdict(path: string): Promise<{ exitCode: number | null; verdict: string | undefined }> {
  const { exitCode, stdout } = await runProgram(["verify", path]);
  return { exitCode, verdict: /^ {2}(sound|NOT SOUND|UNREADABLE)/m.exec(stdout)?.[1] };
}

test("verify tells a whole recording from one without a row, one without its end and what is none; repair mends the end", async () => {
  using directory = new TemporaryDirectory();
  await using host = new ModuleProcess(ARGS);
  await assign(host);
  const good = await record(host, directory.path, 60);
  const short = await record(host, directory.path, 60);
  const cut = await record(host, directory.path, 60);

  const lines = readFileSync(short.timing, "utf8").split("\n");
  writeFileSync(short.timing, lines.toSpliced(20, 1).join("\n"));
  truncateSync(cut.video, Bun.file(cut.video).size - 1000);
  const none = directory.file("none.mp4");
  writeFileSync(none, "Lorem ipsum");

  expect(await verdict(good.video)).toEqual({ exitCode: 0, verdict: "sound" });
  expect(await verdict(short.video)).toEqual({ exitCode: 1, verdict: "NOT SOUND" });
  expect(await verdict(cut.video)).toEqual({ exitCode: 2, verdict: "UNREADABLE" });
  expect(await verdict(none)).toEqual({ exitCode: 2, verdict: "UNREADABLE" });
  const { exitCode, stdout } = await runProgram(["verify", good.video, short.video, none]);
  expect(exitCode).toBe(2);
  for (const file of [good.video, short.video, none]) expect(stdout).toContain(file);
  expect((await runProgram(["repair", cut.video])).stdout).toContain(": repaired: ");
  expect(await verdict(cut.video)).toEqual({ exitCode: 0, verdict: "sound" });
}, 30_000);
