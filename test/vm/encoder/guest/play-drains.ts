import type { NativeEncoderEvent } from "../../../../src/native/encoder-library.ts";
import { DrivenEncoder } from "../../../native/driven-encoder.ts";
import { drainParts, streamCases } from "../plan.ts";
import { paintedFormat, paintedFrame } from "./frames.ts";
import { fwhtConfig } from "./fwht-config.ts";
import type { Journal } from "./journal.ts";
import { JournaledEncoder } from "./journaled-encoder.ts";

const config = fwhtConfig(paintedFormat(streamCases.burst), streamCases.burst.queueFramesMax);

/** Drains encoders that had no frame, or no time. */
export async function playDrains(journal: Journal): Promise<void> {
  for (const { part, frameCount, isOpen } of drainParts) {
    journal.note({ kind: "part", name: part });
    if (isOpen) await playOpen(journal);
    else await playOpening(journal, frameCount);
  }
}

async function playOpen(journal: Journal): Promise<void> {
  await using encoder = await JournaledEncoder.open(journal, config);
  await encoder.drain();
}

/** The program's own class hands an encoder out when it is open: this takes the binding below it. */
async function playOpening(journal: Journal, frameCount: number): Promise<void> {
  await using encoder = new DrivenEncoder("m2m", config);
  for (let index = 0; index < frameCount; index++) {
    const { planes, sensorTimestampNs } = paintedFrame(streamCases.burst, index);
    encoder.submit({ planes, memory: [] }, sensorTimestampNs);
    journal.note({
      kind: "submitted",
      timestamp_ns: Number(sensorTimestampNs),
      address: planes[0]?.address ?? 0,
    });
  }
  journal.note({ kind: "drain" });
  for (const event of await encoder.drain()) noteEvent(journal, encoder, event);
  journal.note({ kind: "closed", copied_frames: encoder.native.info.copiedFrames });
}

function noteEvent(journal: Journal, { native }: DrivenEncoder, event: NativeEncoderEvent): void {
  switch (event.kind) {
    case "opened":
      journal.note({ kind: "opened", name: native.info.name, zero_copy: native.info.zeroCopy });
      break;
    case "released":
      journal.note({ kind: "released", timestamp_ns: Number(event.timestampNs) });
      break;
    case "packet": {
      const { timestampNs, isKey, data } = event;
      journal.note({ kind: "packet", timestamp_ns: Number(timestampNs), is_key: isKey, byte_count: data.length });
      break;
    }
    case "skipped":
      journal.note({ kind: "skipped", timestamp_ns: Number(event.timestampNs), reason: event.reason });
      break;
    case "restarted":
      journal.note({ kind: "warning", code: "encoder_restarted", message: event.sentence });
      break;
    case "drained":
      journal.note({ kind: "drained" });
      break;
    case "failed":
      journal.note({ kind: "failed", code: native.failure().code, message: native.failure().message });
      break;
  }
}
