/** A box says something that its own bytes contradict. */
export class MalformedBoxError extends Error {
  override readonly name = "MalformedBoxError";
}

/** Bytes of a box's header without 64-bit size: ISO/IEC 14496-12, 4.2.2. */
const HEADER_BYTES = 8;

/** Reads one box's payload from front to back, never past its end. Numbers are big endian. */
export class BoxReader {
  /** Four characters, e.g. `trun`. */
  readonly type: string;
  readonly #view: DataView;
  readonly #end: number;
  #at: number;

  constructor(type: string, view: DataView, start: number, end: number) {
    this.type = type;
    this.#view = view;
    this.#at = start;
    this.#end = end;
  }

  get remainingBytes(): number {
    return this.#end - this.#at;
  }

  uint8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2));
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4));
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4));
  }

  /** A 64-bit number, which must be one that a Number holds exactly. */
  uint64(): number {
    const value = this.#view.getBigUint64(this.#advance(8));
    if (value > BigInt(Number.MAX_SAFE_INTEGER))
      throw new MalformedBoxError(`${this.type}: impossible number ${value}`);
    return Number(value);
  }

  /** Four characters; "?" for what can't be printed, which is in no code that anybody knows. */
  fourcc(): string {
    const at = this.#advance(4);
    const codes = [0, 1, 2, 3].map((index) => this.#view.getUint8(at + index));
    return String.fromCharCode(...codes).replace(/[^ -~]/g, "?");
  }

  /** Version and flags, which begin a FullBox; one that this reader was not told of makes the rest a guess. */
  versionAndFlags({ versionMax = 0, flagsKnown = 0 } = {}): { readonly version: number; readonly flags: number } {
    const word = this.uint32();
    const version = word >>> 24;
    const flags = word & 0xff_ffff;
    if (version > versionMax || (flags & ~flagsKnown) !== 0) {
      throw new MalformedBoxError(`${this.type} has version ${version} and flags 0x${flags.toString(16)}`);
    }
    return { version, flags };
  }

  /** All of the box has been read. */
  expectEnd(): void {
    if (this.remainingBytes > 0) throw new MalformedBoxError(`${this.type} has ${this.remainingBytes} bytes too many`);
  }

  skip(byteCount: number): void {
    this.#advance(byteCount);
  }

  /** Borrowed from the box. */
  bytes(byteCount: number): Uint8Array {
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + this.#advance(byteCount), byteCount);
  }

  /** The boxes that fill the rest of this one. */
  children(): BoxReader[] {
    const boxes: BoxReader[] = [];
    while (this.remainingBytes > 0) {
      const start = this.#at;
      const byteCount = this.uint32();
      const type = this.fourcc();
      if (byteCount < HEADER_BYTES || start + byteCount > this.#end) {
        throw new MalformedBoxError(`${this.type}: a box of ${byteCount} bytes does not fit into it`);
      }
      boxes.push(new BoxReader(type, this.#view, start + HEADER_BYTES, start + byteCount));
      this.#at = start + byteCount;
    }
    return boxes;
  }

  #advance(byteCount: number): number {
    const at = this.#at;
    if (byteCount > this.#end - at) throw new MalformedBoxError(`${this.type} is too short`);
    this.#at = at + byteCount;
    return at;
  }
}

/** The one box of this type among siblings. */
export function requireBox(boxes: readonly BoxReader[], type: string): BoxReader {
  const found = findBox(boxes, type);
  if (!found) throw new MalformedBoxError(`no ${type} box`);
  return found;
}

/** The box of this type among siblings, if there is one; two are an error. */
export function findBox(boxes: readonly BoxReader[], type: string): BoxReader | undefined {
  const [found, second] = boxes.filter((box) => box.type === type);
  if (second) throw new MalformedBoxError(`more than one ${type} box`);
  return found;
}
