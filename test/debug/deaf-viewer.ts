import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { type Endpoint, requestText, UPGRADE } from "./raw-request.ts";

/** A viewer that reads no byte after the answer to its handshake, and so answers no ping. */
export class DeafViewer implements Disposable {
  readonly #socket: Socket;

  static async open(endpoint: Endpoint, host = "localhost"): Promise<DeafViewer> {
    const socket = connect(endpoint);
    socket.on("error", () => {}); // it is thrown out in the end
    socket.write(requestText("GET /ws HTTP/1.1", [["Host", host], ...UPGRADE]));
    const [head] = (await once(socket, "data")) as [Buffer];
    socket.pause();
    if (!head.toString("latin1").startsWith("HTTP/1.1 101 ")) throw new Error(`not let in: ${head.toString("latin1")}`);
    return new DeafViewer(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
