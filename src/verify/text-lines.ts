import type { PositionedFile } from "./positioned-file.ts";

/** One line of a text file. */
export interface TextLine {
  /** Without its newline. */
  readonly text: string;
  /** A newline ended it; false for a last line that was cut off, and for one that is too long to be read to its end. */
  readonly isComplete: boolean;
}

const READ_BYTES = 65_536;

/**
 * Streams the lines of a text file in UTF-8; what is none is U+FFFD in it. Ends after a line of more than `charactersMax`,
 * so that nobody has to hold a file without newlines.
 */
export function* textLines(file: PositionedFile, charactersMax: number): Generator<TextLine, void> {
  let pending = "";
  for (const piece of readText(file)) {
    const lines = (pending + piece).split("\n");
    pending = lines.pop() ?? "";
    for (const text of lines) {
      yield { text, isComplete: true };
      if (text.length > charactersMax) return;
    }
    if (pending.length > charactersMax) break;
  }
  if (pending !== "") yield { text: pending, isComplete: false };
}

/** The file's text in pieces. */
export function* readText(file: PositionedFile): Generator<string, void> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  for (let at = 0; at < file.byteCount; at += READ_BYTES) {
    yield decoder.decode(file.read(at, Math.min(READ_BYTES, file.byteCount - at)), { stream: true });
  }
  yield decoder.decode();
}
