import type { Library } from "bun:ffi";
import type { ErrorCode } from "../errors.ts";
import type { LibraryFiles } from "./find-library.ts";
import { LAYOUT_BYTES } from "./layout-struct.ts";
import { checkStructSizes, loadLibrary } from "./load-library.ts";
import { cString } from "./struct.ts";

const SYMBOLS = {
  csi_camera_struct_size: { args: ["u32"], returns: "u32" },
  csi_camera_build_version: { args: [], returns: "cstring" },
  csi_camera_runtime_version: { args: [], returns: "cstring" },
  csi_camera_check_version: { args: [], returns: "i32" },
  csi_camera_list: { args: ["ptr", "u32"], returns: "i32" },
  csi_camera_open: { args: ["ptr", "ptr", "ptr"], returns: "i32" },
  csi_camera_take: { args: ["ptr", "ptr"], returns: "i32" },
  csi_camera_stream: { args: ["ptr", "ptr"], returns: "i32" },
  csi_camera_buffer: { args: ["ptr", "u32", "ptr"], returns: "i32" },
  csi_camera_release: { args: ["ptr", "u32"], returns: "i32" },
  csi_camera_overflow_count: { args: ["ptr"], returns: "u64" },
  csi_camera_error: { args: ["ptr"], returns: "cstring" },
  csi_camera_close: { args: ["ptr"], returns: "i32" },
  csi_camera_destroy: { args: ["ptr"], returns: "i32" },
} as const;

/** Bytes of the structs of csi_camera.h, and of the texts in them. */
export const CAMERA_BYTES = { text: 256, config: 288, stream: 560, buffer: 72, event: 48, info: 520 } as const;

// errno.h
const EBUSY = 16;
const ENODEV = 19;
const ENOTSUP = 95;

type CameraLibrary = Library<typeof SYMBOLS>["symbols"];

let loaded: CameraLibrary | undefined;

/** Loads it anew. Throws `camera_unavailable` where none of the files can be used with this machine's libcamera. */
export function loadCameraLibrary(files?: LibraryFiles): CameraLibrary {
  const symbols = loadLibrary("camera", SYMBOLS, files, misfitOf);
  checkStructSizes("camera", symbols.csi_camera_struct_size, [
    CAMERA_BYTES.config,
    CAMERA_BYTES.stream,
    CAMERA_BYTES.buffer,
    CAMERA_BYTES.event,
    CAMERA_BYTES.info,
    LAYOUT_BYTES,
  ]);
  return symbols;
}

function misfitOf(native: CameraLibrary): string | undefined {
  if (native.csi_camera_check_version() === 0) return undefined;
  const { build, runtime } = versionsOf(native);
  return `it was built for libcamera ${build}, and libcamera ${runtime} runs here`;
}

/** libcamera's version: of the headers that the shim was built with, and of the library that runs, each as `0.4.0` at least. */
export function versionsOf(native: CameraLibrary): { build: string; runtime: string } {
  return { build: cString(native.csi_camera_build_version()), runtime: cString(native.csi_camera_runtime_version()) };
}

/** The camera library, loaded once. Throws `camera_unavailable` where it is not built, or for another libcamera. */
export function cameraLibrary(): CameraLibrary {
  loaded ??= loadCameraLibrary();
  return loaded;
}

/** A negative result of the library, as a code that a host can act on. */
export function codeOf(result: number): ErrorCode {
  switch (-result) {
    case ENODEV:
      return "camera_not_found";
    case EBUSY:
      return "camera_busy";
    case ENOTSUP:
      return "camera_unsupported";
    default:
      return "camera_failed";
  }
}
