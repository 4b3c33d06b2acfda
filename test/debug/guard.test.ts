import { describe, expect, test } from "bun:test";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { ask, expectRefused, type Header, SECURITY_HEADERS } from "./ask-viewer.ts";
import { UPGRADE } from "./raw-request.ts";
import { ViewerUnderTest } from "./viewer-under-test.ts";

const TOKEN = "correct horse battery staple";
const OFFER = ["Sec-WebSocket-Protocol", `csi-camera, token.${Buffer.from(TOKEN).toString("base64url")}`] as const;

describe("on every route", () => {
  const ROUTES: [string, readonly Header[]][] = [
    ["GET / HTTP/1.1", []],
    ["GET /ws HTTP/1.1", UPGRADE],
    ["GET /ws HTTP/1.1", []],
    ["GET /nothing HTTP/1.1", []],
    ["HEAD / HTTP/1.1", []],
    ["POST / HTTP/1.1", [["Content-Length", "0"]]],
  ];
  test.each(ROUTES)("%s with a foreign Host is refused", async (line, headers) => {
    await using under = await ViewerUnderTest.open("0");
    for (const host of ["evil.example", "localhost", `evil.example:${under.host.split(":")[1]}`, "x@localhost", ""]) {
      const answer = await ask(under, line, ["Host", host], ...headers);
      expect(answer.status).toBe(421);
      if (!line.startsWith("HEAD")) expectRefused(answer, 421);
    }
    const twice = [
      ["Host", under.host],
      ["Host", "evil.example"],
    ] as const;
    expect((await ask(under, line, ...twice, ...headers)).status).toBe(421);
    expect((await ask(under, line, ...twice.toReversed(), ...headers)).status).toBe(421);
  });

  test.each(ROUTES)("%s with the Origin of another site's page is refused", async (line, headers) => {
    await using under = await ViewerUnderTest.open("0");
    const { host } = under;
    for (const origin of [
      "http://evil.example",
      "null",
      "",
      `https://${host}`,
      `http://${host}.evil.example`,
      `http://${host}/`,
      `http://127.0.0.1:1`,
      `http://localhost`,
      `http://127.0.0.1:${host.split(":")[1]}`,
      `file://`,
    ]) {
      expect((await ask(under, line, ["Host", host], ["Origin", origin], ...headers)).status).toBe(403);
    }
    const both = [
      ["Origin", `http://${host}`],
      ["Origin", "http://evil.example"],
    ] as const;
    expect((await ask(under, line, ["Host", host], ...both, ...headers)).status).toBe(403);
  });
});

test("the page is served with its headers, and the WebSocket opens for the page's own origin and for programs", async () => {
  await using under = await ViewerUnderTest.open("0");
  const page = await ask(under, "GET / HTTP/1.1", ["Host", under.host]);
  expect(page).toMatchObject({ status: 200, headers: SECURITY_HEADERS });
  expect(page.headers["content-type"]).toContain("text/html");
  const script = await ask(under, "GET /app.js HTTP/1.1", ["Host", under.host]);
  expect(script).toMatchObject({ status: 200, headers: SECURITY_HEADERS });
  expect(script.headers["content-type"]).toContain("text/javascript");
  expect(await ask(under, "HEAD / HTTP/1.1", ["Host", under.host])).toMatchObject({ status: 200, body: "" });
  const own = ["Origin", `http://${under.host}`] as const;
  expect((await ask(under, "GET /ws HTTP/1.1", ["Host", under.host], own, ...UPGRADE)).status).toBe(101);
  const program = await ask(under, "GET /ws HTTP/1.1", ["Host", under.host], ...UPGRADE);
  expect(program.status).toBe(101);
  expect(program.headers).not.toHaveProperty("sec-websocket-protocol");
  expect(program.headers).not.toHaveProperty("sec-websocket-extensions");
  const asked = await ask(under, "GET /ws HTTP/1.1", ["Host", under.host], ...UPGRADE, [
    "Sec-WebSocket-Extensions",
    "permessage-deflate",
  ]);
  expect(asked.headers).not.toHaveProperty("sec-websocket-extensions");
});

test("without the token nothing but the page is served", async () => {
  await using under = await ViewerUnderTest.open("0", { token: TOKEN });
  const host = ["Host", under.host] as const;
  const wrong = ["Sec-WebSocket-Protocol", "csi-camera, token.d3Jvbmc"] as const;
  expect((await ask(under, "GET / HTTP/1.1", host)).status).toBe(200);
  for (const path of ["/ws", "/nothing", "/?token=x"]) {
    for (const offered of [[], [wrong], [["Authorization", `Bearer ${TOKEN}`] as const]]) {
      if (path.startsWith("/?")) continue;
      expectRefused(await ask(under, `GET ${path} HTTP/1.1`, host, ...offered, ...UPGRADE), 401);
      expectRefused(await ask(under, `GET ${path} HTTP/1.1`, host, ...offered), 401);
    }
  }
  const query = `GET /ws?token=${encodeURIComponent(TOKEN)} HTTP/1.1`;
  expectRefused(await ask(under, query, host, ...UPGRADE), 401);
  const opened = await ask(under, "GET /ws HTTP/1.1", host, OFFER, ...UPGRADE);
  expect(opened).toMatchObject({ status: 101, headers: { "sec-websocket-protocol": "csi-camera" } });
  expect(JSON.stringify(opened)).not.toContain(OFFER[1].split(".")[1] ?? TOKEN);
  const evil = [
    ["Host", "evil.example"],
    ["Origin", "http://evil.example"],
  ] as const;
  expectRefused(await ask(under, "GET /ws HTTP/1.1", ...evil, OFFER, ...UPGRADE), 421);
  expect(under.logged.join("")).not.toContain(TOKEN);
});

test("behind IPv6 and behind a Unix socket the same holds", async () => {
  using directory = new TemporaryDirectory();
  for (const address of ["[::1]:0", directory.file("viewer.sock")]) {
    await using under = await ViewerUnderTest.open(address);
    const host = ["Host", under.host] as const;
    expect((await ask(under, "GET / HTTP/1.1", host)).status).toBe(200);
    expect((await ask(under, "GET /ws HTTP/1.1", host, ...UPGRADE)).status).toBe(101);
    expectRefused(await ask(under, "GET / HTTP/1.1", ["Host", "evil.example"]), 421);
    const evil = ["Origin", "http://evil.example"] as const;
    expectRefused(await ask(under, "GET /ws HTTP/1.1", host, evil, ...UPGRADE), 403);
  }
});
