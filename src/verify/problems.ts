/** How many of a kind are told one by one: a missing row puts every later row out of step. */
const TOLD_PER_KIND_MAX = 3;

/** Collects what is wrong with a recording, as sentences, a few of each kind and the number of the others. */
export class Problems {
  readonly #kinds = new Map<string, { told: string[]; count: number }>();
  #hasDamage = false;
  #tornFrom = Number.POSITIVE_INFINITY;

  /** `kind` groups problems that come in crowds; it is not shown. */
  add(kind: string, sentence: string): void {
    this.#hasDamage = true;
    this.#tell(kind, sentence);
  }

  /**
   * Adds what a recording that was broken off may have at its end. `fromSample`: the first sample, or row, that it is about;
   * none where it is about what lies behind the last one.
   */
  addTorn(kind: string, sentence: string, fromSample = Number.POSITIVE_INFINITY): void {
    this.#tornFrom = Math.min(this.#tornFrom, fromSample);
    this.#tell(kind, sentence);
  }

  get isEmpty(): boolean {
    return this.#kinds.size === 0;
  }

  /** There are problems, and all of them are what is torn at a recording's end, from a sample after `sampleCount` on. */
  areTornAfter(sampleCount: number): boolean {
    return !this.isEmpty && !this.#hasDamage && this.#tornFrom > sampleCount;
  }

  list(): string[] {
    return [...this.#kinds.values()].flatMap(({ told, count }) => {
      const untold = count - told.length;
      return untold > 0 ? [...told, `(and ${untold} more like these)`] : told;
    });
  }

  #tell(kind: string, sentence: string): void {
    const known = this.#kinds.get(kind) ?? { told: [], count: 0 };
    known.count++;
    if (known.told.length < TOLD_PER_KIND_MAX) known.told.push(sentence);
    this.#kinds.set(kind, known);
  }
}
