/** A slab of its own holds what is larger. */
const SLAB_BYTES = 1024 * 1024;
/** Slabs that nobody needs are kept up to so many bytes: about what two fragments of large pictures take. */
const SPARE_BYTES_MAX = 16 * 1024 * 1024;

interface Slab {
  readonly bytes: Uint8Array;
  used: number;
  /** Packets in it that have not come back. */
  packets: number;
}

/**
 * Memory for encoded packets, used again once they are written. New memory for each would cost more than writing to it:
 * the kernel clears every page of it, and takes it away again afterwards.
 *
 * What is never given back is left to the garbage collector, with the slab that it lies in.
 */
export class PacketMemory {
  readonly #slabs = new WeakMap<ArrayBufferLike, Slab>();
  readonly #spare: Slab[] = [];
  #spareBytes = 0;
  #current: Slab | undefined;

  /** Room for so many bytes, holding whatever it held before. */
  take(byteCount: number): Uint8Array {
    const slab = this.#slabWithRoom(byteCount);
    const start = slab.used;
    slab.used += byteCount;
    slab.packets++;
    return slab.bytes.subarray(start, start + byteCount);
  }

  /** A packet that was taken, or a part of it: once for each, when nobody reads it any more. Others are not its own. */
  giveBack({ buffer }: Uint8Array): void {
    const slab = this.#slabs.get(buffer);
    if (slab === undefined) return;
    slab.packets--;
    if (slab.packets === 0 && slab !== this.#current) this.#keep(slab);
  }

  #slabWithRoom(byteCount: number): Slab {
    const current = this.#current;
    if (current !== undefined && current.packets === 0) current.used = 0;
    if (current !== undefined && current.bytes.length - current.used >= byteCount) return current;
    this.#current = this.#spareFor(byteCount) ?? this.#newSlab(byteCount);
    if (current?.packets === 0) this.#keep(current);
    return this.#current;
  }

  #spareFor(byteCount: number): Slab | undefined {
    const at = this.#spare.findLastIndex(({ bytes }) => bytes.length >= byteCount);
    const [slab] = at < 0 ? [] : this.#spare.splice(at, 1);
    if (slab !== undefined) this.#spareBytes -= slab.bytes.length;
    return slab;
  }

  #newSlab(byteCount: number): Slab {
    const bytes = new Uint8Array(new ArrayBuffer(Math.max(SLAB_BYTES, byteCount)));
    const slab = { bytes, used: 0, packets: 0 };
    this.#slabs.set(bytes.buffer, slab);
    return slab;
  }

  #keep(slab: Slab): void {
    slab.used = 0;
    if (this.#spareBytes + slab.bytes.length > SPARE_BYTES_MAX) return;
    this.#spare.push(slab);
    this.#spareBytes += slab.bytes.length;
  }
}
