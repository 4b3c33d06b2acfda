import { ptr } from "bun:ffi";

/** The address of a typed array's first byte. Valid as long as the array is referenced: its owner keeps it. */
export function addressOf(bytes: Uint8Array): number {
  return ptr(bytes);
}
