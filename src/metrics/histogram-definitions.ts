import type { HistogramReport } from "../telemetry/histogram.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

interface HistogramDefinition {
  readonly name: string;
  readonly help: string;
  readonly read: (telemetry: Telemetry) => HistogramReport;
}

export const HISTOGRAMS: readonly HistogramDefinition[] = [
  {
    name: "csi_camera_sensor_to_dequeue_seconds",
    help: "From the beginning of a frame's exposure until it reached us.",
    read: ({ frames }) => frames.measures.sensorToDequeue.report(),
  },
  {
    name: "csi_camera_sensor_to_encoded_seconds",
    help: "From the beginning of a frame's exposure until it was encoded.",
    read: ({ frames }) => frames.measures.sensorToEncoded.report(),
  },
  {
    name: "csi_camera_sensor_to_disk_seconds",
    help: "From the beginning of a frame's exposure until it was written and synced.",
    read: ({ frames }) => frames.measures.sensorToDisk.report(),
  },
  {
    name: "csi_camera_frame_interval_seconds",
    help: "From one frame of the camera to the next, by the sensor's clock.",
    read: ({ frames }) => frames.measures.interval.report(),
  },
  {
    name: "csi_camera_event_loop_delay_seconds",
    help: "How late timers of 20 ms were, while somebody asked.",
    read: ({ eventLoopDelay }) => eventLoopDelay.histogram.report(),
  },
];
