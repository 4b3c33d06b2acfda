import { BoxReader } from "./box-reader.ts";
import type { PositionedFile } from "./positioned-file.ts";
import type { Problems } from "./problems.ts";
import { UnreadableFileError } from "./unreadable-file-error.ts";

/** A box at the file's top level; its payload may reach beyond the file's end when the file was cut off. */
export interface TopLevelBox {
  readonly type: string;
  /** File offsets of the header, of the payload, and after the payload. */
  readonly at: number;
  readonly payloadAt: number;
  readonly end: number;
}

const KNOWN_TYPES = new Set([
  "ftyp",
  "styp",
  "moov",
  "moof",
  "mdat",
  "mfra",
  "sidx",
  "free",
  "skip",
  "wide",
  "meta",
  "uuid",
]);

/** A movie box of a day at 100 frames/s has about 110 MB; anything larger is a damaged size. */
const PARSED_BYTES_MAX = 2 ** 28;

/** Walks the file by the boxes' sizes (ISO/IEC 14496-12, 4.2.2), reading headers only. */
export function listTopLevelBoxes(file: PositionedFile, problems: Problems): TopLevelBox[] {
  const boxes: TopLevelBox[] = [];
  let at = 0;
  while (at < file.byteCount) {
    const box = readBoxHeader(file, at);
    if (!box || !KNOWN_TYPES.has(box.type)) {
      const sentence = `no box begins at byte ${at}: ${file.byteCount - at} bytes up to the end are not read`;
      if (isTornHeader(file, at)) problems.addTorn("top level", sentence);
      else problems.add("top level", sentence);
      break;
    }
    if (box.end > file.byteCount) {
      const have = file.byteCount - at;
      problems.addTorn("top level", `file is cut off: its last box, ${box.type}, has ${have} of ${box.end - at} bytes`);
    }
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

/** Cut off, or zeros where the type was to come: the file's length is on the disk, what it holds there is not. */
function isTornHeader(file: PositionedFile, at: number): boolean {
  return file.byteCount - at < 8 || file.peek(at + 4, 4).every((byte) => byte === 0);
}

/** The box that begins at byte `at`, undefined where none can; it may reach beyond the file's end. */
export function readBoxHeader(file: PositionedFile, at: number): TopLevelBox | undefined {
  const available = Math.min(16, file.byteCount - at);
  if (available < 8) return undefined;
  const bytes = file.peek(at, available);
  const reader = new BoxReader("header", new DataView(bytes.buffer, bytes.byteOffset, available), 0, available);
  const size32 = reader.uint32();
  const type = reader.fourcc();
  if (size32 === 0) return { type, at, payloadAt: at + 8, end: file.byteCount }; // up to the file's end
  if (size32 !== 1) return size32 < 8 ? undefined : { type, at, payloadAt: at + 8, end: at + size32 };
  if (available < 16) return undefined;
  const size64 = reader.uint32() * 2 ** 32 + reader.uint32();
  return size64 < 16 ? undefined : { type, at, payloadAt: at + 16, end: at + size64 };
}

/** A whole box in memory, for boxes that hold no media. */
export function loadBox(file: PositionedFile, box: TopLevelBox): BoxReader {
  const byteCount = box.end - box.payloadAt;
  if (byteCount > PARSED_BYTES_MAX)
    throw new UnreadableFileError(`${file.path}: ${box.type} box of ${byteCount} bytes`);
  const bytes = file.read(box.payloadAt, byteCount);
  return new BoxReader(box.type, new DataView(bytes.buffer), 0, byteCount);
}
