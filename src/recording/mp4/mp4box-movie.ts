import assert from "node:assert/strict";
import { Box, createFile, DataStream, type ISOFile, VisualSampleEntry } from "mp4box";
import { type LeafBox, sampleEntryBoxes } from "./sample-entry-boxes.ts";
import { TIMESCALE, type VideoTrack } from "./video-track.ts";

/** ISO/IEC 14496-12, 8.4.2.3: "und" as three letters of 5 bits. mp4box writes a string given here as 0. */
const LANGUAGE_UNDETERMINED = 0x55c4;

export type Mp4boxTrack = ReturnType<ISOFile["getTrackById"]>;

/** An mp4box file with a movie box for one empty track, to be continued in fragments. */
export function createMovie(track: VideoTrack): { readonly file: ISOFile; readonly trak: Mp4boxTrack } {
  const isH264 = track.codec === "h264";
  const file = createFile();
  file.init({
    brands: isH264 ? ["isom", "iso6", "avc1", "mp41"] : ["isom", "iso6", "mp41"],
    timescale: TIMESCALE,
    width: track.width, // only makes the movie's volume 0
  });
  const trackId = file.addTrack({
    type: isH264 ? "avc1" : "mp4v",
    width: track.width,
    height: track.height,
    timescale: TIMESCALE,
    name: "VideoHandler",
  });
  const trak = file.getTrackById(trackId);
  trak.tkhd.volume = 0;
  trak.mdia.mdhd.language = LANGUAGE_UNDETERMINED;
  // mp4box adds an extended language, French unless told, and does not end its string.
  trak.mdia.boxes = (trak.mdia.boxes ?? []).filter((box) => box.type !== "elng");
  trak.mdia.minf.stbl.stsz.sample_size = 0;
  const [entry] = trak.mdia.minf.stbl.stsd.entries;
  assert(entry instanceof VisualSampleEntry);
  entry.compressorname = "";
  for (const box of sampleEntryBoxes(track)) entry.addBox(toMp4box(box));
  // 14496-12 has the header first and the extensions last; mp4box begins with them.
  file.moov.boxes?.sort((a, b) => Number(a.type === "mvex") - Number(b.type === "mvex"));
  return { file, trak };
}

/**
 * mp4box's own classes cannot write `colr` and `esds`, and its `avcC` loses the fields of the High profile
 * (gpac/mp4box.js issue 308), so these go in as bytes.
 */
function toMp4box({ fourcc, payload }: LeafBox): Box {
  const box = new Box();
  box.type = fourcc;
  box.data = payload;
  return box;
}

/** The boxes one after the other, as bytes of their own. */
export function serialize(boxes: readonly Box[]): Uint8Array<ArrayBuffer> {
  const stream = new DataStream();
  for (const box of boxes) box.write(stream);
  return new Uint8Array(stream.buffer, 0, stream.getPosition());
}
