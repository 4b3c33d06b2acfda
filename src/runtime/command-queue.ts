/** Commands that may wait for their turn; beyond that the reader pauses, which makes the host wait. */
const WAITING_MAX = 256;

/** Runs jobs one after the other, in the order in which they came. A job that throws does not keep the next from running. */
export class CommandQueue {
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;
  #room = Promise.withResolvers<void>();

  /** Resolves or rejects as the job does. */
  run(job: () => Promise<void>): Promise<void> {
    this.#waiting++;
    const done = this.#last.then(job).finally(() => this.#finished());
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Resolves when fewer than 256 jobs wait. */
  async whenRoom(): Promise<void> {
    while (this.#waiting >= WAITING_MAX) await this.#room.promise;
  }

  #finished(): void {
    this.#waiting--;
    this.#room.resolve();
    this.#room = Promise.withResolvers();
  }
}
