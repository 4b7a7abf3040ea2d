import type { AnswerBook } from '../activation/book.ts';
import type { Guide } from '../activation/guide.ts';
import type { Engines } from '../pipeline/engines.ts';
import type { Recomputed } from '../pipeline/recomputed.ts';
import type { ArrivalBody } from './contract.ts';

/** What the routes that answer from memory are given. */
export interface ReadSide {
  readonly book: AnswerBook;
  /** The guide now: it changes with the evidence and with the model. */
  readonly guide: () => Guide;
  /** Whether the book has been filled since the start. */
  readonly isReady: () => boolean;
}

/** What routes need that tell what today's facts say about a day. */
export interface RecomputedSide {
  readonly recomputed: Recomputed;
  readonly engines: Engines;
  /** Milliseconds. */
  readonly clock: () => number;
}

/** What the route of one account needs besides. */
export interface AccountSide extends ReadSide {
  /** The last arrival of every input. */
  readonly arrivals: () => Promise<readonly ArrivalBody[]>;
}
