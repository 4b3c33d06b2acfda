import { resolve } from "node:path";
import { RuntimeError, toRuntimeError } from "../../errors.ts";
import type { TakeSnapshot } from "../../protocol/commands.ts";
import { compactLocalTime } from "../../protocol/local-time.ts";
import { writeSnapshot } from "../../recording/snapshot-file.ts";
import type { AssignedCamera } from "../assigned-camera.ts";
import { nack, noCamera } from "../replies.ts";
import type { RuntimeContext, UnaddressedStatus } from "../runtime-context.ts";

/** A camera that is well gives a frame that nobody needs within this time, however busy the recording is. */
const FRAME_MS_MIN = 3000;
/** One of long exposures takes longer. */
const FRAME_DURATIONS = 5;

/** Puts the camera's next spare frame into the session directory, as a JPEG of full size. */
export async function takeSnapshot(
  context: RuntimeContext,
  command: TakeSnapshot,
  signal: AbortSignal,
): Promise<UnaddressedStatus> {
  const camera = context.device?.camera;
  if (camera === undefined) return noCamera(context, "take_snapshot");
  const sessionDir = command.session_dir ?? camera.recording?.trial.sessionDir ?? context.sessionDir;
  if (sessionDir === undefined) {
    return nack("take_snapshot", "bad_command", "no session_dir, expected one here or a start_session before");
  }
  try {
    const { jpeg, width, height, sensorTimestampNs } = await takeStill(context, camera, signal);
    const place = { sessionDir: resolve(sessionDir), cameraLabel: camera.label };
    const path = await writeSnapshot(place, compactLocalTime(new Date()), jpeg);
    context.log.info({ path }, "snapshot taken");
    const sensor_timestamp_ns = String(sensorTimestampNs);
    return {
      status: "snapshot_taken",
      payload: { camera_id: camera.deviceId, path, width, height, sensor_timestamp_ns },
    };
  } catch (thrown) {
    const error = toRuntimeError(thrown);
    context.log.warn({ err: error }, "a snapshot could not be taken");
    // No device_error: hosts take that for a camera, or a recording, that is lost.
    return nack("take_snapshot", error.code, error.message);
  }
}

async function takeStill({ stills }: RuntimeContext, { info }: AssignedCamera, signal: AbortSignal) {
  const timeoutMs = Math.max(FRAME_MS_MIN, (FRAME_DURATIONS * info.frameDurationNs) / 1e6);
  const timeout = new AbortController();
  const error = new RuntimeError("camera_stalled", `no frame could be spared within ${timeoutMs / 1000} s`);
  const timer = setTimeout(() => timeout.abort(error), timeoutMs);
  try {
    return await stills.take(AbortSignal.any([signal, timeout.signal]));
  } finally {
    clearTimeout(timer);
  }
}
