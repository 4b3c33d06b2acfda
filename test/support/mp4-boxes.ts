/** Boxes of an MP4 file (ISO/IEC 14496-12, 4.2), made by hand. */
export function box(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const payload = Buffer.concat(parts);
  return Buffer.concat([uint32s(8 + payload.length), Buffer.from(type, "latin1"), payload]);
}

/** Numbers of 32 bits each, big endian. */
export function uint32s(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32BE(value, 4 * index));
  return bytes;
}
