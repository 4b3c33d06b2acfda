import { endRecordingUnasked } from "./end-recording.ts";
import type { AssignedDeviceEvents } from "./assigned-device.ts";
import { deviceError } from "./replies.ts";
import type { RuntimeContext } from "./runtime-context.ts";

interface DeviceEventsOptions {
  readonly context: () => RuntimeContext;
  /** Does it in its turn among the commands, unless the module has finished by then. */
  readonly run: (job: () => Promise<void>) => void;
}

/** What is done about the assigned device when nobody asked. */
export function deviceEvents({ context: getContext, run }: DeviceEventsOptions): AssignedDeviceEvents {
  return {
    onCameraFault: () => run(() => loseCamera(getContext())),
    onCameraBack: () => run(() => takeCameraBack(getContext())),
    onRecordingFault: () => run(() => endFailedRecording(getContext())),
    onAttemptFailed: (error, pauseMs) =>
      getContext().log.warn({ err: error, pauseMs }, "camera could not be opened again"),
    onConsumerError: (error) => getContext().log.error({ err: error }, "a consumer of frames failed"),
  };
}

async function loseCamera(context: RuntimeContext): Promise<void> {
  const { device } = context;
  const error = device?.camera?.fault;
  if (device === undefined || error === undefined) return;
  context.log.error({ deviceId: device.deviceId, err: error }, "camera failed");
  context.telemetry.cameraFailed(error.code);
  await endRecordingUnasked(context, { reason: error.code });
  device.reconnect(error);
  context.announce(deviceError(device.deviceId, error));
}

async function takeCameraBack(context: RuntimeContext): Promise<void> {
  const { device } = context;
  // A host that asked for it was answered already.
  if (device?.resume() !== true) return;
  context.log.info({ deviceId: device.deviceId }, "camera is back");
  context.announce({ status: "device_ready", payload: { device_id: device.deviceId } });
}

async function endFailedRecording(context: RuntimeContext): Promise<void> {
  const recording = context.device?.camera?.recording;
  const error = recording?.failure;
  if (recording === undefined || error === undefined) return;
  context.log.error({ videoPath: recording.videoPath, err: error }, "recording failed");
  await endRecordingUnasked(context, { reason: error.code });
}
