import { describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { once } from "node:events";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { type RawAnswer, rawConversation, rawRequest, requestText, UPGRADE } from "./raw-request.ts";
import { ViewerUnderTest } from "./viewer-under-test.ts";

const TOKEN = "correct horse battery staple";
const OFFER = ["Sec-WebSocket-Protocol", `csi-camera, token.${Buffer.from(TOKEN).toString("base64url")}`] as const;
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

type Header = readonly [string, string];

async function ask(under: ViewerUnderTest, line: string, ...headers: readonly Header[]): Promise<RawAnswer> {
  return await rawRequest(under.endpoint, requestText(line, headers));
}

function expectRefused(answer: RawAnswer, status: number): void {
  expect(answer.status).toBe(status);
  expect(answer.headers).toMatchObject({
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
  });
  // A sentence of ours, without a word of what came.
  expect(answer.body).toMatch(/^[A-Z][\w ,;']+\.\n$/);
}

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
  expect(page).toMatchObject({ status: 200, headers: { "content-security-policy": CSP } });
  expect(page.headers["content-type"]).toContain("text/html");
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

test.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])("%s is refused", async (method) => {
  await using under = await ViewerUnderTest.open("0");
  for (const path of ["/", "/ws", "/nothing"]) {
    const answer = await ask(under, `${method} ${path} HTTP/1.1`, ["Host", under.host], ["Content-Length", "0"]);
    expectRefused(answer, 405);
    expect(answer.headers["allow"]).toBe("GET, HEAD");
  }
});

test("CONNECT, words that are no method and bytes that are no request get nothing", async () => {
  await using under = await ViewerUnderTest.open("0");
  expect((await ask(under, "CONNECT evil.example:80 HTTP/1.1", ["Host", under.host])).status).toBe(405);
  expect([0, 400]).toContain((await ask(under, "FROBNICATE / HTTP/1.1", ["Host", under.host])).status);
  expect([0, 400]).toContain((await ask(under, "OPTIONS * HTTP/1.1", ["Host", under.host])).status);
  const tls = Uint8Array.of(0x16, 0x03, 0x01, 0x00, 0x2f, 0x01, 0x00, 0x00, 0x2b, 0x0d, 0x0a, 0x0d, 0x0a);
  expect([0, 400]).toContain((await rawRequest(under.endpoint, tls)).status);
});

test.each([
  "/../../etc/passwd",
  "/%2e%2e/%2e%2e/etc/passwd",
  "/..%2f..%2fetc/passwd",
  "/..\\..\\etc\\passwd",
  "//evil.example/",
  "/./ws/..",
  "/ws/",
  "/WS",
  "/index.html",
  "/src/main.ts",
  "/package.json",
  "/.git/config",
  "/%00",
  "/ws%00",
  "/__proto__",
  "/constructor",
  "/_bun/client",
])("GET %s leads nowhere, as a WebSocket as well", async (path) => {
  await using under = await ViewerUnderTest.open("0");
  const host = ["Host", under.host] as const;
  const expected = new URL(`http://x${path}`).pathname === "/" ? 200 : 404;
  expect((await ask(under, `GET ${path} HTTP/1.1`, host)).status).toBe(expected);
  expect((await ask(under, `GET ${path} HTTP/1.1`, host, ...UPGRADE)).status).toBe(expected);
});

test("a whole URL in the request line changes nothing: the Host header counts", async () => {
  await using under = await ViewerUnderTest.open("0");
  expect((await ask(under, "GET http://evil.example/ HTTP/1.1", ["Host", under.host])).status).toBe(200);
  expect((await ask(under, `GET http://${under.host}/ HTTP/1.1`, ["Host", "evil.example"])).status).toBe(421);
});

test("HTTP/1.0 is held to the same: no Host, no answer", async () => {
  await using under = await ViewerUnderTest.open("0");
  expectRefused(await ask(under, "GET / HTTP/1.0"), 421);
  expectRefused(await ask(under, "GET /ws HTTP/1.0", ...UPGRADE), 421);
  expect((await ask(under, "GET / HTTP/1.0", ["Host", under.host])).status).toBe(200);
  expect((await ask(under, "GET / HTTP/1.1")).status).toBe(400);
});

test("a request that follows another on the same connection is held to the same", async () => {
  await using under = await ViewerUnderTest.open("0");
  const good = requestText("GET /nothing HTTP/1.1", [["Host", under.host]]);
  const evil = requestText("GET /ws HTTP/1.1", [["Host", "evil.example"], ...UPGRADE]);
  const last = requestText("GET /last HTTP/1.0", [["Host", under.host]]);
  const { status, body } = await rawConversation(under.endpoint, good + evil + last);
  expect([status, ...[...body.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, other]) => Number(other))]).toEqual([
    404, 421, 404,
  ]);
});

test("a request with a body, or with more than 16 KiB of headers, is refused", async () => {
  await using under = await ViewerUnderTest.open("0");
  const host = ["Host", under.host] as const;
  expect((await ask(under, "GET / HTTP/1.1", host, ["X-Long", "x".repeat(16_400)])).status).toBe(431);
  const many = Array.from({ length: 5000 }, (_none, index): Header => [`X-${index}`, "x"]);
  expect((await ask(under, "GET / HTTP/1.1", host, ...many)).status).toBe(431);
  expect((await ask(under, `GET /${"x".repeat(17_000)} HTTP/1.1`, host)).status).toBe(431);
  const body = requestText("POST / HTTP/1.1", [host, ["Content-Length", "100000"]]) + "x".repeat(100_000);
  expect([405, 413]).toContain((await rawRequest(under.endpoint, body)).status);
  const chunked = requestText("POST / HTTP/1.1", [host, ["Transfer-Encoding", "chunked"]]);
  expect([400, 405, 413]).toContain(
    (await rawRequest(under.endpoint, `${chunked}fffff\r\n${"x".repeat(90_000)}`)).status,
  );
});

test("a WebSocket that is none is refused", async () => {
  await using under = await ViewerUnderTest.open("0");
  const host = ["Host", under.host] as const;
  const without = (name: string): Header[] => UPGRADE.filter(([header]) => header !== name);
  expectRefused(await ask(under, "GET /ws HTTP/1.1", host), 426);
  expectRefused(await ask(under, "GET /ws HTTP/1.1", host, ...without("Sec-WebSocket-Key")), 426);
  const version = ["Sec-WebSocket-Version", "8"] as const;
  expect((await ask(under, "GET /ws HTTP/1.1", host, ...without("Sec-WebSocket-Version"), version)).status).toBe(426);
  expect((await ask(under, "POST /ws HTTP/1.1", host, ...UPGRADE)).status).toBe(405);
});

test("connections that say nothing, or never come to an end, are closed", async () => {
  await using under = await ViewerUnderTest.open("0");
  const startMs = performance.now();
  const closings = ["", "GET / HT", requestText("GET / HTTP/1.1", [["Host", under.host]]).slice(0, -2)].map((text) => {
    const socket = connect(under.endpoint as { port: number; host: string });
    socket.write(text);
    return once(socket.resume(), "close");
  });
  const dripping = connect(under.endpoint as { port: number; host: string });
  dripping.on("error", () => {}).resume();
  dripping.write("GET / HTTP/1.1\r\nX-Slow: ");
  const drip = setInterval(() => dripping.write("x"), 200);
  await Promise.all([...closings, once(dripping, "close")]);
  clearInterval(drip);
  expect(performance.now() - startMs).toBeLessThan(25_000);
}, 30_000);

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
