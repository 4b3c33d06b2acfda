const PAGE_NUMBERS = 16_384;

/**
 * A list of numbers in 4 or 8 bytes each, for lists that grow for hours: in pages of 16,384 numbers that are never moved,
 * so that growing takes no pauses and one page at most is not full.
 */
export class NumberColumn<Page extends Uint32Array | Float64Array> {
  readonly #Page: new (
    length: number,
  ) => Page;
  readonly #pages: Page[] = [];
  #length = 0;

  /** `Page`: Uint32Array for whole numbers below 2^32, Float64Array for those up to 2^53. */
  constructor(Page: new (length: number) => Page) {
    this.#Page = Page;
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    const pageIndex = Math.floor(this.#length / PAGE_NUMBERS);
    const page = (this.#pages[pageIndex] ??= new this.#Page(PAGE_NUMBERS));
    page[this.#length % PAGE_NUMBERS] = value;
    this.#length++;
  }

  /** The last number, undefined where there is none. */
  get last(): number | undefined {
    const index = this.#length - 1;
    return this.#pages[Math.floor(index / PAGE_NUMBERS)]?.[index % PAGE_NUMBERS];
  }

  /** Takes the last one away. */
  pop(): number | undefined {
    const { last } = this;
    if (last !== undefined) this.#length--;
    return last;
  }

  /** All of them one after the other, as a copy. */
  toArray(): Page {
    const numbers = new this.#Page(this.#length);
    for (let at = 0; at < this.#length; at += PAGE_NUMBERS) {
      const page = this.#pages[at / PAGE_NUMBERS];
      if (page !== undefined) numbers.set(page.subarray(0, this.#length - at), at);
    }
    return numbers;
  }
}
