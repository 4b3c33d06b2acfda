import type { Logger } from "pino";
import { ListenError, listenError } from "../http/listen-error.ts";
import type { TrafficListener } from "../log/traffic-listener.ts";
import type { SpareFrameConsumer } from "../pipeline/spare-frames.ts";
import { Preview, type PreviewSettings } from "../preview/preview.ts";
import type { ModuleSnapshot } from "../telemetry/module-snapshot.ts";
import { formatListenAddress, inUrl, isLocal, type ListenAddress } from "../http/listen-address.ts";
import { loadPage } from "./page.ts";
import { TokenCheck } from "./token-check.ts";
import { TrafficRing } from "./traffic-ring.ts";
import { removeStaleSocket, listenPrivately } from "./unix-socket.ts";
import { type ViewerServer, serveViewers } from "./viewer-server.ts";
import { type ViewerStatistics, Viewers } from "./viewers.ts";

/** For the picture that may be in work: it never is for long, and nothing depends on it any more. */
const CLOSE_MS = 500;

export interface DebugViewerOptions {
  readonly address: ListenAddress;
  /** Needed where others than this machine's programs get there. */
  readonly token: string | undefined;
  readonly preview: PreviewSettings;
  /** What the module is doing; called once a second while somebody watches. */
  readonly snapshot: () => ModuleSnapshot;
  /** CLOCK_MONOTONIC, ms. */
  readonly monotonicMs: () => number;
  /** Previews are left out, for want of frames that the recording does not need. `message`: a sentence. */
  readonly onLeftOut: (message: string) => void;
  readonly log: Logger;
}

/** `--debug-socket`: shows in a browser what the camera is doing. It commands nothing, and keeps nothing waiting. */
export class DebugViewer {
  readonly #options: DebugViewerOptions;
  readonly #traffic: TrafficRing;
  readonly #preview: Preview;
  readonly #viewers: Viewers;
  #server: ViewerServer | undefined;
  #closed: Promise<void> | undefined;

  /** Nothing is listened to yet. */
  constructor(options: DebugViewerOptions) {
    const { preview, snapshot, monotonicMs, onLeftOut, log } = options;
    this.#options = options;
    this.#traffic = new TrafficRing(monotonicMs, () => this.#viewers.onTraffic());
    this.#preview = new Preview(preview, {
      onPicture: (picture) => this.#viewers.showPicture(picture),
      onFailure: (error) => log.warn({ err: error }, "the viewer has no pictures"),
      onLeftOut: () =>
        onLeftOut("more than half of the camera's buffers are in use: previews are left out until they are back"),
    });
    this.#viewers = new Viewers({
      traffic: this.#traffic,
      preview: this.#preview,
      snapshot,
      onError: (error) => log.error({ err: error }, "no snapshot for the viewers"),
    });
  }

  /** Takes the camera's frames. */
  get frames(): SpareFrameConsumer {
    return this.#preview;
  }

  /** Hears the host's traffic. */
  get traffic(): TrafficListener {
    return this.#traffic;
  }

  get statistics(): ViewerStatistics {
    return this.#viewers.statistics;
  }

  /** Where it is to be seen: a URL, or the path of a Unix socket. The token is not in it. */
  get url(): string {
    const { address } = this.#options;
    if (address.kind === "unix") return address.path;
    return `http://${inUrl(address.hostname)}:${this.#server?.port ?? address.port}/`;
  }

  /** Listens. Throws ListenError. */
  async open(): Promise<void> {
    const { address, token, log } = this.#options;
    const where = formatListenAddress(address);
    if (!isLocal(address) && token === undefined) {
      throw new ListenError(`${where}: others can get there, expected a --debug-token as well`);
    }
    const port = address.kind === "tcp" ? address.port : undefined;
    try {
      if (address.kind === "unix") await removeStaleSocket(address.path);
      this.#server = listenPrivately(() =>
        serveViewers({ address, viewers: this.#viewers, tokens: new TokenCheck(token), log }),
      );
    } catch (error) {
      throw listenError(where, port, error);
    }
    // Bundled now, and not when a recording is going on.
    loadPage().catch((error: unknown) => log.error({ err: error }, "the viewer's page can't be made"));
    log.info({ url: this.url, needsToken: token !== undefined }, "the viewer is open");
  }

  /** Disconnects everybody, reader or not, and lets go of the camera's frames. At once, or nearly so. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    this.#viewers.flush();
    this.#server?.close();
    let timer: Timer | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([this.#preview.close(), late]);
    clearTimeout(timer);
  }
}
