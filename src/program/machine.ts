import { RuntimeError } from "../errors.ts";
import { type CameraListEntry, libcameraVersions, listCameras } from "../native/camera-list.ts";
import { encoderName } from "../native/encoder-library.ts";
import { listM2mNodes, type M2mNode } from "../native/m2m-list.ts";

/** What could be looked at, or why not. */
export type Found<Value> = { readonly value: Value } | { readonly error: RuntimeError };

export interface Cameras {
  /** In the order of `--camera-index`. */
  readonly list: readonly CameraListEntry[];
  readonly libcamera: { readonly build: string; readonly runtime: string };
}

/** What a machine has for us. */
export interface Machine {
  readonly cameras: Found<Cameras>;
  /** Names of the software encoders. */
  readonly h264: Found<string>;
  readonly mjpeg: Found<string>;
  readonly nodes: Found<readonly M2mNode[]>;
}

/** Waits for libcamera to start and opens every video node: for one-shot programs only. */
export function lookAtMachine(): Machine {
  return {
    cameras: find(() => ({ libcamera: libcameraVersions(), list: listCameras() })),
    h264: find(() => encoderName("x264")),
    mjpeg: find(() => encoderName("image")),
    nodes: find(listM2mNodes),
  };
}

function find<Value>(look: () => Value): Found<Value> {
  try {
    return { value: look() };
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    return { error };
  }
}
