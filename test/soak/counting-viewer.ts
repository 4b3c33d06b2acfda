import { decodePreview } from "../../src/debug/preview-packet.ts";
import type { SnapshotMessage, ViewerMessage } from "../../src/debug/viewer-messages.ts";
import { waitUntil } from "../log/wait-until.ts";

/** One who watches for hours: counts what it is shown and keeps nothing of it. */
export class CountingViewer implements AsyncDisposable {
  previews = 0;
  previewBytes = 0;
  snapshots = 0;
  /** What was wrong with what came, as sentences. */
  readonly problems: string[] = [];
  readonly #socket: WebSocket;
  readonly #onSnapshot: (message: SnapshotMessage) => void;
  #state: "opening" | "open" | "closing" | "closed" = "opening";
  #lastFrame = -1;

  /** Resolves once it is greeted. */
  static async open(url: string, onSnapshot: (message: SnapshotMessage) => void): Promise<CountingViewer> {
    const viewer = new CountingViewer(url, onSnapshot);
    await waitUntil("hello", () => viewer.#state !== "opening");
    if (viewer.#state !== "open") throw new Error(`${url} was closed`);
    return viewer;
  }

  private constructor(url: string, onSnapshot: (message: SnapshotMessage) => void) {
    this.#onSnapshot = onSnapshot;
    this.#socket = new WebSocket(url, ["csi-camera"]);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => this.#receive(data));
    this.#socket.addEventListener("close", ({ code }) => {
      if (this.#state !== "closing") this.problems.push(`its connection ended with code ${code}`);
      this.#state = "closed";
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state === "closed") return;
    this.#state = "closing";
    this.#socket.close();
    await waitUntil("the end of the connection", () => this.#state === "closed");
  }

  #receive(data: unknown): void {
    if (data instanceof ArrayBuffer) {
      this.#receivePreview(new Uint8Array(data));
      return;
    }
    const message = JSON.parse(String(data)) as ViewerMessage;
    if (message.kind === "hello") this.#state = "open";
    if (message.kind !== "snapshot") return;
    this.snapshots++;
    this.#onSnapshot(message);
  }

  #receivePreview(packet: Uint8Array): void {
    const preview = decodePreview(packet);
    const isJpeg = preview?.jpeg[0] === 0xff && preview.jpeg[1] === 0xd8;
    if (preview === undefined || !isJpeg) {
      this.problems.push(`a message of ${packet.byteLength} bytes that is no preview`);
      return;
    }
    const { frameNumber } = preview.header;
    if (frameNumber <= this.#lastFrame) this.problems.push(`frame ${frameNumber} came after ${this.#lastFrame}`);
    this.#lastFrame = frameNumber;
    this.previews++;
    this.previewBytes += preview.jpeg.byteLength;
  }
}
