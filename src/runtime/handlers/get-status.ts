import { shorten } from "../../errors.ts";
import { describeFault } from "../module-facts.ts";
import type { RuntimeContext, UnaddressedStatus } from "../runtime-context.ts";

/** Characters; with a path beside them, twice and escaped, a line must stay below 64 KiB. */
const TEXT_MAX = 200;

/** Tells what the module is doing. */
export function getStatus(context: RuntimeContext): UnaddressedStatus {
  const { device } = context;
  const recording = device?.camera?.recording;
  const fault = describeFault(device);
  return {
    status: "status_report",
    payload: {
      state: context.telemetry.state,
      device_id: device?.deviceId ?? null,
      fault: fault === undefined ? null : shorten(fault, TEXT_MAX),
      recording:
        recording === undefined
          ? null
          : {
              video_path: recording.videoPath,
              trial_number: recording.trial.trialNumber,
              trial_label: shorten(recording.trial.trialLabel, TEXT_MAX),
              ledger: recording.progress.ledger,
            },
    },
  };
}
