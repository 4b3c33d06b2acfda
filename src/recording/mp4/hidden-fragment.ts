/**
 * ffmpeg refuses a whole file that ends inside a `moof` box; a cut-off `free` or `mdat` box it takes. So a fragment is
 * written with its `moof` called `free`, and given its true name in place, 4 bytes, once the disk has all of it: a file
 * plays, whatever ends in between, the process or the power.
 */
const HIDDEN_TYPE = Buffer.from("free", "latin1");

/** What to write, and where from the fragment's beginning, when all of a hidden fragment was written. */
export const REVEAL_FRAGMENT = { offset: 4, bytes: Uint8Array.from(Buffer.from("moof", "latin1")) } as const;

/** Makes readers pass over a fragment; changes it in place. */
export function hideFragment(fragment: Uint8Array): void {
  fragment.set(HIDDEN_TYPE, REVEAL_FRAGMENT.offset);
}
