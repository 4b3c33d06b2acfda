import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { ModuleProcess } from "../support/module-process.ts";

/** A program that breaks the contract on the way and at its end: it answers twice, and says something on stderr. */
const LIAR = `
  const say = (status, id, data) =>
    console.log(JSON.stringify({ type: "status", status, timestamp: "2026-01-06T14:30:51.120", in_reply_to: id, command_id: id, ...data, data }));
  say("ready", undefined, {});
  for await (const line of console) {
    if (line === "") continue;
    for (let times = 0; times < 2; times++) {
      say("command_ack", JSON.parse(line).command_id, { command: "stop_session", success: true });
    }
  }
  console.error("bye");
`;

test("a test fails whose program broke the contract, while it ran or at its end, and is told what it failed of itself", async () => {
  using directory = new TemporaryDirectory();
  const main = directory.file("liar.ts");
  writeFileSync(main, LIAR);
  const failing = async (): Promise<void> => {
    await using host = new ModuleProcess(["--enable-commands"], { main });
    await host.ask("stop_session");
    throw new Error("as any test may");
  };
  await expect(failing()).rejects.toThrow(/^Error: as any test may\n[^]*\na second final .*\non stderr: "bye\\n"$/);
});
