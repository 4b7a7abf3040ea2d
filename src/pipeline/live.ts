import { AnswerBook } from '../activation/book.ts';
import { readBook } from '../activation/book-table.ts';
import { recordListening } from '../ingest/listening.ts';
import { clearArrivals, type Settlement, settleArrivals } from '../ingest/settle-arrivals.ts';
import { Past } from '../profile/past.ts';
import { Adoption } from './adoption.ts';
import { decisionsSince } from './decisions.ts';
import type { Engines } from './engines.ts';
import { continueErasures, erasureWaits, finishErasures } from './erasure/erase.ts';
import { markLive } from './freshness.ts';
import { importsWord } from './import-history.ts';
import { instantAfter } from './live-instant.ts';
import type { LiveOptions, LiveState } from './live-options.ts';
import { noneWhileImported } from './one-import.ts';
import { Present } from './present.ts';
import { recomputeAnswers } from './recompute.ts';
import { type LiveParts, refresh } from './refresh.ts';
import { applyRetention } from './retention.ts';
import { lastReview, openReviews } from './review.ts';
import { Role } from './role.ts';
import { dueSince, type Occasion } from './schedule.ts';
import { SuppressionKeeper } from './suppression.ts';

const DAY_MS = 86_400_000;
const LEASE_SECONDS = 15;
/** How long the loop rests when nothing arrives, and how often a follower looks. */
const REST_MILLIS = 200;
const AFTER_FAILURE_MILLIS = 1_000;
/** While nothing arrives, listening is noted this often. */
const LISTEN_MILLIS = 15_000;
const CLEAR_MILLIS = 60_000;
/** How often it is asked whether files were imported. */
const IMPORTS_MILLIS = 2_000;
/** A call may be on its way to disk this long after it was received. */
const ON_ITS_WAY_MILLIS = 180_000;
/** How often it is looked who was erased. */
const LOOK_MILLIS = 2_000;
/** Accounts computed together; more wait for the next round, so that none waits for all. */
const MOST_ACCOUNTS = 2_000;

/** Occasions of a sweep. */
const SWEPT: ReadonlySet<string> = new Set<Occasion>(['hour', 'midnight']);

/** Under which model something is computed, and into which book. */
interface Under {
  readonly engines: Engines;
  readonly book: AnswerBook;
  readonly isFirst: boolean;
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
  readonly #adoption: Adoption;
  /** The profiles that were computed last. */
  readonly present: Present;
  /** Who was erased and must not come back. */
  readonly suppressions: SuppressionKeeper;
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
  #progress: LiveState['progress'] = null;
  #sweptAt: number | null = null;
  #dueThrough: number | null = null;
  #listenedAt = 0;
  #clearedAt = 0;
  #importsAskedAt = 0;
  #importsSeen: string | null = null;
  #fence: number | null = null;
  #heldAt = 0;
  #lookedAt = 0;
  #hasFinished = false;
  #finishing: Promise<void> = Promise.resolve();
  #stop = new AbortController();
  #wake = new AbortController();
  #running: Promise<void> | null = null;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#adoption = new Adoption(options);
    this.suppressions = new SuppressionKeeper(options.engines.ledger);
    const { ledger, run } = options.engines;
    const role = new Role({ ledger, role: 'sweeper', holder: run, leaseSeconds: LEASE_SECONDS });
    const past = new Past(options.engines.warehouse, run);
    this.present = new Present(options.engines.warehouse, run);
    this.#parts = { role, past, present: this.present, book: options.book, nextSeq: () => this.#nextSeq() };
  }

  get state(): LiveState {
    return {
      isSweeper: this.#parts.role.isHeld,
      isFilled: this.#isFilled,
      progress: this.#isFilled ? null : this.#progress,
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
    await this.#finishing;
    await this.#parts.past.drop();
    await this.present.drop();
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
    const isHeld = await this.#hold();
    await this.#lookAtSuppressions();
    if (!isHeld) {
      await this.#adopt(false);
      await this.#follow();
      return false;
    }
    await this.#erase();
    if (this.#dueThrough === null) {
      // What the holder before wrote last, so that what is written next comes after it.
      await this.#follow();
      const since = (await lastReview(this.#options.engines)) ?? this.#options.clock();
      if (!(await this.#adopt(true))) await this.#sweep();
      this.#dueThrough = since;
      return true;
    }
    if (await this.#adopt(true)) return true;
    if (await this.#passTime()) return true;
    if (await this.#takeImports()) return true;
    return this.#takeArrivals();
  }

  /** Takes what was published, where something was; a model that cannot be computed by leaves the one before in force. */
  async #adopt(isSweeper: boolean): Promise<boolean> {
    const { book, onFailure } = this.#options;
    try {
      const coming = await this.#adoption.look(isSweeper);
      if (coming === null) return false;
      const fresh = isSweeper ? new AnswerBook() : await this.#adoption.read(coming);
      if (isSweeper) await this.#sweep({ engines: coming.engines, book: fresh, isFirst: true });
      if (isSweeper) await this.#adoption.finish(coming);
      book.become(fresh);
      this.#adoption.take(coming);
      return true;
    } catch (error) {
      this.#adoption.postpone();
      await this.#parts.past.drop();
      onFailure?.(error);
      return false;
    }
  }

  async #lookAtSuppressions(): Promise<void> {
    const now = this.#options.clock();
    if (Math.abs(now - this.#lookedAt) < LOOK_MILLIS) return;
    this.#lookedAt = now;
    await this.suppressions.look();
  }

  /** Carries out the erasures that were asked for, between two computations; the accounts are computed again without them. */
  async #erase(): Promise<void> {
    const { engines, clock, pause, onFailure } = this.#options;
    if (await erasureWaits(engines.ledger)) {
      await this.suppressions.look();
      // Rows of the past hold people too; the next sweep keeps them anew.
      await this.#parts.past.drop();
      await this.present.drop();
      // An import that is under way is not waited for: it would bring back what it read before, and ends some time.
      const patience = { pause: (milliseconds: number) => pause(milliseconds, this.#stop.signal), mostMillis: 0 };
      const touched = await continueErasures(engines, clock, patience).catch(noneWhileImported);
      if (touched === null) return;
      for (const accountId of touched) this.#pending.add(accountId);
    } else if (this.#hasFinished) return;
    this.#hasFinished = true;
    const rest = (milliseconds: number) => pause(milliseconds, this.#stop.signal);
    this.#finishing = this.#finishing
      .then(() => finishErasures(engines, clock, rest, this.#stop.signal))
      .catch((error: unknown) => onFailure?.(error));
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
    const { book } = this.#options;
    const { engines } = this.#adoption;
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
    const { engines, retention = {} } = this.#options;
    if (due.some(({ occasion }) => occasion === 'midnight')) await applyRetention(engines, retention, new Date(now));
    const swept = this.#sweptAt ?? 0;
    if (due.some(({ occasion, at }) => SWEPT.has(occasion) && at > swept)) await this.#sweep();
    this.#dueThrough = now;
    return true;
  }

  /** Files that brought something since the last sweep, by whichever process: everybody is computed ([why](../../docs/decisions/0009-live.md)). */
  async #takeImports(): Promise<boolean> {
    const { engines, clock } = this.#options;
    const now = clock();
    if (now - this.#importsAskedAt < IMPORTS_MILLIS) return false;
    this.#importsAskedAt = now;
    if ((await importsWord(engines)) === this.#importsSeen) return false;
    await this.#sweep();
    return true;
  }

  async #sweep(under: Under = this.#inForce()): Promise<void> {
    const { clock } = this.#options;
    const { engines } = under;
    // Before anything is read: what is recorded from here on is swept again.
    const imports = await importsWord(engines);
    await this.#takeDecisions();
    await this.#settle();
    const now = clock();
    const asOf = this.#instant();
    await recordListening(engines.warehouse, new Date(asOf));
    const midnight = Math.floor(asOf / DAY_MS) * DAY_MS;
    await recomputeAnswers(engines, midnight, new Date(now), `${engines.run}_sweep`, (done, all) => {
      this.#progress = { done, all };
    });
    const waited = [...this.#pending];
    await this.#refresh({ accounts: null, asOf, lateSince: null, begun: now }, under);
    for (const accountId of waited) this.#pending.delete(accountId);
    this.#lateSince = null;
    this.#sweptAt = now;
    this.#importsSeen = imports;
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
    await this.#refresh({ accounts, asOf, lateSince, begun: now });
    for (const accountId of accounts) this.#pending.delete(accountId);
    if (this.#pending.size > 0) return true;
    this.#lateSince = null;
    await this.#mark(now);
    return true;
  }

  async #settle(): Promise<Settlement | null> {
    const { engines, clock, onSettled } = this.#options;
    const now = clock();
    const settled = await settleArrivals(
      engines.warehouse,
      new Date(now),
      () => this.#parts.role.confirm(),
      () => this.suppressions.look(),
    );
    this.#settledThrough = now;
    this.#isBehind = settled?.isPartial ?? false;
    if (settled === null) return null;
    for (const accountId of settled.accounts) this.#pending.add(accountId);
    this.#latest = Math.max(this.#latest, settled.latest);
    // A fact of a day that has been answered already.
    if (settled.earliest < Math.floor(now / DAY_MS) * DAY_MS) {
      this.#lateSince = Math.min(this.#lateSince ?? settled.earliest, settled.earliest);
    }
    const { past } = this.#parts;
    past.spoil(settled.earliest < past.latest ? settled.accounts : settled.declared);
    onSettled?.(settled);
    return settled;
  }

  #inForce(): Under {
    return { engines: this.#adoption.engines, book: this.#options.book, isFirst: false };
  }

  async #refresh(
    { begun, ...what }: { accounts: readonly string[] | null; asOf: number; lateSince: number | null; begun: number },
    { engines, book, isFirst }: Under = this.#inForce(),
  ): Promise<void> {
    const { clock, isDry = false, onRefreshed, onDryMoves } = this.#options;
    const parts = { ...this.#parts, book };
    const refreshed = await refresh(engines, parts, { ...what, now: new Date(clock()), isDry, isFirst });
    this.#asOf = what.asOf;
    if (isDry) onDryMoves?.(refreshed.moves);
    const kind = what.accounts === null ? 'sweep' : 'refresh';
    onRefreshed?.({ ...refreshed, asOf: what.asOf, kind, ms: clock() - begun });
  }

  #instant(): number {
    return instantAfter(this.#options.clock(), this.#latest, this.#asOf);
  }

  #nextSeq(): number {
    this.#seq = Math.max(this.#seq + 1, this.#options.clock() * 1_000);
    return this.#seq;
  }
}
