import { readFileSync } from "node:fs";
import { RecordingMetadata } from "../../src/recording/metadata/recording-metadata.ts";
import { boxesIn } from "../recording/mp4/ordinary-video.ts";
import type { RecordingPaths } from "./record.ts";

/** As the README tells it: nobody else's boxes begin so. */
const UUID = Buffer.from("9f1c7b525c1e4f0a8d3b6a2f4e07c9d1", "hex");

/** What stands in a video's movie box, as text; undefined where there is no such box, or more than one. */
export function metadataInVideo(video: Buffer): string | undefined {
  const moov = boxesIn(video).find(({ type }) => type === "moov");
  const ours = boxesIn(moov?.payload ?? Buffer.alloc(0)).filter(
    ({ type, payload }) => type === "uuid" && payload.subarray(0, UUID.length).equals(UUID),
  );
  return ours.length === 1 ? ours[0]?.payload.toString("utf8", UUID.length) : undefined;
}

/** What a recording says of itself, beside the video and inside of it. Throws where a text is not what it should be. */
export function readMetadata({ metadata, video }: Pick<RecordingPaths, "metadata" | "video">) {
  const [beside, inside] = [readFileSync(metadata, "utf8"), metadataInVideo(readFileSync(video))];
  if (inside === undefined) throw new Error(`${video} has no metadata`);
  return { beside: parseMetadata(beside), inside: parseMetadata(inside), isSame: beside === inside };
}

/** The text as it must be: indented JSON with a line end, of the schema and nothing more. */
function parseMetadata(text: string): RecordingMetadata {
  const metadata = RecordingMetadata.parse(JSON.parse(text));
  if (text !== `${JSON.stringify(metadata, undefined, 2)}\n`) throw new Error(`not the text of the metadata: ${text}`);
  return metadata;
}
