import { existsSync } from "node:fs";
import { libcameraVersions } from "../../../src/native/camera-list.ts";
import { findLibrary } from "../../../src/native/find-library.ts";

/** Why `camera-thread.ts` can't be run here; undefined: it can. */
export function cameraThreadObstacle(): string | undefined {
  if (!findLibrary("camera").paths.some((path) => existsSync(path))) return "libcsi_camera.so is not built";
  const { build } = libcameraVersions();
  return build.startsWith("0.0.") ? undefined : `libcamera ${build} installs no headers of its threads; 0.0 does`;
}
