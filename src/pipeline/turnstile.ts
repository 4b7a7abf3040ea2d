import { Failure } from '../model/failure.ts';

/** Computations that may wait for the one that is under way. */
const MOST_WAITING = 12;

/**
 * Lets computations that take seconds through one at a time, in the order in which they came, so that however many ask, the
 * engines do one thing at a time beside the live loop. Refuses `too-many` where a dozen wait already.
 */
export class Turnstile {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Computes when its turn has come. */
  async pass<T>(compute: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MOST_WAITING) {
      throw new Failure('too-many', 'Too much is being computed already. Ask again in a few seconds.');
    }
    this.#waiting += 1;
    const mine = this.#last.then(compute);
    this.#last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Resolves when nothing is under way. */
  async rest(): Promise<void> {
    await this.#last;
  }
}
