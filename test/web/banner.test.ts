import { expect, test } from "bun:test";
import { bannerOf } from "../../web/model/banner.ts";
import type { ViewerState } from "../../web/model/viewer-state.ts";
import { recordingSnapshot, snapshot } from "./made-up-snapshot.ts";

const HELLO = { kind: "hello", protocol: 1, versions: { csi_camera: "0.1.0", bun: "1" } } as const;
const OPEN: ViewerState = { connection: { status: "open", since: 0 }, hello: HELLO, snapshot: snapshot() };
const since = new Date(2026, 0, 6, 14, 31, 2).getTime();

test("while all is well there is no banner", () => {
  expect(bannerOf(OPEN).level).toBe("none");
  expect(bannerOf({ ...OPEN, snapshot: recordingSnapshot() }).level).toBe("none");
});

test("a lost connection is told with since when, before all else", () => {
  const connection = { status: "closed", since, retryAt: since + 500, everOpen: true } as const;
  const health = { ok: false, reason: "stalled" };
  expect(bannerOf({ ...OPEN, connection, snapshot: snapshot({ health }) })).toMatchObject({
    level: "fault",
    title: "Disconnected since 14:31:02",
  });
});

test("a module that never answered may want a token", () => {
  const connection = { status: "closed", since, retryAt: since, everOpen: false } as const;
  expect(bannerOf({ connection, hello: undefined, snapshot: undefined }).text).toContain("#token=");
});

test("the reason of bad health is told as it is", () => {
  const health = { ok: false, reason: "no frame for 2 s" };
  expect(bannerOf({ ...OPEN, snapshot: snapshot({ health }) })).toEqual({
    level: "fault",
    title: "Failing",
    text: "no frame for 2 s",
  });
  expect(bannerOf({ ...OPEN, snapshot: snapshot({ state: "reconnecting", health }) }).title).toContain(
    "opening it again",
  );
});

test("a camera that is missing or not there yet is told calmly", () => {
  expect(bannerOf({ ...OPEN, snapshot: snapshot({ state: "idle", camera: null }) })).toMatchObject({
    level: "info",
    title: "No camera",
  });
  expect(bannerOf({ ...OPEN, snapshot: snapshot({ state: "opening", camera: null }) }).title).toBe(
    "Opening the camera",
  );
});

test("a module that speaks another version asks for a new page", () => {
  const hello: ViewerState["hello"] = JSON.parse(JSON.stringify({ ...HELLO, protocol: 2 }));
  expect(bannerOf({ ...OPEN, hello }).level).toBe("fault");
});
