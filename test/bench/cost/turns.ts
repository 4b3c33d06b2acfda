const SLICE_MS = 1000;

/**
 * Has programs run one after the other, a slice of time each, and stops the others meanwhile: a machine that is now faster and
 * now slower, by its clock or by what else its host does, is so for all of them alike. One that is alone is never stopped.
 */
export class Turns {
  readonly #sliceMs: number;
  /** The first one runs. */
  readonly #turns: Turn[] = [];
  #timer: Timer | undefined;
  /** Nobody else would: what is stopped stays so when this process is gone. */
  readonly #onExit = () => {
    for (const turn of this.#turns) turn.resume();
  };

  /** Longer than what a program takes to have its data in the processor's caches again. */
  constructor(sliceMs = SLICE_MS) {
    this.#sliceMs = sliceMs;
  }

  /** The program takes part until its turn is disposed of. */
  join(pid: number): Turn {
    const turn = new Turn(pid, () => this.#leave(turn));
    if (this.#turns.push(turn) > 1) turn.pause();
    else this.#begin();
    return turn;
  }

  #begin(): void {
    process.once("exit", this.#onExit);
    this.#timer = setInterval(() => this.#pass(), this.#sliceMs);
  }

  #pass(): void {
    const [running, next] = this.#turns;
    if (running === undefined || next === undefined) return;
    running.pause();
    this.#turns.push(...this.#turns.splice(0, 1));
    next.resume();
  }

  /** It can then come to its end, whoever's turn it is. */
  #leave(turn: Turn): void {
    const place = this.#turns.indexOf(turn);
    if (place < 0) return;
    this.#turns.splice(place, 1);
    turn.resume();
    this.#turns[0]?.resume();
    if (this.#turns.length > 0) return;
    clearInterval(this.#timer);
    process.off("exit", this.#onExit);
  }
}

/** A program's part in the turns. */
export class Turn implements Disposable {
  readonly #pid: number;
  readonly #leave: () => void;
  #pausedAtMs: number | undefined;
  #waitedMs = 0;

  constructor(pid: number, leave: () => void) {
    this.#pid = pid;
    this.#leave = leave;
  }

  /** How long it was stopped so far. */
  get waitedMs(): number {
    return this.#waitedMs + (this.#pausedAtMs === undefined ? 0 : performance.now() - this.#pausedAtMs);
  }

  pause(): void {
    if (this.#pausedAtMs !== undefined) return;
    this.#signal("SIGSTOP");
    this.#pausedAtMs = performance.now();
  }

  resume(): void {
    if (this.#pausedAtMs === undefined) return;
    this.#waitedMs = this.waitedMs;
    this.#pausedAtMs = undefined;
    this.#signal("SIGCONT");
  }

  [Symbol.dispose](): void {
    this.#leave();
  }

  /** One that has ended already needs none. */
  #signal(signal: NodeJS.Signals): void {
    try {
      process.kill(this.#pid, signal);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  }
}
