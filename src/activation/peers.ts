import type { UserAnswer } from './answer.ts';

/** The tier whose users show what is worth taking up. */
const POWER = 'power';

/** Power users, and how many of them use each feature area. */
export interface Peers {
  readonly users: number;
  /** By place of the area in the taxonomy; absent: nobody. */
  readonly using: ReadonlyMap<number, number>;
}

const NOBODY: Peers = { users: 0, using: new Map() };

interface Count {
  users: number;
  readonly using: Map<number, number>;
}

/**
 * How many power users use each feature area, by the job that their account hired the product for, and all together.
 *
 * Counted as users come and go, so that it is always that of the book and costs nothing to ask.
 */
export class PeerCounts {
  readonly #byJob = new Map<string | null, Count>();

  /** Power users of accounts with a job; null: of all accounts. */
  of(job: string | null): Peers {
    return this.#byJob.get(job) ?? NOBODY;
  }

  /** Counts users of one account in (1) or out (-1). */
  count(job: string | null, users: readonly UserAnswer[], by: 1 | -1): void {
    for (const { tier, used } of users) {
      if (tier !== POWER) continue;
      this.#add(null, used, by);
      if (job !== null) this.#add(job, used, by);
    }
  }

  #add(job: string | null, used: readonly number[], by: 1 | -1): void {
    const count = this.#byJob.get(job) ?? { users: 0, using: new Map<number, number>() };
    this.#byJob.set(job, count);
    count.users += by;
    for (const place of used) count.using.set(place, (count.using.get(place) ?? 0) + by);
  }
}
