import type { assignDevice } from "./handlers/assign-device.ts";

/** Cameras, encoders and recordings take a while to load, and are needed once a device is assigned: `ready` comes before. */
export async function loadAssignDevice(): Promise<typeof assignDevice> {
  return (await import("./handlers/assign-device.ts")).assignDevice;
}
