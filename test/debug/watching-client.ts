import { decodePreview, type PreviewHeader } from "../../src/debug/preview-packet.ts";
import type { HelloMessage, SnapshotMessage, TrafficEntry, ViewerMessage } from "../../src/debug/viewer-messages.ts";
import { waitUntil } from "../log/wait-until.ts";

/** A program that watches: it keeps all that it is told. */
export class WatchingClient implements AsyncDisposable {
  readonly messages: ViewerMessage[] = [];
  readonly previews: { readonly header: PreviewHeader; readonly jpeg: Uint8Array }[] = [];
  closing: { readonly code: number } | undefined;
  readonly #socket: WebSocket;

  /** Resolves once it is greeted. `token`: as a page would offer it. */
  static async open(url: string, token?: string): Promise<WatchingClient> {
    const client = new WatchingClient(url, token);
    await waitUntil("hello", () => client.messages.length > 0 || client.closing !== undefined);
    if (client.closing !== undefined) throw new Error(`${url} was closed with ${client.closing.code}`);
    return client;
  }

  private constructor(url: string, token?: string) {
    const offered = token === undefined ? [] : [`token.${Buffer.from(token).toString("base64url")}`];
    this.#socket = new WebSocket(url, ["csi-camera", ...offered]);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => this.#receive(data));
    this.#socket.addEventListener("close", ({ code }) => (this.closing = { code }));
  }

  get hello(): HelloMessage | undefined {
    return this.messages.find((message) => message.kind === "hello");
  }

  get snapshots(): SnapshotMessage[] {
    return this.messages.filter((message) => message.kind === "snapshot");
  }

  get traffic(): TrafficEntry[] {
    return this.messages.flatMap((message) => (message.kind === "traffic" ? message.entries : []));
  }

  say(data: string | Uint8Array<ArrayBuffer>): void {
    this.#socket.send(data);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await waitUntil("the end of the connection", () => this.closing !== undefined);
  }

  #receive(data: unknown): void {
    if (typeof data === "string") {
      this.messages.push(JSON.parse(data) as ViewerMessage);
      return;
    }
    const preview = data instanceof ArrayBuffer ? decodePreview(new Uint8Array(data)) : undefined;
    if (preview === undefined) throw new Error("a binary message that is no preview");
    this.previews.push(preview);
  }
}
