/**
 * ffmpeg refuses a whole file that ends inside a `moof` box, which a power cut or a full disk can bring about; a cut-off
 * `free` or `mdat` box it takes. So a fragment is written with its `moof` called `free`, and given its true name
 * in place once all of it is on the disk: 4 bytes, which the disk writes together or not at all.
 */
const HIDDEN_TYPE = Buffer.from("free", "latin1");

/** What to write, and where from the fragment's beginning, when all of a hidden fragment is on the disk. */
export const REVEAL_FRAGMENT = { offset: 4, bytes: Uint8Array.from(Buffer.from("moof", "latin1")) } as const;

/** Makes readers pass over a fragment; changes it in place. */
export function hideFragment(fragment: Uint8Array): void {
  fragment.set(HIDDEN_TYPE, REVEAL_FRAGMENT.offset);
}
