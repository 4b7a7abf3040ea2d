import type { AreaEvidence } from '../activation/area-evidence.ts';
import { type Guide, guideOf } from '../activation/guide.ts';
import { readAreaEvidence, refreshAreaEvidence } from './area-evidence.ts';
import type { Engines } from './engines.ts';

const WEEK_MS = 7 * 86_400_000;
/** How often a process looks whether another has computed the evidence anew. */
const LOOK_MILLIS = 3_600_000;

/** What the keeper works with. */
export interface GuideKeeperOptions {
  readonly engines: Engines;
  readonly clock: () => number;
  readonly onFailure: (error: unknown) => void;
}

/**
 * What suggestions rest on, kept up to date: evidence on feature areas is computed once a week by the process that computes,
 * and read by the others. Until there is any, suggestions rest on what power users use.
 *
 * It is computed beside the rounds of the loop, so that answers stay fresh meanwhile; a failure is told, and the guide stays
 * as it was.
 */
export class GuideKeeper {
  readonly #options: GuideKeeperOptions;
  #guide: Guide;
  #rows: readonly AreaEvidence[] = [];
  #computedAt: number | null = null;
  #lookedAt: number | null = null;
  #running: Promise<void> | null = null;

  constructor(options: GuideKeeperOptions) {
    this.#options = options;
    this.#guide = guideOf(options.engines.model, []);
  }

  get guide(): Guide {
    return this.#guide;
  }

  /** Looks whether the evidence is due; resolves at once, and never twice at a time. */
  look(isSweeper: boolean): void {
    const { clock, onFailure } = this.#options;
    const now = clock();
    if (this.#running !== null) return;
    const isDue = isSweeper && this.#lookedAt !== null && now - (this.#computedAt ?? 0) > WEEK_MS;
    if (!isDue && this.#lookedAt !== null && now - this.#lookedAt < LOOK_MILLIS) return;
    this.#lookedAt = now;
    this.#running = (isDue ? this.#compute(now) : this.#read()).catch(onFailure).finally(() => {
      this.#running = null;
    });
  }

  /** Follows the model that is in force now, with the evidence as it is. */
  follow(): void {
    this.#guide = guideOf(this.#options.engines.model, this.#rows);
  }

  /** Waits for what is under way. */
  async stop(): Promise<void> {
    await this.#running;
  }

  async #read(): Promise<void> {
    const { computedAt, rows } = await readAreaEvidence(this.#options.engines);
    this.#take(computedAt, rows);
  }

  async #compute(now: number): Promise<void> {
    const engines = { ...this.#options.engines, run: `${this.#options.engines.run}_areas` };
    const { computedAt, rows } = await refreshAreaEvidence(engines, null, new Date(now));
    this.#take(computedAt, rows);
  }

  #take(computedAt: number | null, rows: readonly AreaEvidence[]): void {
    this.#computedAt = computedAt;
    this.#rows = rows;
    this.follow();
  }
}
