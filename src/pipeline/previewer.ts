import { diffModels } from '../definition/diff.ts';
import type { Model } from '../definition/model.ts';
import type { Frame } from '../segment/frame.ts';
import type { Engines } from './engines.ts';
import { comparePlan, measuredParts, measureFrame, type Plan, type Side, sideOf } from './plan.ts';
import { resolveAsOf } from './run.ts';
import type { Turnstile } from './turnstile.ts';

/** What a previewer works with. */
export interface PreviewerOptions {
  /** What is in force at this moment. */
  readonly engines: Engines;
  readonly clock: () => number;
  readonly turnstile: Turnstile;
  /** Instant of what is answered now; null: nothing is yet. */
  readonly answeredAt: () => number | null;
  readonly onFailure: (error: unknown) => void;
}

/** What is in force, measured, and where it puts everybody. */
interface Standing {
  readonly frame: Frame;
  readonly side: Side;
  readonly at: number;
}

const FRESH_MILLIS = 600_000;

/**
 * Previews drafts of the model while somebody writes them: what is measured of every account is kept in memory, and the
 * rules of a draft are held against it, in milliseconds. What a draft measures otherwise is measured when asked for.
 */
export class Previewer {
  readonly #options: PreviewerOptions;
  #standing: { readonly version: string; readonly value: Promise<Standing> } | null = null;
  #next: Promise<void> | null = null;

  constructor(options: PreviewerOptions) {
    this.#options = options;
  }

  /** What a draft would change. `isMeasured`: measures what the draft measures otherwise, which takes seconds. */
  async preview(draft: Model, isMeasured: boolean): Promise<Plan> {
    const { frame, side } = await this.standing();
    const parts = measuredParts(diffModels(side.model, draft));
    if (parts.length === 0 || !isMeasured) return comparePlan(frame, side, sideOf(frame, draft), parts);
    const { turnstile } = this.#options;
    const measured = await turnstile.pass(() => measureFrame(this.#engines(), draft, frame.asOf));
    return comparePlan(frame, side, sideOf(measured, draft), []);
  }

  /** What is in force, measured at most minutes ago; measured anew beside the answer where it is older. */
  async standing(): Promise<Standing> {
    const { version } = this.#options.engines.model;
    const kept = this.#standing;
    if (kept === null || kept.version !== version) return this.#measure();
    const standing = await kept.value;
    if (this.#options.clock() - standing.at > FRESH_MILLIS && this.#next === null) {
      this.#next = this.#renew()
        .catch(this.#options.onFailure)
        .finally(() => {
          this.#next = null;
        });
    }
    return standing;
  }

  /** Measures while the one before still answers; where that fails it goes on answering. */
  async #renew(): Promise<void> {
    const value = this.#measured();
    const { side } = await value;
    this.#standing = { version: side.model.version, value };
  }

  #measure(): Promise<Standing> {
    const value = this.#measured();
    const kept = { version: this.#options.engines.model.version, value };
    this.#standing = kept;
    value.catch(() => {
      if (this.#standing === kept) this.#standing = null;
    });
    return value;
  }

  async #measured(): Promise<Standing> {
    const { turnstile, answeredAt, clock } = this.#options;
    const engines = this.#engines();
    const { model } = engines;
    return turnstile.pass(async () => {
      const asOf = answeredAt() ?? (await resolveAsOf(engines, null));
      const frame = await measureFrame(engines, model, asOf);
      return { frame, side: sideOf(frame, model), at: clock() };
    });
  }

  /** What is in force now, under a name of its own. */
  #engines(): Engines {
    const { engines } = this.#options;
    return { ...engines, run: `${engines.run}_preview` };
  }
}
