import type { RecordingReport } from "../recording/recording-session.ts";
import { deviceError } from "./replies.ts";
import type { RuntimeContext, UnaddressedStatus } from "./runtime-context.ts";

/** A recording that has ended, as the statuses that say so. */
interface EndedRecording {
  readonly stopped: UnaddressedStatus;
  readonly report: RecordingReport;
}

/** Ends the recording, if there is one. `reason`: why, where no command asked for just that. */
async function endRecording(context: RuntimeContext, reason?: string): Promise<EndedRecording | undefined> {
  const { camera, log } = context;
  const report = await camera?.stopRecording();
  if (camera === undefined || report === undefined) return undefined;
  const { ledger, videoPath, isBalanced, unwrittenDrops } = report;
  log.info({ videoPath, ledger, reason }, "recording ended");
  if (!isBalanced) warn(context, "ledger_imbalance", `the ledger does not balance: ${JSON.stringify(ledger)}`);
  if (unwrittenDrops > 0) {
    warn(context, "drops_unwritten", `${unwrittenDrops} dropped frames are not in the recording's list of drops`);
  }
  return {
    stopped: {
      status: "recording_stopped",
      payload: {
        camera_id: camera.deviceId,
        video_path: videoPath ?? null,
        ledger,
        ...(reason === undefined ? {} : { reason }),
      },
    },
    report,
  };
}

function warn(context: RuntimeContext, code: string, message: string): void {
  context.log.warn({ code }, message);
  context.announce({ status: "warning", payload: { message, code } });
}

/** Ends the recording because of something else, and says so; what failed on the way is said after it. */
export async function endRecordingUnasked(context: RuntimeContext, reason: string): Promise<void> {
  const deviceId = context.camera?.deviceId ?? null;
  const ended = await endRecording(context, reason);
  if (ended === undefined) return;
  context.announce(ended.stopped);
  if (ended.report.failure !== undefined) context.announce(deviceError(deviceId, ended.report.failure));
}

/** Ends the recording because a command asked for it, and answers that command. */
export async function endRecordingAsked(context: RuntimeContext): Promise<UnaddressedStatus | undefined> {
  const deviceId = context.camera?.deviceId ?? null;
  const ended = await endRecording(context);
  if (ended === undefined) return undefined;
  const { failure } = ended.report;
  if (failure === undefined) return ended.stopped;
  if (ended.stopped.status === "recording_stopped") {
    context.announce({ ...ended.stopped, payload: { ...ended.stopped.payload, reason: failure.code } });
  }
  return deviceError(deviceId, failure);
}
