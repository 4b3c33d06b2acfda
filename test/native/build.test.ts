import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SHIM = join(import.meta.dir, "../../shim");

function make(...variables: string[]): { status: number; out: string; errors: string } {
  const { exitCode, stdout, stderr } = Bun.spawnSync(["make", "-C", SHIM, ...variables]);
  return { status: exitCode, out: stdout.toString(), errors: stderr.toString() };
}

/**
 * A compiler that takes the object which the whole build has made of the same source with the same flags, and compiles
 * where there is none: $1 is the folder that is built into.
 */
const COMPILER = `#!/bin/sh
folder=$1 whole=${SHIM}/build
shift
for last; do :; done
case "$*" in
  *" -MMD -MP -c "*" -o "*)
    made=$whole\${last#"$folder"} flags=\${*%% -MMD *}
    if [ -f "$made" ] && tr -s " " <"$whole/settings" | grep -qF -e "$flags"; then exec cp "$made" "$last"; fi ;;
esac
exec c++ "$@"
`;

test("where a dependency is missing its library is left out, with the package's name, and the build succeeds", () => {
  const folder = mkdtempSync(join(tmpdir(), "csi-build-"));
  try {
    const stale = join(folder, "libcsi_camera.so");
    writeFileSync(stale, "from an earlier build");
    const compiler = join(folder, "compiler");
    writeFileSync(compiler, COMPILER);
    make();
    const { status, out } = make("-j2", `BUILD=${folder}`, "PKG_CONFIG=false", `CXX=sh ${compiler} ${folder}`);
    expect(status).toBe(0);
    expect(out).toContain("libcsi_camera.so is left out: install libcamera-dev to have it");
    expect(out).toContain("libcsi_x264.so is left out: install libx264-dev to have it");
    expect(out).toContain("libcsi_image.so is left out: install libturbojpeg0-dev to have it");
    expect(existsSync(stale)).toBe(false);
    // These need no package.
    for (const name of ["m2m", "dmaheap"]) expect(existsSync(join(folder, `libcsi_${name}.so`))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 120_000);

test("a make with nothing to do is quiet and quick", () => {
  make();
  const start = performance.now();
  const { status, out, errors } = make("--no-print-directory");
  expect({ status, out, errors }).toEqual({ status: 0, out: "", errors: "" });
  expect(performance.now() - start).toBeLessThan(1000); // tens of milliseconds, on a machine of one's own
}, 120_000);
