import { expect, test } from "bun:test";
import { TrafficRing } from "../../src/debug/traffic-ring.ts";
import { Viewer, type ViewerSocket } from "../../src/debug/viewer.ts";

/** A socket whose kernel takes what the test says, and whose other end answers when the test says. */
class ScriptedSocket implements ViewerSocket {
  /** Text as it is, previews by their first byte, pings by their number. */
  readonly handed: (string | number)[] = [];
  readonly pings: Uint8Array[] = [];
  buffered = 0;

  send(data: string | Uint8Array): number {
    this.handed.push(typeof data === "string" ? data : (data[0] ?? -1));
    return data.length;
  }

  ping(data: Uint8Array): number {
    this.pings.push(data);
    return data.length;
  }

  getBufferedAmount(): number {
    return this.buffered;
  }

  get previews(): number[] {
    return this.handed.filter((one) => typeof one === "number");
  }
}

function newViewer() {
  const ring = new TrafficRing(
    () => 0,
    () => {},
  );
  const socket = new ScriptedSocket();
  return { ring, socket, viewer: new Viewer(socket, ring) };
}

const preview = (number: number): Uint8Array<ArrayBuffer> => Uint8Array.of(number);

test("two previews are under way and two wait; then the oldest that waits is dropped, and counted", () => {
  const { socket, viewer } = newViewer();
  for (let number = 1; number <= 10; number++) viewer.offerPreview(preview(number));
  expect(socket.previews).toEqual([1, 2]);
  expect(viewer).toMatchObject({ previewsSent: 2, previewsDropped: 6 });
  const [first, second] = socket.pings;
  viewer.onPong(first ?? new Uint8Array());
  expect(socket.previews).toEqual([1, 2, 9]);
  viewer.onPong(second ?? new Uint8Array());
  expect(socket.previews).toEqual([1, 2, 9, 10]);
  expect(viewer).toMatchObject({ previewsSent: 4, previewsDropped: 6 });
});

test("one answer stands for all that was sent before it", () => {
  const { socket, viewer } = newViewer();
  for (let number = 1; number <= 4; number++) viewer.offerPreview(preview(number));
  viewer.onPong(socket.pings[1] ?? new Uint8Array());
  expect(socket.previews).toEqual([1, 2, 3, 4]);
});

test("answers to pings that were never sent, or were answered, free nothing", () => {
  const { socket, viewer } = newViewer();
  for (let number = 1; number <= 2; number++) viewer.offerPreview(preview(number));
  for (const pong of [[], [9, 0, 0, 0], [255, 255, 255, 255], [1, 0, 0], [1, 0, 0, 0, 0], [0, 0, 0, 0]]) {
    viewer.onPong(Uint8Array.from(pong));
  }
  viewer.offerPreview(preview(3));
  expect(socket.previews).toEqual([1, 2]);
  for (let time = 0; time < 3; time++) viewer.onPong(socket.pings[0] ?? new Uint8Array());
  viewer.offerPreview(preview(4));
  expect(socket.previews).toEqual([1, 2, 3]);
});

test("while the kernel takes nothing, nothing is handed over; then it goes on where it was", () => {
  const { ring, socket, viewer } = newViewer();
  ring.sent("ready", null, {});
  viewer.greet("hello");
  expect(socket.handed).toHaveLength(2);
  socket.buffered = 1;
  ring.sent("warning", null, {});
  viewer.flush();
  viewer.sendSnapshot("snapshot");
  viewer.offerPreview(preview(1));
  expect(socket.handed).toHaveLength(2);
  socket.buffered = 0;
  viewer.flush();
  expect(socket.handed).toHaveLength(4);
  expect(socket.handed[2]).toContain('"sequence":2');
  expect(socket.handed[3]).toBe(1);
});

test("traffic that went out of the ring meanwhile is left out", () => {
  const { ring, socket, viewer } = newViewer();
  viewer.greet("hello");
  socket.buffered = 1;
  for (let index = 0; index < 600; index++) ring.sent("warning", null, {});
  viewer.flush();
  socket.buffered = 0;
  viewer.flush();
  const sequences = socket.handed
    .filter((one) => typeof one === "string")
    .flatMap((text) => [...text.matchAll(/"sequence":(\d+)/g)].map(([, number]) => Number(number)));
  expect([sequences.at(0), sequences.at(-1), sequences.length]).toEqual([101, 600, 500]);
});
