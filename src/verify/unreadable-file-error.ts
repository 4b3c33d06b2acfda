/** The file could not be judged at all: it cannot be opened or read, or is not an MP4 file. */
export class UnreadableFileError extends Error {
  override readonly name = "UnreadableFileError";
}
