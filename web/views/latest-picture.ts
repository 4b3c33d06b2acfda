/**
 * Decodes JPEG images away from the page's thread, one at a time: the newest one waits, and takes the place of one that
 * waited before it. So a slow device shows fewer pictures, never old ones.
 */
export class LatestPicture<About> {
  readonly #show: (bitmap: ImageBitmap, about: About) => void;
  #isDecoding = false;
  #waiting: { readonly jpeg: Uint8Array<ArrayBuffer>; readonly about: About } | undefined;

  /** `show` gets the picture only for as long as it runs. */
  constructor(show: (bitmap: ImageBitmap, about: About) => void) {
    this.#show = show;
  }

  offer(jpeg: Uint8Array<ArrayBuffer>, about: About): void {
    this.#waiting = { jpeg, about };
    if (!this.#isDecoding) void this.#decodeAll();
  }

  async #decodeAll(): Promise<void> {
    this.#isDecoding = true;
    while (this.#waiting !== undefined) {
      const { jpeg, about } = this.#waiting;
      this.#waiting = undefined;
      // A picture that can't be decoded is one that does not come: the age tells.
      const bitmap = await createImageBitmap(new Blob([jpeg], { type: "image/jpeg" })).catch(() => undefined);
      if (bitmap === undefined) continue;
      this.#show(bitmap, about);
      bitmap.close();
    }
    this.#isDecoding = false;
  }
}
