import { quote } from "../errors.ts";
import type { ModuleState } from "../module-state.ts";
import type { ModuleFacts } from "../telemetry/telemetry.ts";
import type { RuntimeContext } from "./runtime-context.ts";

type RuntimeState = "new" | "running" | "stopping" | "finished";
type Facts = Pick<RuntimeContext, "device" | "openingDeviceId" | "stopSignal">;

/** What the runtime is doing, for telemetry. */
export function moduleFacts(runtime: RuntimeState, context: Facts): ModuleFacts {
  const { device } = context;
  const camera = device?.camera;
  return {
    state: moduleState(runtime, context),
    camera: camera === undefined ? undefined : { deviceId: camera.deviceId, info: camera.info },
    cameraFault: describeFault(device),
  };
}

function moduleState(runtime: RuntimeState, { device, openingDeviceId, stopSignal }: Facts): ModuleState {
  if (runtime === "new") return "starting";
  if (runtime !== "running" || stopSignal.aborted) return "stopping";
  if (device === undefined) return openingDeviceId === undefined ? "idle" : "opening";
  if (device.camera === undefined) return "reconnecting";
  return device.camera.recording === undefined ? "streaming" : "recording";
}

/** Why the assigned device gives no frames, a sentence. */
export function describeFault(device: RuntimeContext["device"]): string | undefined {
  if (device === undefined) return undefined;
  const { camera } = device;
  const name = quote(device.deviceId);
  const fault = camera === undefined ? device.fault : camera.fault;
  if (fault !== undefined) return `${name} failed and is being opened again: ${fault.message}`;
  return camera?.isSilent === true ? `${name} delivers no frames any more` : undefined;
}
