import { AppendFile } from "../../src/recording/append-file.ts";

/** One change of one file, as the system was asked for it. */
type Operation =
  | { readonly file: string; readonly kind: "write"; readonly at: number; readonly bytes: Buffer }
  | { readonly file: string; readonly kind: "truncate"; readonly byteCount: number }
  | { readonly file: string; readonly kind: "create" | "sync" }
  /** In place of what is there. */
  | { readonly file: string; readonly kind: "rename"; readonly to: string };

/** Draws a whole number from 0 to `max`. */
type Draw = (max: number) => number;

/** Numbers that look drawn, the same for the same seed. */
export function drawFrom(seed: number): Draw {
  let state = seed | 1;
  return (max) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % (max + 1);
  };
}

/** All that was done to some files, in order: whatever an end of the process or of the power may leave can be made of it. */
export class FileHistory {
  readonly operations: Operation[] = [];
  readonly #initial = new Map<string, Buffer>();

  /** `initial`: what the file holds already; on the disk if `isSynced`. */
  watch(file: AppendFile, initial: Uint8Array, { isSynced }: { isSynced: boolean }): void {
    const { path } = file;
    this.#initial.set(path, Buffer.from(isSynced ? initial : []));
    if (!isSynced) this.operations.push({ file: path, kind: "write", at: 0, bytes: Buffer.from(initial) });
    this.#follow(file);
  }

  /** Watches each file that is made from now on, until the result is disposed of. */
  watchNewFiles(): Disposable {
    const create = AppendFile.create.bind(AppendFile);
    AppendFile.create = async (path) => {
      this.operations.push({ file: path, kind: "create" });
      const file = await create(path);
      this.#follow(file);
      return file;
    };
    return { [Symbol.dispose]: () => void (AppendFile.create = create) };
  }

  #follow(file: AppendFile): void {
    const { path } = file;
    const overwrite = file.overwrite.bind(file);
    const truncate = file.truncate.bind(file);
    const datasync = file.datasync.bind(file);
    const moveTo = file.moveTo.bind(file);
    file.overwrite = async (at, bytes) => {
      this.operations.push({ file: path, kind: "write", at, bytes: Buffer.concat([bytes].flat()) });
      await overwrite(at, bytes);
    };
    file.truncate = async (byteCount) => {
      this.operations.push({ file: path, kind: "truncate", byteCount });
      await truncate(byteCount);
    };
    file.datasync = async () => {
      await datasync();
      this.operations.push({ file: path, kind: "sync" });
    };
    file.moveTo = async (to) => {
      this.operations.push({ file: path, kind: "rename", to });
      await moveTo(to);
    };
  }

  /** After the process was killed in operation `count`; of what that wrote, `lastSectors` sectors got through. */
  afterKill(count: number, lastSectors = Number.POSITIVE_INFINITY): Map<string, Buffer> {
    const files = new Map(this.#initial);
    const operations = this.operations.slice(0, count);
    const last = operations.at(-1)?.kind === "write" ? operations.pop() : undefined;
    for (const operation of operations) apply(files, operation);
    if (last?.kind === "write") for (const sector of [...sectors(last)].slice(0, lastSectors)) apply(files, sector);
    return files;
  }

  /**
   * After the power went when `count` operations had been asked for. What was synced is there; of the rest, any sector
   * may be there or not, and a file may have got any length up to what it was to have, with zeros where nothing is.
   */
  afterPowerCut(count: number, draw: Draw): Map<string, Buffer> {
    const files = new Map(this.#initial);
    const operations = this.operations.slice(0, count);
    for (const [index, operation] of operations.entries()) {
      const isSynced = operations.slice(index).some(({ file, kind }) => file === operation.file && kind === "sync");
      if (operation.kind !== "write" || isSynced) {
        if (isSynced || draw(1) === 0) apply(files, operation);
        continue;
      }
      const { file, at, bytes } = operation;
      const sizeBefore = files.get(file)?.length ?? 0;
      for (const sector of sectors(operation)) if (draw(1) === 0) apply(files, sector);
      const growth = Math.max(0, at + bytes.length - sizeBefore);
      apply(files, { file, kind: "truncate", byteCount: sizeBefore + (draw(1) === 0 ? growth : draw(growth)) });
    }
    return files;
  }
}

/** A disk writes so many bytes at once, all of them or none, and a kill splits no write within as many. */
const SECTOR_BYTES = 512;

/** A write as the writes of the sectors that it touches. */
function* sectors({ file, kind, at, bytes }: Extract<Operation, { kind: "write" }>): Generator<Operation> {
  for (let start = at; start < at + bytes.length; ) {
    const end = Math.min(at + bytes.length, start - (start % SECTOR_BYTES) + SECTOR_BYTES);
    yield { file, kind, at: start, bytes: bytes.subarray(start - at, end - at) };
    start = end;
  }
}

function apply(files: Map<string, Buffer>, operation: Operation): void {
  const { file, kind } = operation;
  const old = files.get(file) ?? Buffer.alloc(0);
  if (kind === "create") files.set(file, Buffer.alloc(0));
  if (kind === "rename") {
    files.set(operation.to, old);
    files.delete(file);
  }
  if (kind === "truncate") {
    const { byteCount } = operation;
    files.set(file, Buffer.concat([old.subarray(0, byteCount), Buffer.alloc(Math.max(0, byteCount - old.length))]));
  }
  if (kind !== "write" || operation.bytes.length === 0) return;
  const grown = Buffer.alloc(Math.max(old.length, operation.at + operation.bytes.length));
  grown.set(old);
  grown.set(operation.bytes, operation.at);
  files.set(file, grown);
}
