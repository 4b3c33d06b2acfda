import { dlopen, type FFIFunction, type Library } from "bun:ffi";
import { existsSync } from "node:fs";
import { type ErrorCode, RuntimeError } from "../errors.ts";
import { findLibrary, type LibraryFiles, type LibraryName } from "./find-library.ts";
import { whyNotLoaded } from "./why-not-loaded.ts";

const CODES: Record<LibraryName, ErrorCode> = {
  camera: "camera_unavailable",
  m2m: "encoder_unavailable",
  x264: "encoder_unavailable",
  image: "encoder_unavailable",
  dmaheap: "camera_unavailable",
};

/**
 * Loads a library of the shim. `misfitOf`: why one that was loaded can't be used on this machine, if so. Throws
 * `camera_unavailable` or `encoder_unavailable` with what is missing and what to do.
 */
export function loadLibrary<const Symbols extends Record<string, FFIFunction>>(
  name: LibraryName,
  symbols: Symbols,
  { paths, remedy }: LibraryFiles = findLibrary(name),
  misfitOf: (loaded: Library<Symbols>["symbols"]) => string | undefined = () => undefined,
): Library<Symbols>["symbols"] {
  const failures: string[] = [];
  let cause: unknown;
  for (const path of paths) {
    if (!existsSync(path)) continue;
    try {
      const loaded = dlopen(path, symbols).symbols;
      const misfit = misfitOf(loaded);
      if (misfit === undefined) return loaded;
      failures.push(`${path}: ${misfit}`);
    } catch (error) {
      cause = error;
      failures.push(`${path}: ${whyNotLoaded(error)}`);
    }
  }
  if (failures.length > 0) {
    throw new RuntimeError(CODES[name], `the ${name} library does not load (${failures.join("; ")}): ${remedy}`, {
      cause,
    });
  }
  const where = paths.length === 0 ? "there is none" : `${paths.join(", ")} does not exist`;
  throw new RuntimeError(CODES[name], `the ${name} library is not built (${where}): ${remedy}`);
}

/** Holds the sizes of a library's structs against ours: a library of another version must not be talked to. */
export function checkStructSizes(
  name: LibraryName,
  structSize: (which: number) => number,
  expected: readonly number[],
): void {
  expected.forEach((bytes, which) => {
    const got = structSize(which);
    if (got !== bytes) {
      throw new RuntimeError(
        CODES[name],
        `the ${name} library does not match this program (struct ${which} has ${got} bytes, expected ${bytes}): ${findLibrary(name).remedy}`,
      );
    }
  });
}
