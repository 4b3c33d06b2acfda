import { basename } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { RecordingMetadata } from "../recording/metadata/recording-metadata.ts";
import { openIfThere } from "./open-if-there.ts";
import { METADATA_BYTES_MAX, MetadataError, parseMetadata, type StoredMetadata } from "./parse-metadata.ts";
import type { Problems } from "./problems.ts";
import { UnreadableFileError } from "./unreadable-file-error.ts";

/** A place of metadata: there and right, there and wrong (which was told), or not there. */
type Place = StoredMetadata | "wrong" | "missing";

/** What is told of metadata goes here: what is wrong, and what a reader is to know. */
interface Telling {
  readonly problems: Problems;
  readonly notes: string[];
}

/**
 * A recording's metadata, from the video and from the file beside it (`path`). They are written twice, in both places, so
 *
 * - both say the same; or one tells of the beginning, the other of the end too: the ending was interrupted (a note), what
 *   is known of the end counts;
 * - neither is there: somebody else's video, or one from before there were metadata (a note);
 * - only one is there: a file of the recording is missing or was exchanged (a problem). A file that is missing may be what
 *   is torn off where all else is one second: its name is put on the disk with the first pictures.
 */
export function readRecordedMetadata(
  path: string,
  inMovie: readonly Uint8Array[],
  { problems, notes }: Telling,
): RecordingMetadata | undefined {
  const name = basename(path);
  const file = readFile(path, name, problems);
  const movie = readMovie(inMovie, problems);
  if (file === "missing" && movie === "missing") {
    notes.push(`neither the video nor ${name} holds metadata: the ledger can't be checked`);
    return undefined;
  }
  if (file === "missing") problems.addTorn("metadata", `${name} is missing, the video holds metadata`, 1);
  if (movie === "missing") problems.add("metadata", `the video holds no metadata, though there is ${name}`);
  if (isPlace(file) && isPlace(movie)) return agree(file, movie, name, { problems, notes });
  const [known] = [file, movie].filter(isPlace);
  return known?.metadata;
}

function isPlace(place: Place): place is StoredMetadata {
  return typeof place !== "string";
}

function readFile(path: string, name: string, problems: Problems): Place {
  try {
    using file = openIfThere(path);
    if (file === undefined) return "missing";
    if (file.byteCount > METADATA_BYTES_MAX) {
      throw new MetadataError(`has ${file.byteCount} bytes, expected no more than ${METADATA_BYTES_MAX}`);
    }
    const bytes = file.read(0, file.byteCount);
    // What a power cut leaves of a file that was being written.
    if (bytes.every((byte) => byte === 0)) {
      const what = bytes.length === 0 ? "is empty" : `holds nothing but ${bytes.length} zeros`;
      problems.addTorn("metadata", `${name} ${what}`, 1);
      return "wrong";
    }
    return parseMetadata(bytes);
  } catch (error) {
    if (error instanceof MetadataError) problems.add("metadata", `${name} ${error.message}`);
    else if (error instanceof UnreadableFileError) problems.add("metadata", error.message);
    else throw error;
    return "wrong";
  }
}

function readMovie([payload, second]: readonly Uint8Array[], problems: Problems): Place {
  if (payload === undefined) return "missing";
  try {
    if (second !== undefined) throw new MetadataError("is there more than once");
    if (payload.byteLength > METADATA_BYTES_MAX) throw new MetadataError(`has ${payload.byteLength} bytes`);
    return parseMetadata(payload);
  } catch (error) {
    if (!(error instanceof MetadataError)) throw error;
    problems.add("metadata", `the video's metadata box (uuid) ${error.message}`);
    return "wrong";
  }
}

/** What counts of the two. */
function agree(file: StoredMetadata, movie: StoredMetadata, name: string, { problems, notes }: Telling) {
  const isFileFinal = file.metadata.end !== null;
  const isMovieFinal = movie.metadata.end !== null;
  const [known, other] =
    isFileFinal || !isMovieFinal ? [file.metadata, movie.metadata] : [movie.metadata, file.metadata];
  if (isFileFinal === isMovieFinal) {
    if (!isDeepStrictEqual(file.value, movie.value)) {
      problems.add("metadata", `${name} and the video's metadata do not say the same`);
    }
    return known;
  }
  const [told, silent] = isFileFinal ? [name, "the video"] : ["the video", name];
  if (isDeepStrictEqual(beginningOf(known), beginningOf(other))) {
    notes.push(`the ending was interrupted: ${told} tells of the end, ${silent} only of the beginning`);
  } else {
    problems.add("metadata", `${name} and the video's metadata are not of the same recording`);
  }
  return known;
}

/** What does not change while recording, and is of no other recording. */
function beginningOf({ camera, trial, start_command_id: commandId, clocks }: RecordingMetadata) {
  return { camera, trial, commandId, start: clocks.start };
}
