import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { runTool } from "./run-tool.ts";

const LIBRARY = join(import.meta.dir, "../../shim/build/test/libfaults.so");
const SOURCES = join(import.meta.dir, "../native/faults");
// At import: the first build takes longer than a test may. One process at a time.
await runTool("flock", join(SOURCES, "Makefile"), "make", "-C", SOURCES, "-s");

// `struct Faults` of test/native/faults/faults.cpp: two int64.
const BYTES = 16;
const WALL_CLOCK_OFFSET_AT = 0;
const X264_FAILS_AT = 8;

/** Faults that can be switched on in a running child process that gets `env`. Dispose of it after the child. */
export class Faults implements Disposable {
  readonly #directory = new TemporaryDirectory();
  readonly #fd: number;
  readonly env: Readonly<Record<string, string>>;

  constructor() {
    const path = this.#directory.file("faults");
    this.#fd = openSync(path, "w");
    writeSync(this.#fd, new Uint8Array(BYTES));
    this.env = { LD_PRELOAD: LIBRARY, CSI_TEST_FAULTS: path };
  }

  /** From now on the wall clock is so far ahead of the true one. */
  setWallClock(offsetSeconds: number): void {
    this.#write(WALL_CLOCK_OFFSET_AT, BigInt(offsetSeconds) * 1_000_000_000n);
  }

  /** libx264 encodes nothing any more. */
  failX264(): void {
    this.#write(X264_FAILS_AT, 1n);
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
    this.#directory[Symbol.dispose]();
  }

  #write(position: number, value: bigint): void {
    writeSync(this.#fd, BigInt64Array.of(value), 0, 8, position);
  }
}
