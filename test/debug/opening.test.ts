import { expect, test } from "bun:test";
import { existsSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { ListenError } from "../../src/http/listen-error.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { ViewerUnderTest } from "./viewer-under-test.ts";
import { WatchingClient } from "./watching-client.ts";

async function refusalOf(address: string, options: Parameters<typeof ViewerUnderTest.open>[1] = {}): Promise<string> {
  try {
    await using under = await ViewerUnderTest.open(address, options);
    throw new Error(`${under.viewer.url} is open`);
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    expect(error.message).not.toContain("\n");
    return error.message;
  }
}

test("a socket is its user's alone, from the start, and is removed at the end", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.file("viewer.sock");
  const before = process.umask();
  {
    await using under = await ViewerUnderTest.open(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(under.viewer.url).toBe(path);
  }
  expect(process.umask()).toBe(before);
  expect(existsSync(path)).toBe(false);
});

test("a socket that a killed process left behind is replaced", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.file("viewer.sock");
  const script = `Bun.listen({ unix: ${JSON.stringify(path)}, socket: { data() {} } }); process.kill(process.pid, "SIGKILL");`;
  await Bun.spawn([process.execPath, "-e", script]).exited;
  expect(statSync(path).isSocket()).toBe(true);
  await using under = await ViewerUnderTest.open(path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await using client = await WatchingClient.open(under.webSocketUrl());
  expect(client.hello).toBeDefined();
});

test("a path where somebody listens, or where something else lies, is left alone", async () => {
  using directory = new TemporaryDirectory();
  const path = directory.file("viewer.sock");
  await using first = await ViewerUnderTest.open(path);
  expect(await refusalOf(path)).toBe(`${path}: can't listen there: another program does`);
  await using client = await WatchingClient.open(first.webSocketUrl());
  expect(client.hello).toBeDefined();

  const file = directory.file("notes");
  writeFileSync(file, "mine");
  expect(await refusalOf(file)).toContain("something that is no socket lies there");
  expect(await Bun.file(file).text()).toBe("mine");
  const link = directory.file("link");
  symlinkSync(path, link);
  expect(await refusalOf(link)).toContain("something that is no socket lies there");
  expect(await refusalOf(directory.file("no/such/viewer.sock"))).toContain("there is no such directory");
  expect(await refusalOf(directory.file("x".repeat(120)))).toContain("too long");
});

test("a port that is in use, and an address that the machine has not got, are told in one line", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  expect(await refusalOf(String(port))).toBe(`127.0.0.1:${port}: can't listen there: the port is in use`);
  server.close();
  const token = "correct horse battery";
  expect(await refusalOf("192.0.2.1:0", { token })).toContain("this machine has no such address");
});

test("two viewers never share a port", async () => {
  await using under = await ViewerUnderTest.open("127.0.0.1:0");
  const { port } = new URL(under.viewer.url);
  expect(await refusalOf(port)).toContain("the port is in use");
});

test("addresses that others get to want a token", async () => {
  for (const address of ["0.0.0.0:0", "[::]:0", "192.0.2.1:8787"]) {
    expect(await refusalOf(address)).toContain("--debug-token");
  }
});

test("the log tells where it is, and not the token", async () => {
  await using under = await ViewerUnderTest.open("127.0.0.1:0", { token: "correct horse battery" });
  expect(under.logged).toHaveLength(1);
  const line = JSON.parse(under.logged[0] ?? "") as Record<string, unknown>;
  expect(line).toMatchObject({ msg: "the viewer is open", url: under.viewer.url, needsToken: true });
  expect(under.viewer.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d+\/$/);
});
