import type { onRequestAsyncHookHandler } from 'fastify';
import type { AnswerBook } from '../activation/book.ts';
import type { Guide } from '../activation/guide.ts';

/** What the routes that answer from memory are given. */
export interface ReadSide {
  readonly book: AnswerBook;
  /** The guide now: it changes with the evidence and with the model. */
  readonly guide: () => Guide;
  /** Whether the book has been filled since the start. */
  readonly isReady: () => boolean;
  /** Lets a request pass, or throws a `Failure` with `no-key`, `not-allowed` or `too-many`. */
  readonly authorise: onRequestAsyncHookHandler;
}
