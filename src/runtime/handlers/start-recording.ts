import { resolve } from "node:path";
import { quote, shorten, toRuntimeError } from "../../errors.ts";
import type { StartRecording } from "../../protocol/commands.ts";
import { deviceError, nack, noCamera } from "../replies.ts";
import type { RuntimeContext, UnaddressedStatus } from "../runtime-context.ts";
import { warn } from "../warn.ts";

/** Characters of why this encoder was taken, which may be a driver's words. */
const REASON_MAX = 200;

/** Begins to record: the files are there, the encoder is open, the next frame is the first. */
export async function startRecording(
  context: RuntimeContext,
  command: StartRecording,
  commandId: string,
): Promise<UnaddressedStatus> {
  const { config } = context;
  const { command: name } = command;
  const camera = context.device?.camera;
  if (camera === undefined) return noCamera(context, name);
  if (camera.recording !== undefined) {
    const error = `trial ${camera.recording.trial.trialNumber} is being recorded, expected stop_recording first`;
    return nack(name, "already_recording", error);
  }
  const sessionDir = command.session_dir ?? context.sessionDir;
  if (sessionDir === undefined) {
    return nack(name, "bad_command", "no session_dir, expected one here or a start_session before");
  }
  const trialNumber = Math.max(1, command.trial_number ?? context.lastTrialNumber + 1);
  const trial = {
    sessionDir: resolve(sessionDir),
    cameraLabel: camera.label,
    deviceId: camera.deviceId,
    trialNumber,
    trialLabel: command.trial_label ?? "",
    startCommandId: commandId,
  };
  try {
    const { openEncoder, frameDrops: dropLog, isWatched, telemetry } = context;
    const { recording, encoder } = await camera.startRecording(trial, config.camera, {
      openEncoder,
      dropLog,
      watch: isWatched ? telemetry.frames : undefined,
      onWarning: (code, message) => warn(context, code, message),
    });
    telemetry.recordingStarted(recording);
    context.lastTrialNumber = trialNumber;
    const { videoPath } = recording;
    context.log.info({ videoPath, encoder: encoder.info, encoderReason: encoder.reason }, "recording started");
    return {
      status: "recording_started",
      payload: {
        video_path: videoPath,
        camera_id: camera.deviceId,
        trial_number: trialNumber,
        encoder: encoder.info.name,
        zero_copy: encoder.info.zeroCopy,
        encoder_reason: shorten(encoder.reason, REASON_MAX),
      },
    };
  } catch (thrown) {
    const error = toRuntimeError(thrown);
    context.telemetry.recordings.startFailed(error);
    context.log.error({ err: error, sessionDir: quote(sessionDir, 500) }, "recording could not be started");
    return deviceError(camera.deviceId, error);
  }
}
