/** How many of a kind are told one by one: a missing row puts every later row out of step. */
const TOLD_PER_KIND_MAX = 3;

/** Collects what is wrong with a recording, as sentences, a few of each kind and the number of the others. */
export class Problems {
  readonly #kinds = new Map<string, { told: string[]; count: number }>();

  /** `kind` groups problems that come in crowds; it is not shown. */
  add(kind: string, sentence: string): void {
    const known = this.#kinds.get(kind) ?? { told: [], count: 0 };
    known.count++;
    if (known.told.length < TOLD_PER_KIND_MAX) known.told.push(sentence);
    this.#kinds.set(kind, known);
  }

  list(): string[] {
    return [...this.#kinds.values()].flatMap(({ told, count }) => {
      const untold = count - told.length;
      return untold > 0 ? [...told, `(and ${untold} more like these)`] : told;
    });
  }
}
