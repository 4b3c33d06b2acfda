/** The log can't be replayed: it can't be read, or is none. */
export class UnreadableLogError extends Error {
  override readonly name = "UnreadableLogError";
}
