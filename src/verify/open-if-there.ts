import { systemErrorCode } from "../system-error.ts";
import { PositionedFile } from "./positioned-file.ts";
import { UnreadableFileError } from "./unreadable-file-error.ts";

/** Opens a file that need not be there; undefined where it is not. Throws UnreadableFileError as PositionedFile. */
export function openIfThere(path: string): PositionedFile | undefined {
  try {
    return new PositionedFile(path);
  } catch (error) {
    if (error instanceof UnreadableFileError && systemErrorCode(error.cause) === "ENOENT") return undefined;
    throw error;
  }
}
