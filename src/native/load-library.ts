import { dlopen, type FFIFunction, type Library } from "bun:ffi";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type ErrorCode, messageOf, RuntimeError } from "../errors.ts";

const LIBRARY_DIR = join(import.meta.dir, "../../shim/build");

/** One library per capability; a missing one disables only itself. */
export type LibraryName = "camera" | "m2m" | "x264" | "image" | "dmaheap";

const NEEDS: Record<LibraryName, { package: string; code: ErrorCode }> = {
  camera: { package: "libcamera-dev", code: "camera_unavailable" },
  m2m: { package: "linux-libc-dev", code: "encoder_unavailable" },
  x264: { package: "libx264-dev and libyuv-dev", code: "encoder_unavailable" },
  image: { package: "libturbojpeg0-dev and libyuv-dev", code: "encoder_unavailable" },
  dmaheap: { package: "linux-libc-dev", code: "camera_unavailable" },
};

/** Loads a library of the shim. Throws `camera_unavailable` or `encoder_unavailable` with what is missing and what to do. */
export function loadLibrary<const Symbols extends Record<string, FFIFunction>>(
  name: LibraryName,
  symbols: Symbols,
): Library<Symbols>["symbols"] {
  const { package: debianPackage, code } = NEEDS[name];
  const path = join(LIBRARY_DIR, `libcsi_${name}.so`);
  if (!existsSync(path)) {
    throw new RuntimeError(
      code,
      `the ${name} library is not built (${path} does not exist): it needs ${debianPackage}; "npm run setup" installs and builds it`,
    );
  }
  try {
    return dlopen(path, symbols).symbols;
  } catch (cause) {
    throw new RuntimeError(
      code,
      `the ${name} library does not load (${path}): ${messageOf(cause)}; "npm run setup" builds it again`,
      { cause },
    );
  }
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
        NEEDS[name].code,
        `the ${name} library does not match this program (struct ${which} has ${got} bytes, expected ${bytes}): "npm run setup" builds it again`,
      );
    }
  });
}
