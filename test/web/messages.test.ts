import { expect, test } from "bun:test";
import type { ViewerMessage } from "../../src/debug/viewer-messages.ts";
import { webSocketProtocols } from "../../web/connection/access-token.ts";
import { parseMessage } from "../../web/connection/parse-message.ts";
import { reconnectDelayMs } from "../../web/connection/reconnect-delay.ts";
import { snapshot } from "./made-up-snapshot.ts";

test("each kind of message is understood", () => {
  const messages: ViewerMessage[] = [
    { kind: "hello", protocol: 1, versions: { csi_camera: "0.1.0", bun: "1" } },
    { kind: "traffic", entries: [] },
    { kind: "snapshot", snapshot: snapshot(), preview_error: null },
  ];
  expect(messages.map((message) => parseMessage(JSON.stringify(message)))).toEqual(messages);
});

test("what is not JSON, of an unknown kind or of another shape is ignored", () => {
  for (const text of [
    ...["", "{", "null", "1", "[]", "{}", '"hello"'],
    ...['{"kind":"constructor"}', '{"kind":"__proto__"}', '{"kind":1}', '{"kind":"coffee"}'],
    ...['{"kind":"hello"}', '{"kind":"hello","protocol":1,"versions":[]}'],
    ...['{"kind":"traffic"}', '{"kind":"traffic","entries":{}}', '{"kind":"snapshot","snapshot":null}'],
  ]) {
    expect(parseMessage(text)).toBeUndefined();
  }
});

test("without a token only the protocol is offered", () => {
  expect(webSocketProtocols("")).toEqual(["csi-camera"]);
  expect(webSocketProtocols("#token=")).toEqual(["csi-camera"]);
  expect(webSocketProtocols("#other")).toEqual(["csi-camera"]);
});

test("a token of the fragment is offered as base64url, which is allowed in the header whatever it holds", () => {
  expect(webSocketProtocols("#token=s3cret")).toEqual(["csi-camera", "token.czNjcmV0"]);
  const [, offered = ""] = webSocketProtocols(`#token=${encodeURIComponent("a b/ü?~ÿÿ")}`);
  expect(offered).toMatch(/^token\.[A-Za-z0-9_-]+$/);
  expect(Buffer.from(offered.slice(6), "base64url").toString()).toBe("a b/ü?~ÿÿ");
});

test("attempts come after 0.5, 1, 2, 4, 8, 8 … s, up to a fifth earlier", () => {
  expect([0, 1, 2, 3, 4, 5, 5000].map((failures) => reconnectDelayMs(failures, 0))).toEqual([
    ...[500, 1000, 2000, 4000, 8000, 8000, 8000],
  ]);
  expect(reconnectDelayMs(1, 1)).toBe(800);
});
