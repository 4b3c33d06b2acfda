import { ptr } from "bun:ffi";

/**
 * The address of a typed array's first byte. Valid as long as the array is referenced, which is its owner's part, and made
 * over an ArrayBuffer: a small typed array made by its length may be moved.
 */
export function addressOf(bytes: Uint8Array): number {
  return ptr(bytes);
}
