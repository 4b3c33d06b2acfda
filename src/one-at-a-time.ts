/**
 * Runs jobs one after the other, in order; one that fails does not keep the next from running.
 *
 * For what belongs to one disk: Bun's thread pool has one thread per core, and each write that a disk does not take
 * holds one of them. Two at a time would hold all there are on two cores, and nothing could be read or written anywhere.
 */
export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as the job does. */
  run<Value>(job: () => Promise<Value>): Promise<Value> {
    const done = this.#last.then(job);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
