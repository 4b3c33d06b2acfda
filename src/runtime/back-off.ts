/** From one attempt to the next, ms. */
export interface Pauses {
  readonly first: number;
  readonly longest: number;
}

/** Pauses that double up to the longest: 1, 2, 4 … 30 s. */
export class BackOff {
  readonly #pauses: Pauses;
  #nextMs: number;

  constructor(pauses: Pauses) {
    this.#pauses = pauses;
    this.#nextMs = pauses.first;
  }

  /** How long to wait now, ms. */
  next(): number {
    const pauseMs = this.#nextMs;
    this.#nextMs = Math.min(2 * pauseMs, this.#pauses.longest);
    return pauseMs;
  }

  /** All was well for so long, ms: what fails again soon is still the same trouble. */
  wasWell(milliseconds: number): void {
    if (milliseconds >= this.#pauses.longest) this.#nextMs = this.#pauses.first;
  }
}
