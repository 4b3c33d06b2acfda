/** As asyncio's default: a line of this many bytes (with its `\n`) or more ends the reader for good. */
export const HOST_LINE_BYTES_LIMIT = 64 * 1024;

export type HostLine =
  | { readonly kind: "line" | "unfinished"; readonly bytes: Uint8Array }
  | { readonly kind: "too_long"; readonly byteCount: number };

/**
 * Reads lines as RPi Logger does, by asyncio's `readline()`: a line that is too long is the last thing that comes, and
 * whatever follows stays in the pipe, which stays open. What stands after the last `\n` comes as `unfinished`.
 */
export async function* readHostLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<HostLine, void, undefined> {
  const reader = stream.getReader();
  let unread: Uint8Array = new Uint8Array(0);
  for (;;) {
    const { value, done } = await reader.read();
    if (value !== undefined) unread = Buffer.concat([unread, value]);
    for (let end = unread.indexOf(0x0a); end !== -1; end = unread.indexOf(0x0a)) {
      if (end + 1 >= HOST_LINE_BYTES_LIMIT) return yield { kind: "too_long", byteCount: end + 1 };
      yield { kind: "line", bytes: unread.subarray(0, end) };
      unread = unread.subarray(end + 1);
    }
    if (unread.length >= HOST_LINE_BYTES_LIMIT) return yield { kind: "too_long", byteCount: unread.length };
    if (!done) continue;
    if (unread.length > 0) yield { kind: "unfinished", bytes: unread };
    return;
  }
}
