import { quote, RuntimeError } from "../../errors.ts";
import type { UnassignDevice } from "../../protocol/commands.ts";
import { endRecordingUnasked, type UnaskedEnding } from "../end-recording.ts";
import { deviceError, nack } from "../replies.ts";
import type { RuntimeContext, UnaddressedStatus } from "../runtime-context.ts";

/** `device_unassigned` says that the camera is free for others: it waits for that. */
const CLOSE_ASKED_MS = 10_000;

/** Stops any recording and releases the camera; ends the attempts to have it back. */
export async function unassignDevice(
  context: RuntimeContext,
  command: Pick<UnassignDevice, "device_id">,
  commandId: string,
): Promise<UnaddressedStatus> {
  const { device } = context;
  const wanted = command.device_id ?? device?.deviceId;
  if (device !== undefined && wanted !== undefined && wanted !== device.deviceId) {
    const error = `${quote(wanted)} is not assigned, ${quote(device.deviceId)} is`;
    return nack("unassign_device", "no_device", error);
  }
  const closed = await releaseDevice(context, { reason: "unassign", commandId }, CLOSE_ASKED_MS, context.stopSignal);
  if (!closed) {
    const message = `the camera did not close in time, expected it within ${CLOSE_ASKED_MS / 1000} s`;
    return deviceError(device?.deviceId ?? null, new RuntimeError("camera_failed", message));
  }
  return { status: "device_unassigned", payload: { device_id: device?.deviceId ?? null, port_released: true } };
}

/** Ends any recording, which is said with the ending's reason, and closes the camera. False where that failed or took too long. */
export async function releaseDevice(
  context: RuntimeContext,
  ending: UnaskedEnding,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  await endRecordingUnasked(context, ending);
  const { device } = context;
  context.device = undefined;
  context.telemetry.recordings.deviceReleased();
  return (await device?.close(timeoutMs, signal)) ?? true;
}
