import { z } from "zod";
import { runTool } from "./run-tool.ts";

const Packet = z.object({ pts: z.number(), dts: z.number(), flags: z.string() });
const Stream = z.object({
  codec_name: z.string(),
  pix_fmt: z.string(),
  width: z.number(),
  height: z.number(),
  time_base: z.string(),
  color_range: z.string().optional(),
  color_space: z.string().optional(),
  color_primaries: z.string().optional(),
  color_transfer: z.string().optional(),
});
const Probe = z.object({ packets: z.array(Packet), streams: z.array(Stream).length(1) });

export interface ProbedVideo {
  readonly packets: readonly z.infer<typeof Packet>[];
  readonly stream: z.infer<typeof Stream>;
}

/** What ffprobe reads from the file: its packets' times in µs and the stream's own words. */
export async function probeVideo(path: string): Promise<ProbedVideo> {
  const out = await runTool("ffprobe", "-v", "error", "-show_packets", "-show_streams", "-of", "json", path);
  const { packets, streams } = Probe.parse(JSON.parse(new TextDecoder().decode(out)));
  const [stream] = streams;
  if (stream?.time_base !== "1/1000000") throw new Error(`time base ${stream?.time_base}, expected microseconds`);
  return { packets, stream };
}
