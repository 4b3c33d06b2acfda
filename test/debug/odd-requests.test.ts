import { expect, test } from "bun:test";
import { once } from "node:events";
import { connect } from "node:net";
import { ask, expectRefused, type Header } from "./ask-viewer.ts";
import { rawConversation, rawRequest, requestText, UPGRADE } from "./raw-request.ts";
import { ViewerUnderTest } from "./viewer-under-test.ts";

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
