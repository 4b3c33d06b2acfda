import { RuntimeError } from "../../src/errors.ts";
import type { Machine } from "../../src/program/machine.ts";

/** A machine with cameras of these models, or why they can't be listed, and without hardware encoders. */
export function machineWith(models: readonly string[] | string): Machine {
  return {
    cameras:
      typeof models === "string"
        ? { error: new RuntimeError("camera_unavailable", models) }
        : {
            value: {
              libcamera: { runtime: "0.4.0", build: "0.4.0" },
              list: models.map((model, index) => ({
                id: `/base/camera@${index}`,
                model,
                nativeWidth: 1456,
                nativeHeight: 1088,
              })),
            },
          },
    h264: { value: "libx264 core 164" },
    mjpeg: { error: new RuntimeError("encoder_unavailable", "libcsi_image.so is not built") },
    nodes: { value: [] },
  };
}
