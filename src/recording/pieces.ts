/** Bytes in one place, or in pieces one behind the other. */
export type Bytes = Uint8Array | readonly Uint8Array[];

export function piecesOf(bytes: Bytes): readonly Uint8Array[] {
  return bytes instanceof Uint8Array ? [bytes] : bytes;
}

export function byteCountOf(bytes: Bytes): number {
  return piecesOf(bytes).reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** What is left of the pieces behind their first `byteCount` bytes; a view where one is cut. */
export function piecesAfter(pieces: readonly Uint8Array[], byteCount: number): Uint8Array[] {
  let skipped = 0;
  return pieces.flatMap((piece) => {
    const start = Math.min(piece.byteLength, byteCount - skipped);
    skipped += start;
    return start < piece.byteLength ? [piece.subarray(start)] : [];
  });
}
