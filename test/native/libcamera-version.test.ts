import { describe, expect, test } from "bun:test";
import { dlopen } from "bun:ffi";
import { copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RuntimeError } from "../../src/errors.ts";
import { loadCameraLibrary } from "../../src/native/camera-library.ts";
import { libcameraVersions } from "../../src/native/camera-list.ts";
import { findLibrary } from "../../src/native/find-library.ts";
import { whyNotLoaded } from "../../src/native/why-not-loaded.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { ModuleProcess } from "../support/module-process.ts";
import { runTool } from "../support/run-tool.ts";

const ROOT = join(import.meta.dir, "../..");
/** Compiled for libcamera 0.99.0, linked with the one that is here. At import: it may take longer than a test. */
const FOREIGN = join(ROOT, "shim/build/test/libcsi_camera_foreign.so");
await runTool("flock", join(ROOT, "shim/Makefile"), "make", "-C", join(ROOT, "shim"), "-s", "foreign-camera");

const OWN = findLibrary("camera").paths[0] ?? "";
const ELIBBAD = 80;
const runs = libcameraVersions().runtime;
const WHY_FOREIGN = `it was built for libcamera 0.99.0, and libcamera ${runs} runs here`;

/** The same library, as if it had been linked with a libcamera that is not there. */
function orphan(directory: TemporaryDirectory): { path: string; wanted: string; here: string } {
  const path = directory.file("libcsi_camera.so");
  const bytes = readFileSync(OWN, "latin1");
  const [here = ""] = /libcamera\.so\.[\d.]+/.exec(bytes) ?? [];
  const wanted = `${here.slice(0, -1)}9`;
  writeFileSync(path, bytes.replaceAll(here, wanted), "latin1");
  return { path, wanted, here };
}

describe("a camera library", () => {
  test("that was built for another libcamera is refused, with both versions and what to do", () => {
    const files = { paths: [FOREIGN], remedy: findLibrary("camera").remedy };
    expect(() => loadCameraLibrary(files)).toThrow(
      new RuntimeError(
        "camera_unavailable",
        `the camera library does not load (${FOREIGN}: ${WHY_FOREIGN}): "npm run setup" builds it for this machine, with libcamera-dev`,
      ),
    );
  });

  test("that was built for another libcamera lists and opens nothing, whoever asks", () => {
    const { symbols } = dlopen(FOREIGN, {
      csi_camera_list: { args: ["ptr", "u32"], returns: "i32" },
      csi_camera_open: { args: ["ptr", "ptr", "ptr"], returns: "i32" },
    });
    expect(symbols.csi_camera_list(null, 0)).toBe(-ELIBBAD);
    const [handle, wakeFd] = [new BigUint64Array(1), new Int32Array(1)];
    expect(symbols.csi_camera_open(new Uint8Array(288), handle, wakeFd)).toBe(-ELIBBAD);
    expect({ handle: handle[0], wakeFd: wakeFd[0] }).toEqual({ handle: 0n, wakeFd: 0 });
  });

  test("whose libcamera is not there is refused, with the one that is", () => {
    using directory = new TemporaryDirectory();
    const { path, wanted, here } = orphan(directory);
    expect(() => loadCameraLibrary({ paths: [path], remedy: "build it" })).toThrow(
      `the camera library does not load (${path}: it was built for ${wanted}, and this machine has ${here}): build it`,
    );
  });

  test("of a release is passed over for the next one, built for the libcamera that runs", () => {
    using directory = new TemporaryDirectory();
    const { path } = orphan(directory);
    const loaded = loadCameraLibrary({ paths: [path, FOREIGN, OWN], remedy: "" });
    expect(loaded.csi_camera_check_version()).toBe(0);
  });
});

test("where the loader's cache has none, or is not there, the sentence says so; other errors stay as they are", () => {
  using directory = new TemporaryDirectory();
  const cache = directory.file("ld.so.cache");
  const missing = new Error("libcamera.so.0.4: cannot open shared object file: No such file or directory");
  expect(whyNotLoaded(missing, cache)).toBe("it was built for libcamera.so.0.4, and this machine has none");
  const names = [
    "libcamera.so",
    "libcamera.so.0.7",
    "/lib/libcamera.so.0.7",
    "/lib/libcamera.so.0.5",
    "libcamera-base.so.1",
  ];
  writeFileSync(cache, `glibc-ld.so.cache1.1\0${names.join("\0")}\0`);
  expect(whyNotLoaded(missing, cache)).toEndWith("this machine has libcamera.so.0.5 and libcamera.so.0.7");
  expect(whyNotLoaded(new Error("file too short"), cache)).toBe("file too short");
});

test("a host that assigns a camera hears the reason, and stderr stays empty", async () => {
  using directory = new TemporaryDirectory();
  cpSync(join(ROOT, "src"), directory.file("src"), { recursive: true });
  copyFileSync(join(ROOT, "package.json"), directory.file("package.json"));
  symlinkSync(join(ROOT, "node_modules"), directory.file("node_modules"));
  mkdirSync(directory.file("shim/build"), { recursive: true });
  copyFileSync(FOREIGN, directory.file("shim/build/libcsi_camera.so"));
  await using host = new ModuleProcess([], { main: directory.file("src/main.ts") });
  const { code, error } = expectPayload(await host.ask("assign_device", { device_id: "picam:0" }), "device_error");
  expect({ code, error }).toEqual({ code: "camera_unavailable", error: expect.stringContaining(WHY_FOREIGN) });
  host.closeStdin();
  expect(await host.ending()).toEqual({ exitCode: 0, signal: null, stderr: "" });
}, 15_000);
