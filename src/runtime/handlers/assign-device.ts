import { quote, RuntimeError, toRuntimeError } from "../../errors.ts";
import type { AssignDevice } from "../../protocol/commands.ts";
import { cameraLabel } from "../../recording/recording-names.ts";
import { loadFragmentedMp4 } from "../../recording/sample-writer.ts";
import { AssignedDevice, type AssignedDeviceOptions } from "../assigned-device.ts";
import { type CameraSelection, createSource as createOwnSource } from "../create-source.ts";
import { deviceError, nack } from "../replies.ts";
import type { RuntimeContext, UnaddressedStatus } from "../runtime-context.ts";

/** Opens the camera, also one that failed and is to be opened again, and answers once its first frame was captured. */
export async function assignDevice(
  context: RuntimeContext,
  command: AssignDevice,
  signal: AbortSignal,
): Promise<UnaddressedStatus> {
  const { device_id: deviceId } = command;
  const { device } = context;
  if (device !== undefined && device.deviceId !== deviceId) {
    const error = `${quote(device.deviceId)} is assigned, got ${quote(deviceId)}, expected unassign_device first`;
    return nack("assign_device", "device_busy", error);
  }
  try {
    if (device === undefined) await openDevice(context, command, signal);
    else await device.attemptNow();
    return { status: "device_ready", payload: { device_id: deviceId } };
  } catch (thrown) {
    const error = toRuntimeError(thrown, "camera_failed");
    context.log.warn({ deviceId, err: error }, "camera could not be assigned");
    return deviceError(deviceId, error);
  }
}

async function openDevice(context: RuntimeContext, command: AssignDevice, signal: AbortSignal): Promise<void> {
  if (command.camera_type === "usb") {
    throw new RuntimeError("camera_unsupported", 'camera_type is "usb", expected a CSI camera ("picam")');
  }
  context.openingDeviceId = command.device_id;
  // While the camera opens nobody waits for it.
  void loadFragmentedMp4().catch(() => undefined); // told when a recording wants it
  try {
    context.device = await AssignedDevice.open(deviceOptions(context, command), context.deviceEvents, signal);
  } finally {
    context.openingDeviceId = undefined;
  }
  context.telemetry.recordings.deviceAssigned();
  context.log.info({ deviceId: command.device_id, ...context.device.camera?.info }, "camera assigned");
}

function deviceOptions(context: RuntimeContext, command: AssignDevice): AssignedDeviceOptions {
  const { createSource = createOwnSource, frameConsumersOf: consumersOf } = context;
  const { camera: config } = context.config;
  const { device_id: deviceId, camera_stable_id, camera_hw_model, display_name } = command;
  const selection = selectCamera(command, config.cameraIndex ?? 0);
  return {
    deviceId,
    // The same once more: while a camera is away, its place in the list is another's.
    createSource: (known) =>
      createSource(config, known === undefined ? selection : { cameraId: known.cameraId, cameraIndex: 0 }),
    labelOf: ({ model }) => cameraLabel(camera_hw_model ?? display_name ?? model, camera_stable_id ?? deviceId),
    consumersOf,
    firstFrameTimeoutMs: config.firstFrameTimeoutMs,
    pauses: config.reconnectPausesMs,
  };
}

/** By libcamera's id where the host knows it, else by index: the field, the N of `picam:N` or `N`, the option. */
function selectCamera(command: AssignDevice, defaultIndex: number): CameraSelection {
  const { camera_stable_id: stableId, camera_index: index, device_id: deviceId } = command;
  const isLibcameraId = stableId !== undefined && stableId !== null && picamIndex(stableId) === undefined;
  if (isLibcameraId) return { cameraId: stableId, cameraIndex: 0 };
  return {
    cameraId: undefined,
    cameraIndex: index ?? picamIndex(stableId ?? "") ?? picamIndex(deviceId) ?? defaultIndex,
  };
}

/** `picam:N`, in RPi Logger's stable ids just `N`, is the N-th camera in the list sorted by id. */
function picamIndex(id: string): number | undefined {
  const match = /^(?:picam:)?(\d{1,3})$/.exec(id);
  return match === null ? undefined : Number(match[1]);
}
