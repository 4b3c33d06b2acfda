import { quote } from "../../errors.ts";
import type { UnassignDevice } from "../../protocol/commands.ts";
import { endRecordingUnasked } from "../end-recording.ts";
import { nack } from "../replies.ts";
import type { RuntimeContext, UnaddressedStatus } from "../runtime-context.ts";

/** Stops any recording and releases the camera. */
export async function unassignDevice(context: RuntimeContext, command: UnassignDevice): Promise<UnaddressedStatus> {
  const { camera } = context;
  const wanted = command.device_id ?? camera?.deviceId;
  if (camera !== undefined && wanted !== undefined && wanted !== camera.deviceId) {
    const error = `${quote(wanted)} is not assigned, ${quote(camera.deviceId)} is`;
    return nack("unassign_device", "no_device", error);
  }
  await releaseCamera(context, "unassign");
  return { status: "device_unassigned", payload: { device_id: camera?.deviceId ?? null, port_released: true } };
}

/** Ends any recording, which is said with `reason`, and closes the camera. */
export async function releaseCamera(context: RuntimeContext, reason: string): Promise<void> {
  await endRecordingUnasked(context, reason);
  await context.camera?.close();
  context.camera = undefined;
}
