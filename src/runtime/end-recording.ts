import type { RecordingEnding } from "../recording/recording-ending.ts";
import type { RecordingReport } from "../recording/recording-report.ts";
import { deviceError } from "./replies.ts";
import type { RuntimeContext, UnaddressedStatus } from "./runtime-context.ts";
import { warn } from "./warn.ts";

interface EndedRecording {
  readonly deviceId: string;
  readonly report: RecordingReport;
}

/** What ends a recording that no command asked to end; a command may have asked for more than that. */
export interface UnaskedEnding {
  readonly reason: string;
  readonly commandId?: string;
}

/** Ends the recording because of something else, and says so; what failed on the way is said after it. */
export async function endRecordingUnasked(
  context: RuntimeContext,
  { reason, commandId }: UnaskedEnding,
): Promise<void> {
  const ended = await endRecording(context, { reason, isAsked: false, commandId: commandId ?? null });
  if (ended === undefined) return;
  const { deviceId, report } = ended;
  context.announce(recordingStopped(ended, report.reason));
  if (report.failure !== undefined) context.announce(deviceError(deviceId, report.failure));
}

/** Ends the recording because a command asked for it, and answers that command; undefined where there is none. */
export async function endRecordingAsked(
  context: RuntimeContext,
  command: "stop_recording" | "pause" | "stop_session",
  commandId: string,
): Promise<UnaddressedStatus | undefined> {
  const ended = await endRecording(context, { reason: command, isAsked: true, commandId });
  if (ended === undefined) return undefined;
  const { deviceId, report } = ended;
  if (report.failure === undefined) return recordingStopped(ended);
  context.announce(recordingStopped(ended, report.reason));
  return deviceError(deviceId, report.failure);
}

async function endRecording(context: RuntimeContext, ending: RecordingEnding): Promise<EndedRecording | undefined> {
  const camera = context.device?.camera;
  const report = await camera?.stopRecording(ending);
  if (camera === undefined || report === undefined) return undefined;
  context.telemetry.recordings.ended(report);
  const { ledger, videoPath, reason, isBalanced, unwrittenDrops, metadataFailure, clockSteps } = report;
  context.log.info({ videoPath, ledger, clockSteps, reason }, "recording ended");
  if (!isBalanced) warn(context, "ledger_imbalance", `the ledger does not balance: ${JSON.stringify(ledger)}`);
  if (unwrittenDrops > 0) {
    warn(context, "drops_unwritten", `${unwrittenDrops} dropped frames are not in the recording's list of drops`);
  }
  if (metadataFailure !== undefined) {
    warn(context, "metadata_unwritten", `the recording's metadata are not all written: ${metadataFailure.message}`);
  }
  return { deviceId: camera.deviceId, report };
}

/** `reason`: why it ended, where no command asked for just that. */
function recordingStopped({ deviceId, report }: EndedRecording, reason?: string): UnaddressedStatus {
  const { videoPath, ledger } = report;
  return {
    status: "recording_stopped",
    payload: {
      camera_id: deviceId,
      video_path: videoPath ?? null,
      ledger,
      ...(reason === undefined ? {} : { reason }),
    },
  };
}
