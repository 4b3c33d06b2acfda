import type { BenchOptions } from "./options.ts";
import type { Row } from "./row.ts";
import { cameraThreadRow } from "./rows/camera-thread.ts";
import { hardwareEncoderRow } from "./rows/hardware-encoder.ts";
import { memoryRow } from "./rows/memory.ts";
import { previewRow } from "./rows/preview.ts";
import { realTimeRows } from "./rows/real-time-rate.ts";
import { stillCameraRows } from "./rows/still-camera.ts";

/** What is not measured against another program. Rounds are three here: most of it takes its time in real time. */
const ROUNDS = 3;

export async function otherRows(
  folder: string,
  { codecs, seconds }: BenchOptions,
  onRun: (sentence: string) => void,
): Promise<Row[]> {
  const rows: Row[] = [];
  onRun("V4L2 encoder");
  rows.push(await hardwareEncoderRow(ROUNDS));
  onRun("libcamera's thread");
  rows.push(await cameraThreadRow(ROUNDS, seconds));
  onRun("waking for frames");
  rows.push(...(await stillCameraRows(ROUNDS, seconds)));
  onRun("previews");
  rows.push(await previewRow(ROUNDS));
  onRun("memory");
  rows.push(await memoryRow(folder, ROUNDS, seconds));
  onRun("highest rates");
  rows.push(...(await realTimeRows(folder, codecs, seconds)));
  return rows;
}
