import type { TrafficRing } from "./traffic-ring.ts";

/** Previews of which a viewer may not have said yet that they arrived. */
const UNDERWAY_MAX = 2;
/** Previews that wait for those: when there is another one, the oldest is dropped. */
const WAITING_MAX = 2;

/** What a viewer needs of its WebSocket: Bun's ServerWebSocket has it. */
export interface ViewerSocket {
  send(data: string | Uint8Array<ArrayBuffer>): number;
  ping(data: Uint8Array<ArrayBuffer>): number;
  /** Bytes that the kernel has not taken yet. */
  getBufferedAmount(): number;
}

/**
 * One who watches. Nothing piles up for who is slow: previews are bounded here, traffic waits in the ring that all share,
 * a snapshot is left out.
 *
 * What the kernel has taken may be far from having arrived: its buffers hold megabytes. So each preview is followed by a
 * ping with its number, which browsers answer by themselves, and the answers say how much has arrived.
 */
export class Viewer {
  readonly #socket: ViewerSocket;
  readonly #traffic: TrafficRing;
  /** Entry of the traffic that comes next. */
  #nextEntry = 0;
  readonly #waiting: Uint8Array<ArrayBuffer>[] = [];
  #previewsSent = 0;
  #previewsArrived = 0;
  #previewsDropped = 0;

  constructor(socket: ViewerSocket, traffic: TrafficRing) {
    this.#socket = socket;
    this.#traffic = traffic;
  }

  /** Handed to the socket. */
  get previewsSent(): number {
    return this.#previewsSent;
  }

  get previewsDropped(): number {
    return this.#previewsDropped;
  }

  /** Whatever the state of the socket. */
  greet(hello: string): void {
    this.#socket.send(hello);
    this.flush();
  }

  sendSnapshot(text: string): void {
    if (!this.#isCongested) this.#socket.send(text);
  }

  offerPreview(packet: Uint8Array<ArrayBuffer>): void {
    if (this.#waiting.push(packet) > WAITING_MAX) {
      this.#waiting.shift();
      this.#previewsDropped++;
    }
    this.flush();
  }

  /** The answer to a ping of ours; whatever else a viewer sends as a pong is none. */
  onPong(data: Uint8Array): void {
    if (data.byteLength !== 4) return;
    const number = new DataView(data.buffer, data.byteOffset, 4).getUint32(0, true);
    if (number <= this.#previewsArrived || number > this.#previewsSent) return;
    this.#previewsArrived = number;
    this.flush();
  }

  /** Sends what can be sent: to be called when there is traffic, and when the kernel takes more. */
  flush(): void {
    this.#sendTraffic();
    while (!this.#isCongested && this.#previewsSent - this.#previewsArrived < UNDERWAY_MAX) {
      const packet = this.#waiting.shift();
      if (packet === undefined) return;
      this.#socket.send(packet);
      this.#socket.ping(pingOf(++this.#previewsSent));
    }
  }

  get #isCongested(): boolean {
    return this.#socket.getBufferedAmount() > 0;
  }

  #sendTraffic(): void {
    while (!this.#isCongested) {
      const chunk = this.#traffic.from(this.#nextEntry);
      if (chunk === undefined) return;
      this.#nextEntry = chunk.next;
      this.#socket.send(chunk.text);
    }
  }
}

function pingOf(number: number): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(4);
  new DataView(data.buffer).setUint32(0, number, true);
  return data;
}
