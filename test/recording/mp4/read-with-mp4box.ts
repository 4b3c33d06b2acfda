import { createFile, type Movie, MP4BoxBuffer } from "mp4box";

export interface ReadSample {
  /** In hexadecimal digits. */
  readonly data: string;
  readonly timeUs: number;
  readonly durationUs: number;
  readonly isKey: boolean;
}

/** What mp4box finds in a file: not our own parser. */
export async function readWithMp4box(path: string): Promise<{ movie: Movie; read: ReadSample[] }> {
  const file = createFile(true);
  const read: ReadSample[] = [];
  const movies: Movie[] = [];
  file.onReady = (movie) => {
    movies.push(movie);
    for (const { id } of movie.tracks) file.setExtractionOptions(id);
    file.start();
  };
  file.onSamples = (_id, _user, samples) => {
    for (const { data = new Uint8Array(), cts, duration, is_sync } of samples) {
      read.push({ data: Buffer.from(data).toString("hex"), timeUs: cts, durationUs: duration, isKey: is_sync });
    }
  };
  file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(await Bun.file(path).arrayBuffer(), 0));
  file.flush();
  const [movie] = movies;
  if (!movie) throw new Error("mp4box found no movie");
  return { movie, read };
}
