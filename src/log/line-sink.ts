/** Where log lines go. */
export interface LineSink {
  /** Takes one line, with or without its `\n`. Never throws, never blocks; the rest is the sink's affair. */
  write(line: string): void;
}

/** For a log that nobody wants. */
export const nowhere: LineSink = { write() {} };
