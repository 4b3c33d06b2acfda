import { toRuntimeError } from "../../../../src/errors.ts";
import { openVideoEncoder } from "../../../../src/recording/encoders/open-video-encoder.ts";
import { formatOf } from "../../../native/formats.ts";
import { refusedDevices } from "../plan.ts";
import type { Journal } from "./journal.ts";
import { videoNode } from "./kernel.ts";

/** Asks for hardware encoders of H.264 as a recording does, where there is none. */
export async function playRefusals(journal: Journal): Promise<void> {
  for (const { what, node, path } of refusedDevices) {
    const device = node === undefined ? path : videoNode(node);
    try {
      const { encoder } = await open(device);
      journal.note({ kind: "opened", name: encoder.info.name, zero_copy: encoder.info.zeroCopy });
      await encoder.close();
    } catch (thrown) {
      const { code, message } = toRuntimeError(thrown);
      journal.note({ kind: "not_opened", what, code, message });
    }
  }
}

function open(device: string | undefined) {
  const options = {
    choice: { kind: "v4l2m2m", device },
    codec: "h264",
    format: formatOf("YUV420", 640, 360),
    memory: undefined,
    bufferCount: 0,
    frameRate: 30,
    bitrate: 4_000_000,
    jpegQuality: 90,
    queueFramesMax: 3,
  } as const;
  const none = () => {};
  return openVideoEncoder(options, { onChunk: none, onSkipped: none, onWarning: none, onFailure: none });
}
