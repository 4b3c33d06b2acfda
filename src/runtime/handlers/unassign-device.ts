import { quote, RuntimeError } from "../../errors.ts";
import type { UnassignDevice } from "../../protocol/commands.ts";
import { endRecordingUnasked } from "../end-recording.ts";
import { deviceError, nack } from "../replies.ts";
import type { RuntimeContext, UnaddressedStatus } from "../runtime-context.ts";

/** `device_unassigned` says that the camera is free for others: it waits for that. */
const CLOSE_ASKED_MS = 10_000;

/** Stops any recording and releases the camera. */
export async function unassignDevice(context: RuntimeContext, command: UnassignDevice): Promise<UnaddressedStatus> {
  const { camera } = context;
  const wanted = command.device_id ?? camera?.deviceId;
  if (camera !== undefined && wanted !== undefined && wanted !== camera.deviceId) {
    const error = `${quote(wanted)} is not assigned, ${quote(camera.deviceId)} is`;
    return nack("unassign_device", "no_device", error);
  }
  const closed = await releaseCamera(context, "unassign", CLOSE_ASKED_MS, context.stopSignal);
  if (!closed) {
    const message = `the camera did not close in time, expected it within ${CLOSE_ASKED_MS / 1000} s`;
    return deviceError(camera?.deviceId ?? null, new RuntimeError("camera_failed", message));
  }
  return { status: "device_unassigned", payload: { device_id: camera?.deviceId ?? null, port_released: true } };
}

/** Ends any recording, which is said with `reason`, and closes the camera. False where that failed or took too long. */
export async function releaseCamera(
  context: RuntimeContext,
  reason: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  await endRecordingUnasked(context, reason);
  const { camera } = context;
  context.camera = undefined;
  return (await camera?.close(timeoutMs, signal)) ?? true;
}
