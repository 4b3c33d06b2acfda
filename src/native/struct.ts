/** A C struct's bytes, to be passed to native code, and a view to read and write its fields (little endian). */
export interface Struct {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export function newStruct(byteCount: number): Struct {
  const bytes = new Uint8Array(byteCount);
  return { bytes, view: new DataView(bytes.buffer) };
}

/** The NUL-terminated UTF-8 text in a field of `byteCount` bytes. */
export function readText(bytes: Uint8Array, offset = 0, byteCount = bytes.length - offset): string {
  const field = bytes.subarray(offset, offset + byteCount);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}

/** A `const char *` result as text; NULL is empty. */
export function cString(result: { toString(): string } | null): string {
  return result === null ? "" : result.toString();
}
