import type { Preview } from "../preview/preview.ts";
import type { JpegPicture } from "../preview/jpeg-picture.ts";
import type { ModuleSnapshot } from "../telemetry/module-snapshot.ts";
import { VERSION } from "../version.ts";
import { encodePreview } from "./preview-packet.ts";
import type { TrafficRing } from "./traffic-ring.ts";
import { Viewer, type ViewerSocket } from "./viewer.ts";
import type { HelloMessage, SnapshotMessage } from "./viewer-messages.ts";

const VIEWERS_MAX = 16;
const SNAPSHOT_MS = 1000;
/** Over which the rate of previews is told. */
const RATE_MS = 2000;

/** What can be said of all who watch, and who have watched. */
export interface ViewerStatistics {
  readonly count: number;
  /** Handed to sockets, over all viewers. */
  readonly previews_sent: number;
  readonly previews_dropped: number;
  /** Due while somebody watched, and never made. */
  readonly previews_left_out: number;
  /** Previews made per second, over the last two seconds. */
  readonly preview_rate: number;
}

export interface ViewersOptions {
  readonly traffic: TrafficRing;
  readonly preview: Pick<Preview, "isWatched" | "failure" | "leftOut">;
  readonly snapshot: () => ModuleSnapshot;
  /** A bug of ours: there was no snapshot. */
  readonly onError: (error: unknown) => void;
}

/** All who watch: what is made is made once for all of them, and only while there are any. */
export class Viewers {
  readonly #options: ViewersOptions;
  readonly #viewers = new Map<ViewerSocket, Viewer>();
  readonly #hello: string;
  /** Of viewers that are gone. */
  readonly #gone = { sent: 0, dropped: 0 };
  /** When previews were made, ms: the last two seconds of them. */
  #madeMs: number[] = [];
  #lastSnapshot = "";
  #timer: Timer | undefined;
  #isFlushDue = false;

  constructor(options: ViewersOptions) {
    this.#options = options;
    const hello: HelloMessage = {
      kind: "hello",
      protocol: 1,
      versions: { csi_camera: VERSION, bun: Bun.version },
    };
    this.#hello = JSON.stringify(hello);
  }

  get isFull(): boolean {
    return this.#viewers.size >= VIEWERS_MAX;
  }

  get statistics(): ViewerStatistics {
    const viewers = [...this.#viewers.values()];
    this.#forgetOldPreviews();
    return {
      count: viewers.length,
      previews_sent: viewers.reduce((sum, { previewsSent }) => sum + previewsSent, this.#gone.sent),
      previews_dropped: viewers.reduce((sum, { previewsDropped }) => sum + previewsDropped, this.#gone.dropped),
      previews_left_out: this.#options.preview.leftOut,
      preview_rate: this.#madeMs.length / (RATE_MS / 1000),
    };
  }

  add(socket: ViewerSocket): void {
    const viewer = new Viewer(socket, this.#options.traffic);
    this.#viewers.set(socket, viewer);
    viewer.greet(this.#hello);
    if (this.#viewers.size === 1) this.#begin();
    else viewer.sendSnapshot(this.#lastSnapshot);
  }

  /** Returns what it got and missed; undefined where it was none. */
  remove(socket: ViewerSocket): { previewsSent: number; previewsDropped: number } | undefined {
    const viewer = this.#viewers.get(socket);
    if (viewer === undefined) return undefined;
    this.#viewers.delete(socket);
    const { previewsSent, previewsDropped } = viewer;
    this.#gone.sent += previewsSent;
    this.#gone.dropped += previewsDropped;
    if (this.#viewers.size === 0) this.#end();
    return { previewsSent, previewsDropped };
  }

  of(socket: ViewerSocket): Viewer | undefined {
    return this.#viewers.get(socket);
  }

  showPicture(picture: JpegPicture): void {
    const { jpeg, madeNs: sentNs, ...shown } = picture;
    const packet = encodePreview({ ...shown, sentNs }, jpeg);
    this.#forgetOldPreviews();
    this.#madeMs.push(performance.now());
    for (const viewer of this.#viewers.values()) viewer.offerPreview(packet);
  }

  /** There is traffic. What comes in one turn of the event loop goes out together. */
  onTraffic(): void {
    if (this.#viewers.size === 0 || this.#isFlushDue) return;
    this.#isFlushDue = true;
    setImmediate(() => {
      this.#isFlushDue = false;
      this.flush();
    });
  }

  /** Sends what waits to those that take it. */
  flush(): void {
    for (const viewer of this.#viewers.values()) viewer.flush();
  }

  #begin(): void {
    this.#options.preview.isWatched = true;
    this.#takeSnapshot();
    this.#timer = setInterval(() => this.#takeSnapshot(), SNAPSHOT_MS);
  }

  #end(): void {
    this.#options.preview.isWatched = false;
    clearInterval(this.#timer);
  }

  #takeSnapshot(): void {
    const { snapshot, preview, onError } = this.#options;
    try {
      const message: SnapshotMessage = {
        kind: "snapshot",
        snapshot: snapshot(),
        preview_error: preview.failure?.message ?? null,
      };
      this.#lastSnapshot = JSON.stringify(message);
    } catch (error) {
      // From a timer it would end the module, and a recording with it.
      onError(error);
      return;
    }
    for (const viewer of this.#viewers.values()) viewer.sendSnapshot(this.#lastSnapshot);
  }

  #forgetOldPreviews(): void {
    const sinceMs = performance.now() - RATE_MS;
    this.#madeMs = this.#madeMs.filter((madeMs) => madeMs > sinceMs);
  }
}
