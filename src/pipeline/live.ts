import type { AnswerBook } from '../activation/book.ts';
import { readBook } from '../activation/book-table.ts';
import { recordListening } from '../ingest/listening.ts';
import { clearArrivals, type Settlement, settleArrivals } from '../ingest/settle-arrivals.ts';
import { Failure } from '../model/failure.ts';
import type { Move } from '../segment/move.ts';
import { decisionsSince } from './decisions.ts';
import type { Engines } from './engines.ts';
import { markLive } from './freshness.ts';
import { recomputeAnswers } from './recompute.ts';
import { type LiveParts, type Refreshed, refresh } from './refresh.ts';
import { lastReview, openReviews } from './review.ts';
import { Role } from './role.ts';
import { dueSince, type Occasion } from './schedule.ts';

const DAY_MS = 86_400_000;
const LEASE_SECONDS = 15;
/** How long the loop rests when nothing arrives, and how often a follower looks. */
const REST_MILLIS = 200;
const AFTER_FAILURE_MILLIS = 1_000;
/** While nothing arrives, listening is noted this often. */
const LISTEN_MILLIS = 15_000;
const CLEAR_MILLIS = 60_000;
/** A call may be on its way to disk this long after it was received. */
const ON_ITS_WAY_MILLIS = 180_000;
/** How far the clocks of two processes may be apart. */
const AHEAD_MILLIS = 60_000;
/** Accounts computed together; more wait for the next round, so that none waits for all. */
const MOST_ACCOUNTS = 2_000;

/** Occasions of a sweep. */
const SWEPT: ReadonlySet<string> = new Set<Occasion>(['hour', 'midnight']);

/** What the loop tells whoever listens. */
export interface LiveEvents {
  readonly onSettled?: (settlement: Settlement) => void;
  readonly onRefreshed?: (refreshed: Refreshed & { readonly asOf: number; readonly kind: 'refresh' | 'sweep' }) => void;
  /** Moves that a dry run would have recorded. */
  readonly onDryMoves?: (moves: readonly Move[]) => void;
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
}

/** How the loop stands. */
export interface LiveState {
  /** Whether this process computes; the others follow what it wrote. */
  readonly isSweeper: boolean;
  /** Whether the book has been filled, by a sweep or from what was written down. */
  readonly isFilled: boolean;
  readonly asOf: number | null;
  readonly sweptAt: number | null;
  /** Accounts that wait to be computed. */
  readonly waiting: number;
}

/**
 * The live loop: what arrives becomes facts, touched accounts are computed as of now, and time passes by the calendar.
 *
 * One process at a time computes, by a fenced role; every other reads what it wrote. A process begins with the book as
 * it was written down, then sweeps, since time has passed. A failure of an engine is told, and the work is done again.
 */
export class LiveLoop {
  readonly #options: LiveOptions;
  readonly #parts: LiveParts;
  readonly #pending = new Set<string>();
  /** Decisions of people that are in the book already, by key. */
  #decided: ReadonlySet<string> = new Set();
  #lateSince: number | null = null;
  #isBehind = false;
  #latest = 0;
  #settledThrough = 0;
  #seq = 0;
  #asOf = 0;
  #isFilled = false;
  #sweptAt: number | null = null;
  #dueThrough: number | null = null;
  #listenedAt = 0;
  #clearedAt = 0;
  #fence: number | null = null;
  #heldAt = 0;
  #stop = new AbortController();
  #wake = new AbortController();
  #running: Promise<void> | null = null;

  constructor(options: LiveOptions) {
    this.#options = options;
    const { ledger, run } = options.engines;
    const role = new Role({ ledger, role: 'sweeper', holder: run, leaseSeconds: LEASE_SECONDS });
    this.#parts = { role, book: options.book, nextSeq: () => this.#nextSeq() };
  }

  get state(): LiveState {
    return {
      isSweeper: this.#parts.role.isHeld,
      isFilled: this.#isFilled,
      asOf: this.#asOf === 0 ? null : this.#asOf,
      sweptAt: this.#sweptAt,
      waiting: this.#pending.size,
    };
  }

  /** Begins to work; resolves at once. */
  start(): void {
    this.#running ??= Promise.all([this.#run(), this.#keepRole()]).then(() => undefined);
  }

  /** Says that something has arrived. */
  nudge(): void {
    this.#wake.abort();
  }

  /** Ends after the round that is under way, and gives the role up. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake.abort();
    await this.#running;
    await this.#parts.role.release();
  }

  async #run(): Promise<void> {
    const { pause, onFailure } = this.#options;
    while (!this.#stop.signal.aborted) {
      let rest = REST_MILLIS;
      try {
        if (await this.round()) rest = 0;
      } catch (error) {
        onFailure?.(error);
        rest = AFTER_FAILURE_MILLIS;
      }
      if (this.#stop.signal.aborted) return;
      if (rest > 0) await pause(rest, this.#wake.signal);
      this.#wake = new AbortController();
    }
  }

  /** Keeps the lease while a round takes long, so that nobody takes the role of a process that is at work. */
  async #keepRole(): Promise<void> {
    const { pause, onFailure } = this.#options;
    while (!this.#stop.signal.aborted) {
      await pause((LEASE_SECONDS * 1000) / 3, this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      await this.#parts.role.renew().catch((error: unknown) => onFailure?.(error));
    }
  }

  /** One round of the loop; answers whether there was work, so that the next may follow at once. */
  async round(): Promise<boolean> {
    if (!(await this.#hold())) {
      await this.#follow();
      return false;
    }
    if (this.#dueThrough === null) {
      // What the holder before wrote last, so that what is written next comes after it.
      await this.#follow();
      const since = (await lastReview(this.#options.engines)) ?? this.#options.clock();
      await this.#sweep();
      this.#dueThrough = since;
      return true;
    }
    if (await this.#passTime()) return true;
    return this.#takeArrivals();
  }

  async #hold(): Promise<boolean> {
    const { role } = this.#parts;
    const now = this.#options.clock();
    if (role.isHeld && Math.abs(now - this.#heldAt) < (LEASE_SECONDS * 1000) / 3) return true;
    this.#heldAt = now;
    const isHeld = await role.hold();
    // Another may have had the role in between: its work is ours to follow, and what it left undone.
    if (role.fence !== this.#fence) this.#dueThrough = null;
    this.#fence = role.fence;
    return isHeld;
  }

  /** Reads what the sweeper wrote since the last look. */
  async #follow(): Promise<void> {
    const { engines, book } = this.#options;
    for await (const block of readBook(engines.warehouse, engines.model.version, this.#seq)) {
      for (const { accountId, seq, entry } of block) {
        if (entry === null) book.remove(accountId);
        else book.put(entry);
        this.#seq = Math.max(this.#seq, seq);
      }
    }
    if (book.size > 0) this.#isFilled = true;
  }

  /** The sweep that lets time pass, where one fell due; no event is an event. */
  async #passTime(): Promise<boolean> {
    const now = this.#options.clock();
    const due = dueSince(this.#dueThrough ?? now, now);
    if (due.length === 0) return false;
    await openReviews(this.#options.engines, due, new Date(now));
    const swept = this.#sweptAt ?? 0;
    if (due.some(({ occasion, at }) => SWEPT.has(occasion) && at > swept)) await this.#sweep();
    this.#dueThrough = now;
    return true;
  }

  async #sweep(): Promise<void> {
    const { engines, clock } = this.#options;
    await this.#takeDecisions();
    await this.#settle();
    const now = clock();
    const asOf = this.#instant();
    await recordListening(engines.warehouse, new Date(asOf));
    await recomputeAnswers(engines, Math.floor(asOf / DAY_MS) * DAY_MS, new Date(now), `${engines.run}_sweep`);
    const waited = [...this.#pending];
    await this.#refresh({ accounts: null, asOf, lateSince: null });
    for (const accountId of waited) this.#pending.delete(accountId);
    this.#lateSince = null;
    this.#sweptAt = now;
    this.#isFilled = true;
    await this.#mark(now);
  }

  /** Notes what is in the answers, unless something received before still waits to become a fact. */
  async #mark(now: number): Promise<void> {
    const { engines, isDry = false } = this.#options;
    if (!isDry && !this.#isBehind) await markLive(engines, this.#settledThrough - ON_ITS_WAY_MILLIS, new Date(now));
  }

  /** Accounts of which people decided something are computed like those that something arrived for. */
  async #takeDecisions(): Promise<void> {
    const { engines, clock } = this.#options;
    const found = await decisionsSince(engines, clock());
    for (const { key, accountId } of found) if (!this.#decided.has(key)) this.#pending.add(accountId);
    this.#decided = new Set(found.map(({ key }) => key));
  }

  async #takeArrivals(): Promise<boolean> {
    const { engines, clock } = this.#options;
    await this.#takeDecisions();
    const settled = await this.#settle();
    const now = clock();
    if (now - this.#clearedAt >= CLEAR_MILLIS) {
      this.#clearedAt = now;
      await clearArrivals(engines.warehouse, new Date(now));
    }
    if (this.#pending.size === 0) {
      if (now - this.#listenedAt >= LISTEN_MILLIS) {
        this.#listenedAt = now;
        await recordListening(engines.warehouse, new Date(this.#instant()));
      }
      return settled !== null;
    }
    const accounts = [...this.#pending].slice(0, MOST_ACCOUNTS);
    const asOf = this.#instant();
    const lateSince = this.#lateSince;
    await recordListening(engines.warehouse, new Date(asOf));
    await this.#refresh({ accounts, asOf, lateSince });
    for (const accountId of accounts) this.#pending.delete(accountId);
    if (this.#pending.size > 0) return true;
    this.#lateSince = null;
    await this.#mark(now);
    return true;
  }

  async #settle(): Promise<Settlement | null> {
    const { engines, clock, onSettled } = this.#options;
    const now = clock();
    const settled = await settleArrivals(engines.warehouse, new Date(now), () => this.#parts.role.confirm());
    this.#settledThrough = now;
    this.#isBehind = settled?.isPartial ?? false;
    if (settled === null) return null;
    for (const accountId of settled.accounts) this.#pending.add(accountId);
    this.#latest = Math.max(this.#latest, settled.latest);
    // A fact of a day that has been answered already.
    if (settled.earliest < Math.floor(now / DAY_MS) * DAY_MS) {
      this.#lateSince = Math.min(this.#lateSince ?? settled.earliest, settled.earliest);
    }
    onSettled?.(settled);
    return settled;
  }

  async #refresh(what: { accounts: readonly string[] | null; asOf: number; lateSince: number | null }): Promise<void> {
    const { engines, clock, isDry = false, onRefreshed, onDryMoves } = this.#options;
    const refreshed = await refresh(engines, this.#parts, { ...what, now: new Date(clock()), isDry });
    this.#asOf = what.asOf;
    if (isDry) onDryMoves?.(refreshed.moves);
    onRefreshed?.({ ...refreshed, asOf: what.asOf, kind: what.accounts === null ? 'sweep' : 'refresh' });
  }

  /**
   * Now, after the latest fact, and never before what was computed already: a clock that jumps back waits until it has
   * caught up. A fact may bear this very millisecond, or the clock of a process that is a little ahead.
   */
  #instant(): number {
    const clock = this.#options.clock();
    const isAhead = this.#latest >= clock && this.#latest - clock < AHEAD_MILLIS;
    const now = isAhead ? this.#latest + 1 : clock;
    if (now > this.#asOf) return now;
    if (this.#asOf - now > DAY_MS) {
      throw new Failure(
        'clock-jumped',
        `The clock says ${new Date(now).toISOString()}, and accounts were computed as of ${new Date(this.#asOf).toISOString()} already. Set the clock right; computing goes on from there.`,
      );
    }
    return this.#asOf + 1;
  }

  #nextSeq(): number {
    this.#seq = Math.max(this.#seq + 1, this.#options.clock() * 1_000);
    return this.#seq;
  }
}
