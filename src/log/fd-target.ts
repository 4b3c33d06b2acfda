import type { LineTarget } from "./buffered-line-sink.ts";
import { FdWriter } from "./fd-writer.ts";

/** A descriptor as a log's target: stderr. Its reader may be slow; once gone it stays gone and all is discarded. */
export class FdTarget implements LineTarget {
  readonly #writer: FdWriter;
  #state: "open" | "gone" = "open";

  constructor(fd: number) {
    this.#writer = new FdWriter(fd);
  }

  async append(lines: Uint8Array): Promise<void> {
    if (this.#state === "gone") return;
    try {
      await this.#writer.write(lines);
    } catch {
      this.#state = "gone";
    }
  }

  async close(): Promise<void> {
    this.#state = "gone";
  }
}
