import type { Model } from '../definition/model.ts';
import type { Engines } from './engines.ts';
import type { PreviewerOptions } from './previewer.ts';
import { resolveAsOf } from './run.ts';
import {
  type DraftWish,
  draftReport,
  measureSide,
  type SpreadReport,
  type SpreadSide,
  standingReport,
} from './spread-report.ts';

/** What is in force, measured. */
interface Kept {
  readonly side: SpreadSide;
  readonly report: SpreadReport;
  readonly at: number;
}

const FRESH_MILLIS = 600_000;

/**
 * Tells how signals spread, and how those of a draft would while somebody writes it: what is in force is measured once and
 * kept for ten minutes, so that a draft costs what it measures otherwise.
 */
export class SpreadKeeper {
  readonly #options: PreviewerOptions;
  #kept: { readonly version: string; readonly value: Promise<Kept> } | null = null;

  constructor(options: PreviewerOptions) {
    this.#options = options;
  }

  /** How everything in force spreads, measured at most ten minutes ago. */
  async standing(): Promise<SpreadReport> {
    return (await this.#standing()).report;
  }

  /** How a draft spreads otherwise. */
  async preview(draft: Model, wish: DraftWish): Promise<SpreadReport> {
    const { side } = await this.#standing();
    return this.#options.turnstile.pass(() => draftReport(this.#engines(), side, draft, wish));
  }

  async #standing(): Promise<Kept> {
    const { engines, clock } = this.#options;
    const kept = this.#kept;
    if (kept !== null && kept.version === engines.model.version) {
      const value = await kept.value;
      if (clock() - value.at <= FRESH_MILLIS || this.#kept !== kept) return value;
    }
    return this.#measure();
  }

  #measure(): Promise<Kept> {
    const value = this.#measured();
    const kept = { version: this.#options.engines.model.version, value };
    this.#kept = kept;
    value.catch(() => {
      if (this.#kept === kept) this.#kept = null;
    });
    return value;
  }

  async #measured(): Promise<Kept> {
    const { turnstile, answeredAt, clock } = this.#options;
    const engines = this.#engines();
    return turnstile.pass(async () => {
      const asOf = answeredAt() ?? (await resolveAsOf(engines, null));
      const side = await measureSide(engines, engines.model, asOf);
      return { side, report: await standingReport(engines, side), at: clock() };
    });
  }

  /** What is in force now, under a name of its own. */
  #engines(): Engines {
    const { engines } = this.#options;
    return { ...engines, run: `${engines.run}_spreads` };
  }
}
