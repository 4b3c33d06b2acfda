import { constants, readSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { RuntimeError } from "../errors.ts";
import { pictureBytes } from "./buffer-pool.ts";
import type { StreamFormat } from "./stream-format.ts";
import { parseY4mHeader, Y4M_HEADER_BYTES_MAX } from "./y4m.ts";

/** A raw file has no header: this says what its bytes are. */
export interface RawPictureLayout {
  readonly format: StreamFormat;
}

export interface PictureFileOptions {
  /** Reads on this thread, for whoever has nothing else to do: handing a picture to another one and back costs more than reading it. */
  readonly isBlocking?: boolean;
}

/** Fills `bytes` from `position` on, as far as the file goes; how many bytes it was. */
type ReadAt = (bytes: Uint8Array, position: number) => number | Promise<number>;

const FRAME_MARKER = "FRAME";
const FRAME_MARKER_BYTES_MAX = 256;

/** Uncompressed 4:2:0 pictures in a file (Y4M, or raw with a layout given), read one after the other, round and round. */
export class PictureFile implements AsyncDisposable {
  readonly format: StreamFormat;
  /** Frames per second that the file names; undefined for a raw file. */
  readonly frameRate: number | undefined;
  readonly #file: FileHandle;
  readonly #readAt: ReadAt;
  readonly #firstFrameAt: number;
  readonly #hasMarkers: boolean;
  #position: number;

  /** Throws `bad_source_file` where the file can't be read or holds no such pictures. */
  static async open(
    path: string,
    raw: RawPictureLayout | undefined,
    options: PictureFileOptions = {},
  ): Promise<PictureFile> {
    let file: FileHandle;
    try {
      // Without O_NONBLOCK, opening a FIFO would wait for somebody to write to it.
      file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (cause) {
      throw new RuntimeError("bad_source_file", `cannot open the file to replay: ${String(cause)}`, { cause });
    }
    try {
      const status = await file.stat();
      if (!status.isFile()) throw new Error(`${path} is not a file`);
      if (raw !== undefined) return new PictureFile(file, options, status.size, raw.format, undefined, 0);
      const start = Buffer.alloc(Y4M_HEADER_BYTES_MAX);
      const { bytesRead } = await file.read(start, 0, start.length, 0);
      const header = parseY4mHeader(start.subarray(0, bytesRead));
      return new PictureFile(file, options, status.size, header.format, header.frameRate, header.headerBytes);
    } catch (error) {
      await file.close();
      throw unreadable(error);
    }
  }

  private constructor(
    file: FileHandle,
    { isBlocking = false }: PictureFileOptions,
    fileBytes: number,
    format: StreamFormat,
    frameRate: number | undefined,
    firstFrameAt: number,
  ) {
    // Before anybody makes buffers of that size: a few bytes may announce a picture of 400 MB.
    if (fileBytes < firstFrameAt + pictureBytes(format)) throw holdsNone(format);
    this.#file = file;
    this.#readAt = isBlocking ? blockingReads(file) : reads(file);
    this.format = format;
    this.frameRate = frameRate;
    this.#firstFrameAt = firstFrameAt;
    this.#hasMarkers = frameRate !== undefined;
    this.#position = firstFrameAt;
  }

  /** Fills `bytes` with the next picture; after the last one comes the first. Throws `bad_source_file` where there is none. */
  async read(bytes: Uint8Array): Promise<void> {
    try {
      if (await this.#readOne(bytes)) return;
      this.#position = this.#firstFrameAt;
      if (await this.#readOne(bytes)) return;
    } catch (error) {
      throw unreadable(error);
    }
    throw holdsNone(this.format);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }

  /** False at the end of the file; a picture cut short there is left out. */
  async #readOne(bytes: Uint8Array): Promise<boolean> {
    const pixelsAt = this.#hasMarkers ? await this.#skipMarker() : this.#position;
    if (pixelsAt === undefined) return false;
    let filled = 0;
    while (filled < bytes.length) {
      const read = this.#readAt(filled === 0 ? bytes : bytes.subarray(filled), pixelsAt + filled);
      const byteCount = typeof read === "number" ? read : await read;
      if (byteCount === 0) return false;
      filled += byteCount;
    }
    this.#position = pixelsAt + filled;
    return true;
  }

  /** Where the pixels behind the frame's marker line begin; undefined at the end of the file. */
  async #skipMarker(): Promise<number | undefined> {
    const start = Buffer.alloc(FRAME_MARKER_BYTES_MAX);
    const bytesRead = await this.#readAt(start, this.#position);
    if (bytesRead === 0) return undefined;
    const marker = start.subarray(0, bytesRead);
    const lineEnd = marker.indexOf("\n");
    if (lineEnd < 0 && bytesRead < FRAME_MARKER_BYTES_MAX) return undefined; // cut short: the end
    if (lineEnd < 0 || !marker.toString("latin1").startsWith(FRAME_MARKER)) {
      throw new RuntimeError(
        "bad_source_file",
        `the file to replay has no ${FRAME_MARKER} line at byte ${this.#position}`,
      );
    }
    return this.#position + lineEnd + 1;
  }
}

function reads(file: FileHandle): ReadAt {
  return async (bytes, position) => (await file.read(bytes, 0, bytes.length, position)).bytesRead;
}

function blockingReads({ fd }: FileHandle): ReadAt {
  return (bytes, position) => readSync(fd, bytes, 0, bytes.length, position);
}

function holdsNone(format: StreamFormat): RuntimeError {
  const needed = pictureBytes(format);
  return new RuntimeError("bad_source_file", `the file to replay holds no whole picture of ${needed} bytes`);
}

function unreadable(error: unknown): RuntimeError {
  if (error instanceof RuntimeError) return error;
  return new RuntimeError("bad_source_file", `cannot read the file to replay: ${String(error)}`, { cause: error });
}
