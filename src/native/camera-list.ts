import { RuntimeError } from "../errors.ts";
import { CAMERA_BYTES, cameraLibrary, codeOf, versionsOf } from "./camera-library.ts";
import { readText } from "./struct.ts";

const CAMERAS_MAX = 16;

export interface CameraListEntry {
  readonly id: string;
  readonly model: string;
  readonly nativeWidth: number;
  readonly nativeHeight: number;
}

/** libcamera's version: of the headers that the shim was built with, and of the library that runs. */
export function libcameraVersions(): { build: string; runtime: string } {
  return versionsOf(cameraLibrary());
}

/** The cameras that libcamera sees, sorted by id, without USB ones. Waits for libcamera to start: for one-shot programs only. */
export function listCameras(): CameraListEntry[] {
  const out = new Uint8Array(CAMERA_BYTES.info * CAMERAS_MAX);
  const count = cameraLibrary().csi_camera_list(out, CAMERAS_MAX);
  if (count < 0) throw new RuntimeError(codeOf(count), `libcamera could not list the cameras (errno ${-count})`);
  return Array.from({ length: Math.min(count, CAMERAS_MAX) }, (_, index) => {
    const info = out.subarray(index * CAMERA_BYTES.info, (index + 1) * CAMERA_BYTES.info);
    const view = new DataView(info.buffer, info.byteOffset);
    return {
      id: readText(info, 0, CAMERA_BYTES.text),
      model: readText(info, CAMERA_BYTES.text, CAMERA_BYTES.text),
      nativeWidth: view.getUint32(2 * CAMERA_BYTES.text, true),
      nativeHeight: view.getUint32(2 * CAMERA_BYTES.text + 4, true),
    };
  });
}
