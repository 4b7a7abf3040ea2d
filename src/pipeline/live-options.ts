import type { AnswerBook } from '../activation/book.ts';
import type { Settlement } from '../ingest/settle-arrivals.ts';
import type { Move } from '../segment/move.ts';
import type { Engines } from './engines.ts';
import type { ModelText } from './publication.ts';
import type { Refreshed } from './refresh.ts';
import type { Retention } from './retention.ts';

/** What the loop tells whoever listens. */
export interface LiveEvents {
  readonly onSettled?: (settlement: Settlement) => void;
  readonly onRefreshed?: (
    refreshed: Refreshed & {
      readonly asOf: number;
      readonly kind: 'refresh' | 'sweep';
      /** How long it took, the days before it with it. */
      readonly ms: number;
    },
  ) => void;
  /** Moves that a dry run would have recorded. */
  readonly onDryMoves?: (moves: readonly Move[]) => void;
  /** Another model is in force, from this tick on. */
  readonly onAdopted?: (adopted: ModelText) => void;
  readonly onFailure?: (error: unknown) => void;
}

/** What the loop works with. */
export interface LiveOptions extends LiveEvents {
  readonly engines: Engines;
  readonly book: AnswerBook;
  readonly clock: () => number;
  /** Waits, and wakes up early when the signal is raised. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly isDry?: boolean;
  /** How long raw rows are kept. */
  readonly retention?: Retention;
}

/** How the loop stands. */
export interface LiveState {
  /** Whether this process computes; the others follow what it wrote. */
  readonly isSweeper: boolean;
  /** Whether the book has been filled, by a sweep or from what was written down. */
  readonly isFilled: boolean;
  /** How far the first computation has come with the days before now; null: it is over, or not begun by this process. */
  readonly progress: { readonly done: number; readonly all: number } | null;
  readonly asOf: number | null;
  readonly sweptAt: number | null;
  /** Accounts that wait to be computed. */
  readonly waiting: number;
}
