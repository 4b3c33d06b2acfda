import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { isCompiled } from "../own-command.ts";
import { systemErrorCode } from "../system-error.ts";

/** One library per capability; a missing one disables only itself. */
export type LibraryName = "camera" | "m2m" | "x264" | "image" | "dmaheap";

/** What each needs: Debian's packages to compile it, and to run it. */
const PACKAGES: Record<LibraryName, { compiled: string; run: string }> = {
  camera: { compiled: "libcamera-dev", run: "libcamera0.0.3 (Debian 12) or libcamera0.4 (Debian 13)" },
  m2m: { compiled: "linux-libc-dev", run: "libstdc++6" },
  x264: { compiled: "libx264-dev and libyuv-dev", run: "libx264-164 and libyuv0" },
  image: { compiled: "libturbojpeg0-dev and libyuv-dev", run: "libturbojpeg0 and libyuv0" },
  dmaheap: { compiled: "linux-libc-dev", run: "libstdc++6" },
};

/** A library's files, of which the first one that loads is taken, and what to do where none does. */
export interface LibraryFiles {
  readonly paths: readonly string[];
  readonly remedy: string;
}

/**
 * In a checkout the file is in `shim/build`, whether it was built or not. In a release those that exist in the folders
 * beside the executable: `lib/built-here` (what `install.sh --build` made for this machine), then `lib/debian-12` and on,
 * of which the libraries of another Debian's libcamera do not load.
 */
export function findLibrary(name: LibraryName, main = Bun.main, executable = process.execPath): LibraryFiles {
  const file = `libcsi_${name}.so`;
  const { compiled, run } = PACKAGES[name];
  if (!isCompiled(main)) {
    return {
      paths: [join(import.meta.dir, "../../shim/build", file)],
      remedy: `"npm run setup" builds it for this machine, with ${compiled}`,
    };
  }
  const folder = dirname(executable);
  return {
    paths: filesNamed(file, join(folder, "lib")),
    remedy: `it needs ${run}; with other versions of these, "sh ${join(folder, "install.sh")} --build" builds it here`,
  };
}

function filesNamed(file: string, folder: string): string[] {
  try {
    const found = readdirSync(folder, { recursive: true, encoding: "utf8" });
    return found
      .filter((path) => path.endsWith(`/${file}`))
      .sort()
      .map((path) => join(folder, path));
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return [];
    throw error;
  }
}
