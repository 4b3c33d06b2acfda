import { describe, expect, test } from "bun:test";
import { once } from "node:events";
import { createServer } from "node:net";
import { WatchingClient } from "../debug/watching-client.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { ModuleProcess, programCommand } from "../support/module-process.ts";
import { runProgram } from "../support/run-program.ts";
import { type ProgramResult, runToEnd } from "../support/run-to-end.ts";

const SYNTHETIC = ["--source", "synthetic", "--size", "320x240"];

function expectRefused({ exitCode, stdout, stderr }: ProgramResult, ...mentions: readonly string[]): void {
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(stderr).toMatch(/^csi-camera: [^\n]+\n$/);
  for (const mention of mentions) expect(stderr).toContain(mention);
}

describe("what can't be is one line on stderr and exit code 2, and no status before it", () => {
  test("a port in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const address = `127.0.0.1:${port}`;
    expectRefused(await runProgram([...SYNTHETIC, "--debug-socket", address]), "--debug-socket", address, "in use");
    server.close();
  }, 15_000);

  test("a metrics port in use, with the viewer open already", async () => {
    using taken = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
    const ports = ["--debug-socket", "127.0.0.1:0", "--metrics-port", String(taken.port)];
    expectRefused(await runProgram([...SYNTHETIC, ...ports]), "--metrics-port", "in use");
  }, 15_000);

  test("a path where another module listens", async () => {
    using directory = new TemporaryDirectory();
    const path = directory.file("viewer.sock");
    await using host = new ModuleProcess([...SYNTHETIC, "--debug-socket", path]);
    await host.waitFor("ready", ({ status }) => status === "ready");
    expectRefused(await runProgram([...SYNTHETIC, "--debug-socket", path]), "--debug-socket", path, "another program");
    await using viewer = await WatchingClient.open(`ws+unix://${path}:/ws`);
    expect(viewer.hello).toBeDefined();
  }, 15_000);

  test.each(["localhost:8787", "8787x", "99999", "[::1]", "viewer.sock"])(
    "the address %s",
    async (address) => {
      expectRefused(await runProgram([...SYNTHETIC, "--debug-socket", address]), "--debug-socket", "expected a port");
    },
    15_000,
  );

  test("a port for which it has no right", async () => {
    // As whoever may not: root may, unless it gives that up.
    const right = "-net_bind_service";
    const drop = process.getuid?.() === 0 ? ["setpriv", `--bounding-set=${right}`, `--inh-caps=${right}`] : [];
    const result = await runToEnd([...drop, ...programCommand([...SYNTHETIC, "--debug-socket", "80"])]);
    expectRefused(result, "--debug-socket", "127.0.0.1:80", "below 1024");
  }, 15_000);

  test("an address that others get to, without a token; and a token that is too short, which is not repeated", async () => {
    expectRefused(await runProgram([...SYNTHETIC, "--debug-socket", "0.0.0.0:0"]), "0.0.0.0:0", "--debug-token");
    const short = "hush";
    const args = [...SYNTHETIC, "--debug-socket", "0.0.0.0:0"];
    const results = await Promise.all([
      runProgram([...args, "--debug-token", short]),
      runProgram(args, { env: { CSI_CAMERA_DEBUG_TOKEN: short } }),
    ]);
    for (const result of results) {
      expectRefused(result, "at least 16 characters");
      expect(result.stderr).not.toContain(short);
    }
  }, 15_000);
});
