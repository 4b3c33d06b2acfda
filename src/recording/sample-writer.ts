import type { Colour } from "../capture/stream-format.ts";
import type { RecordedFrame } from "./fragment.ts";
import type { FragmentWriter } from "./fragment-writer.ts";
import { H264SampleReader } from "./h264/h264-sample-reader.ts";
import { metadataBox } from "./metadata/metadata-box.ts";
import type { FragmentedMp4 } from "./mp4/fragmented-mp4.ts";
import type { VideoTrack } from "./mp4/video-track.ts";
import type { EncodedChunk, VideoCodec } from "./video-encoder.ts";

/** mp4box takes 20 ms to load and is needed by recordings only. */
export async function loadFragmentedMp4(): Promise<typeof FragmentedMp4> {
  return (await import("./mp4/fragmented-mp4.ts")).FragmentedMp4;
}

export interface PictureDescription {
  readonly codec: VideoCodec;
  readonly width: number;
  readonly height: number;
  readonly colour: Colour;
}

/** Turns encoded chunks into samples of a file that begins with the first of them, which brings the parameter sets. */
export class SampleWriter {
  readonly #Mp4: typeof FragmentedMp4;
  readonly #picture: PictureDescription;
  readonly #fragments: FragmentWriter;
  readonly #describe: () => string;
  readonly #h264 = new H264SampleReader();

  /** `describe`: what the recording says of itself as its file begins. */
  constructor(
    Mp4: typeof FragmentedMp4,
    picture: PictureDescription,
    fragments: FragmentWriter,
    describe: () => string,
  ) {
    this.#Mp4 = Mp4;
    this.#picture = picture;
    this.#fragments = fragments;
    this.#describe = describe;
  }

  /** False where the chunk holds no picture. Throws `encoder_failed` for one that no file can hold. */
  write(chunk: EncodedChunk, frame: RecordedFrame): boolean {
    const sample = this.#picture.codec === "h264" ? this.#h264.read(chunk.data) : { data: chunk.data, isKey: true };
    if (sample === undefined) return false;
    if (this.#fragments.isEmpty) this.#begin();
    this.#fragments.add({ ...sample, frame });
    return true;
  }

  #begin(): void {
    const metadata = this.#describe();
    this.#fragments.begin(new this.#Mp4(this.#track(), metadataBox(metadata)), metadata);
  }

  #track(): VideoTrack {
    const { codec, width, height, colour } = this.#picture;
    if (codec === "mjpeg") return { codec, width, height, colour };
    const { parameterSets } = this.#h264;
    if (parameterSets === undefined) throw new Error("an H.264 sample came before its parameter sets");
    return { codec, width, height, colour, parameterSets };
  }
}
