import { addressOf } from "../native/memory.ts";
import type { PictureMemory } from "./picture-memory.ts";

/** Memory of our own process, freed by the garbage collector. */
export class OwnMemory implements PictureMemory {
  readonly bytes: Uint8Array;
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

  free(): void {}
}
