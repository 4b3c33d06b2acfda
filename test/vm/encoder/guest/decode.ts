import { join } from "node:path";
import { encoderFolder, type StreamCase } from "../plan.ts";
import { guestShare } from "../../plan.ts";
import type { Journal } from "./journal.ts";
import { videoNode } from "./kernel.ts";

/** By the order of the bytes in memory. */
const FOURCC: Record<StreamCase["pixelFormat"], string> = {
  YUV420: "YU12",
  NV12: "NV12",
  RGB888: "BGR3",
  BGR888: "RGB3",
  YUYV: "YUYV",
};

/** Has vicodec decode the journal's stream; leaves the frames to compare, one after the other, and a report. */
export async function decode(journal: Journal, { pixelFormat, compared }: StreamCase): Promise<void> {
  const command = [
    join(guestShare, encoderFolder, "fwht-decoder"),
    videoNode("stateful-decoder"),
    join(journal.folder, "stream.fwht"),
    FOURCC[pixelFormat],
    compared.join(","),
  ];
  const child = Bun.spawn(command, {
    stdin: "ignore",
    stdout: Bun.file(join(journal.folder, "decoded.raw")),
    stderr: "pipe",
  });
  const said = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) throw new Error(`the decoder: ${said.trim()}`);
  journal.keep("decoder.json", said);
}
