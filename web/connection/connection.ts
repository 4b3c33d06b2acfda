import { reconnectDelayMs } from "./reconnect-delay.ts";

/** `since` and `retryAt`: ms since 1970, by this machine's clock. `everOpen`: whether it ever worked. */
export type ConnectionState =
  | { readonly status: "connecting"; readonly since: number }
  | { readonly status: "open"; readonly since: number }
  | { readonly status: "closed"; readonly since: number; readonly retryAt: number; readonly everOpen: boolean };

export interface ConnectionEvents {
  readonly state: (state: ConnectionState) => void;
  readonly text: (text: string) => void;
  readonly binary: (bytes: ArrayBuffer) => void;
}

/** The module sends a snapshot once a second. After this long without anything, there is nobody at the other end. */
const SILENCE_MS_MAX = 5000;

/** The WebSocket to the module, opened again whenever it is gone, until the page is closed. */
export class Connection {
  readonly #url: string;
  readonly #protocols: () => string[];
  readonly #events: ConnectionEvents;
  #socket: WebSocket | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #everOpen = false;
  #lostAt = Date.now();

  constructor(url: string, protocols: () => string[], events: ConnectionEvents) {
    this.#url = url;
    this.#protocols = protocols;
    this.#events = events;
    events.state({ status: "connecting", since: this.#lostAt });
    this.#open();
  }

  /** Tries at once instead of waiting for its time, unless it is open or trying. */
  retryNow(): void {
    if (this.#socket !== undefined) return;
    this.reopen();
  }

  /** Lets go of what is there, and begins anew. */
  reopen(): void {
    this.#letGo();
    this.#open();
  }

  #open(): void {
    clearTimeout(this.#retry);
    const socket = new WebSocket(this.#url, this.#protocols());
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#watchSilence();
    socket.addEventListener("open", () => this.#ifCurrent(socket, () => this.#opened()));
    socket.addEventListener("close", () => this.#ifCurrent(socket, () => this.#closed()));
    socket.addEventListener("message", ({ data }: MessageEvent<unknown>) =>
      this.#ifCurrent(socket, () => this.#received(data)),
    );
  }

  /** A socket that was given up may still have something to say. */
  #ifCurrent(socket: WebSocket, act: () => void): void {
    if (socket === this.#socket) act();
  }

  #opened(): void {
    this.#failures = 0;
    this.#everOpen = true;
    this.#watchSilence();
    this.#events.state({ status: "open", since: Date.now() });
  }

  #received(data: unknown): void {
    this.#watchSilence();
    if (typeof data === "string") this.#events.text(data);
    else if (data instanceof ArrayBuffer) this.#events.binary(data);
  }

  #watchSilence(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#closed(), SILENCE_MS_MAX);
  }

  #closed(): void {
    // An attempt in vain does not begin a new loss.
    if (this.#failures === 0) this.#lostAt = Date.now();
    this.#letGo();
    const delayMs = reconnectDelayMs(this.#failures++);
    this.#retry = setTimeout(() => this.#open(), delayMs);
    const retryAt = Date.now() + delayMs;
    this.#events.state({ status: "closed", since: this.#lostAt, retryAt, everOpen: this.#everOpen });
  }

  #letGo(): void {
    clearTimeout(this.#silence);
    clearTimeout(this.#retry);
    this.#socket?.close();
    this.#socket = undefined;
  }
}
