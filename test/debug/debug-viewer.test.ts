import { expect, test } from "bun:test";
import { VERSION } from "../../src/version.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { waitUntil } from "../log/wait-until.ts";
import { probe } from "../native/ffmpeg.ts";
import { FrameMaker } from "../support/frame-maker.ts";
import { DeafViewer } from "./deaf-viewer.ts";
import { rawRequest, requestText, UPGRADE } from "./raw-request.ts";
import { ViewerUnderTest } from "./viewer-under-test.ts";
import { WatchingClient } from "./watching-client.ts";

/** As the router does. Resolves when the frame is back. */
async function show(under: ViewerUnderTest, frames: FrameMaker): Promise<void> {
  const frame = frames.next();
  under.viewer.frames.offer(frame, 0);
  frame.release();
  await waitUntil("the frame", () => frames.held === 0);
}

test("a viewer is told what was said before it came, then what is said, and a snapshot", async () => {
  await using under = await ViewerUnderTest.open("0");
  under.viewer.traffic.sent("ready", null, {});
  under.viewer.traffic.received("assign_1", "assign_device", { device_id: "picam:0" });
  await using client = await WatchingClient.open(under.webSocketUrl());
  expect(client.hello).toEqual({
    kind: "hello",
    protocol: 1,
    versions: { csi_camera: VERSION, bun: Bun.version },
  });
  under.viewer.traffic.sent("device_ready", "assign_1", { device_id: "picam:0" });
  under.viewer.traffic.sent("warning", null, {});
  await waitUntil("the traffic", () => client.traffic.length === 4);
  expect(client.traffic.map(({ sequence, direction, name, id }) => [sequence, direction, name, id])).toEqual([
    [1, "out", "ready", null],
    [2, "in", "assign_device", "assign_1"],
    [3, "out", "device_ready", "assign_1"],
    [4, "out", "warning", null],
  ]);
  await waitUntil("two snapshots", () => client.snapshots.length === 2);
  expect(client.messages.map(({ kind }) => kind)).toEqual(["hello", "traffic", "snapshot", "traffic", "snapshot"]);
  expect(client.snapshots[0]).toMatchObject({ snapshot: { state: "idle" }, preview_error: null });
});

test("a picture is made once for all viewers, with its frame's number and times, and not at all with none", async () => {
  using directory = new TemporaryDirectory();
  for (const address of ["0", "[::1]:0", directory.file("viewer.sock")]) {
    await using under = await ViewerUnderTest.open(address);
    const frames = new FrameMaker({ width: 320, height: 192 });
    await show(under, frames);
    expect(under.viewer.statistics).toMatchObject({ count: 0, preview_rate: 0 });
    await using first = await WatchingClient.open(under.webSocketUrl());
    await using second = await WatchingClient.open(under.webSocketUrl());
    await show(under, frames);
    await waitUntil("both", () => first.previews.length === 1 && second.previews.length === 1);
    expect(first.previews).toEqual(second.previews);
    const [preview] = first.previews;
    expect(preview?.header).toMatchObject({ width: 160, height: 96, frameNumber: 1 });
    expect(await probe("mjpeg", preview?.jpeg ?? new Uint8Array())).toMatchObject({ width: 160, height: 96 });
    expect(under.viewer.statistics).toEqual({
      count: 2,
      previews_sent: 2,
      previews_dropped: 0,
      previews_left_out: 0,
      preview_rate: 0.5,
    });
  }
});

test("no snapshot is asked for while nobody watches", async () => {
  await using under = await ViewerUnderTest.open("0");
  {
    await using client = await WatchingClient.open(under.webSocketUrl());
    await waitUntil("a second snapshot", () => client.snapshots.length === 2);
  }
  await waitUntil("nobody", () => under.viewer.statistics.count === 0);
  const { snapshots } = under;
  // Another one tells that time has passed.
  await using clock = await ViewerUnderTest.open("0");
  await using _watching = await WatchingClient.open(clock.webSocketUrl());
  await waitUntil("two more snapshots there", () => clock.snapshots === 3);
  expect(under.snapshots).toBe(snapshots);
});

test("a snapshot that can't be taken is logged, and disturbs nothing else", async () => {
  const snapshot = () => {
    throw new Error("a bug");
  };
  await using under = await ViewerUnderTest.open("0", { snapshot });
  await using client = await WatchingClient.open(under.webSocketUrl());
  under.viewer.traffic.sent("ready", null, {});
  await waitUntil("the traffic", () => client.traffic.length === 1);
  expect(under.logged.filter((line) => line.includes("a bug"))).toHaveLength(1);
  expect(client.snapshots).toEqual([]);
});

test("a viewer that says something is thrown out", async () => {
  await using under = await ViewerUnderTest.open("0");
  const talking = await WatchingClient.open(under.webSocketUrl());
  talking.say('{"command":"start_recording"}');
  await waitUntil("its end", () => talking.closing !== undefined);
  expect(talking.closing).toEqual({ code: 1008 });
  const shouting = await WatchingClient.open(under.webSocketUrl());
  shouting.say(new Uint8Array(1_000_000));
  await waitUntil("its end", () => shouting.closing !== undefined);
  await waitUntil("nobody", () => under.viewer.statistics.count === 0);
});

test("there are 16 viewers at most; when one goes, another one may come", async () => {
  await using under = await ViewerUnderTest.open("0");
  const viewers = await Promise.all(Array.from({ length: 16 }, () => DeafViewer.open(under.endpoint, under.host)));
  const request = requestText("GET /ws HTTP/1.1", [["Host", under.host], ...UPGRADE]);
  expect(await rawRequest(under.endpoint, request)).toMatchObject({ status: 503 });
  expect(under.viewer.statistics.count).toBe(16);
  viewers.pop()?.[Symbol.dispose]();
  await waitUntil("a free seat", () => under.viewer.statistics.count === 15);
  await using _late = await WatchingClient.open(under.webSocketUrl());
  for (const viewer of viewers) viewer[Symbol.dispose]();
});

test("who reads gets all pictures, beside one who never reads and gets two", async () => {
  await using under = await ViewerUnderTest.open("0");
  using _deaf = await DeafViewer.open(under.endpoint, under.host);
  await using client = await WatchingClient.open(under.webSocketUrl());
  const frames = new FrameMaker();
  for (let count = 1; count <= 50; count++) {
    await show(under, frames);
    await waitUntil(`picture ${count}`, () => client.previews.length === count);
  }
  expect(client.previews.map(({ header }) => header.frameNumber)).toEqual(Array.from({ length: 50 }, (_, n) => n));
  // Two are under way to the other one, two wait for it.
  expect(under.viewer.statistics).toMatchObject({ count: 2, previews_sent: 52, previews_dropped: 46 });
});

test("the token opens it to who has it", async () => {
  await using under = await ViewerUnderTest.open("0.0.0.0:0", { token: "correct horse battery" });
  await using client = await WatchingClient.open(under.webSocketUrl(), "correct horse battery");
  expect(client.hello).toBeDefined();
  await expect(WatchingClient.open(under.webSocketUrl(), "wrong horse battery")).rejects.toThrow("was closed");
  await expect(WatchingClient.open(under.webSocketUrl())).rejects.toThrow("was closed");
});

test("closing ends every connection at once, also those that read nothing", async () => {
  const under = await ViewerUnderTest.open("0");
  using _deaf = await DeafViewer.open(under.endpoint, under.host);
  const client = await WatchingClient.open(under.webSocketUrl());
  under.viewer.traffic.sent("quitting", null, {});
  await Promise.all([under.viewer.close(), under.viewer.close()]);
  await waitUntil("its end", () => client.closing !== undefined);
  expect(client.traffic.map(({ name }) => name)).toEqual(["quitting"]);
  await expect(WatchingClient.open(under.webSocketUrl())).rejects.toThrow("was closed");
});
