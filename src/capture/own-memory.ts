import { addressOf } from "../native/memory.ts";
import type { PictureMemory } from "./picture-memory.ts";

/** Memory of our own process. */
export class OwnMemory implements PictureMemory {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly address: number;
  readonly dmabufFd = -1;

  constructor(byteCount: number) {
    // The engine may move the bytes of a small typed array, never those of an ArrayBuffer.
    this.bytes = new Uint8Array(new ArrayBuffer(byteCount));
    this.address = addressOf(this.bytes);
  }

  write(fill: (bytes: Uint8Array) => void): void {
    fill(this.bytes);
  }

  /** At once: the garbage collector would come to it when many more such pictures have been made. Idempotent. */
  free(): void {
    if (!this.bytes.buffer.detached) this.bytes.buffer.transfer(0);
  }
}
