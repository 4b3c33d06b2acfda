import type { BenchOptions } from "./options.ts";
import type { Row } from "./row.ts";
import { cameraThreadRows } from "./rows/camera-thread.ts";
import { hardwareEncoderRows } from "./rows/hardware-encoder.ts";
import { memoryRows } from "./rows/memory.ts";
import { previewRows } from "./rows/preview.ts";
import { realTimeRows } from "./rows/real-time-rate.ts";
import { stillCameraRows } from "./rows/still-camera.ts";

/** What is not measured against another program. Rounds are three here: most of it takes its time in real time. */
export const OTHER_ROUNDS = 3;

export async function otherRows(
  folder: string,
  { codecs, seconds }: BenchOptions,
  onRun: (sentence: string) => void,
): Promise<Row[]> {
  const rows: Row[] = [];
  onRun("V4L2 encoder");
  rows.push(...(await hardwareEncoderRows(OTHER_ROUNDS)));
  onRun("libcamera's thread");
  rows.push(...(await cameraThreadRows(OTHER_ROUNDS, seconds)));
  onRun("waking for frames");
  rows.push(...(await stillCameraRows(OTHER_ROUNDS, seconds)));
  onRun("previews");
  rows.push(...(await previewRows(OTHER_ROUNDS)));
  onRun("memory");
  rows.push(...(await memoryRows(folder, OTHER_ROUNDS, seconds)));
  onRun("highest rates");
  rows.push(...(await realTimeRows(folder, codecs, seconds)));
  return rows;
}
