import { type AccountPast, accountPast } from './account-standing.ts';
import { type AccountRow, listAccounts } from './accounts.ts';
import { type Activation, activationOf } from './activation.ts';
import type { Engines } from './engines.ts';
import { type AccountExplanation, explainAccount, explainBriefly } from './explain.ts';
import type { Present } from './present.ts';
import { resolveAsOf } from './run.ts';
import { type Spreads, spreadsOf } from './spread.ts';
import type { Turnstile } from './turnstile.ts';

/** What recomputing works with. */
export interface RecomputedOptions {
  readonly engines: Engines;
  readonly clock: () => number;
  readonly turnstile: Turnstile;
  /** The profiles that were computed last; absent: nothing keeps them. */
  readonly present?: Present;
}

const KEPT_MILLIS = 60_000;
/** Answers of one kind that are kept: lists of all accounts are large, what is told of one account is not. */
const MOST_KEPT = { lists: 4, accounts: 50 };

/** How widely signals spread hardly changes within a day. */
const SPREADS_KEPT_MILLIS = 3_600_000;

/** What was found last, by question, the latest at the end. */
interface Shelf<T> {
  readonly most: number;
  readonly kept: Map<string, { readonly at: number; readonly found: Promise<T> }>;
}

const shelf = <T>(most: number): Shelf<T> => ({ most, kept: new Map() });

/**
 * What today's facts say about a day, for whoever asks over the network: as the commands compute it, one at a time. What
 * was found is kept for a minute, so that the pages of a list are those of one list, and an account is computed once for all
 * that is asked of it.
 */
export class Recomputed {
  readonly #options: RecomputedOptions;
  readonly #lists = shelf<readonly AccountRow[]>(MOST_KEPT.lists);
  readonly #activations = shelf<Activation>(MOST_KEPT.lists);
  readonly #pasts = shelf<AccountPast>(MOST_KEPT.accounts);
  readonly #answers = shelf<unknown>(MOST_KEPT.accounts);
  #spreads: { readonly at: number; readonly midnight: string; readonly found: Promise<Spreads> } | null = null;

  constructor(options: RecomputedOptions) {
    this.#options = options;
  }

  /** The engines as they are now: the model may be another than it was a moment ago. */
  #engines(): Engines {
    const { engines } = this.#options;
    return { ...engines, run: `${engines.run}_asked` };
  }

  /** Every account as of a day; null: the completeness of the behavioural sources. */
  accounts(asOf: number | null): Promise<readonly AccountRow[]> {
    return this.#recall(this.#lists, asOf, (engines, now) =>
      this.#options.turnstile.pass(() => listAccounts(engines, { asOf, now })),
    );
  }

  /** Where users and accounts stall, and what they use, as of a day; null: the completeness of the behavioural sources. */
  activation(asOf: number | null): Promise<Activation> {
    return this.#recall(this.#activations, asOf, async (engines) => {
      const accounts = await this.accounts(asOf);
      const [first] = accounts;
      const at = first === undefined ? await resolveAsOf(engines, asOf) : Date.parse(first.as_of);
      return this.#options.turnstile.pass(() => activationOf(engines, accounts, at));
    });
  }

  /** What was found of the same less than a minute ago under the same model, else what is computed now. */
  #recall<T>(
    { kept, most }: Shelf<T>,
    asked: number | string | null,
    compute: (engines: Engines, now: Date) => Promise<T>,
  ): Promise<T> {
    const engines = this.#engines();
    const now = this.#options.clock();
    const key = `${engines.model.version} ${asked}`;
    const before = kept.get(key);
    if (before !== undefined && Math.abs(now - before.at) < KEPT_MILLIS) return before.found;
    const found = compute(engines, new Date(now));
    kept.delete(key);
    kept.set(key, { at: now, found });
    for (const old of [...kept.keys()].slice(0, -most)) kept.delete(old);
    found.catch(() => kept.delete(key));
    return found;
  }

  /** Why an account is where it is as of a day. */
  explain(accountId: string, asOf: number | null): Promise<AccountExplanation> {
    const { clock, turnstile } = this.#options;
    return turnstile.pass(() =>
      explainAccount(
        this.#engines(),
        { accountId, asOf, now: new Date(clock()) },
        {
          spreads: (own, midnight) => this.#spreadsAt(own, midnight),
          past: (own, request) =>
            this.#recall(this.#pasts, `${accountId} ${request.asOf}`, () => accountPast(own, request)),
        },
      ),
    );
  }

  /** The same in short, from what was computed last where that is of this instant; otherwise computed, and then in full. */
  async explainBriefly(accountId: string, asOf: number | null): Promise<AccountExplanation> {
    const { engines, present } = this.#options;
    const brief =
      asOf === null || present === undefined ? null : await explainBriefly(engines, present, { accountId, asOf });
    return brief ?? this.explain(accountId, asOf);
  }

  #spreadsAt(engines: Engines, midnight: number): Promise<Spreads> {
    const now = this.#options.clock();
    const key = `${engines.model.version} ${midnight}`;
    const kept = this.#spreads;
    if (kept?.midnight === key && Math.abs(now - kept.at) < SPREADS_KEPT_MILLIS) return kept.found;
    const found = spreadsOf(engines, midnight);
    this.#spreads = { at: now, midnight: key, found };
    found.catch(() => {
      if (this.#spreads?.found === found) this.#spreads = null;
    });
    return found;
  }

  /**
   * What the facts say in answer to a question, as computed when its turn had come, less than a minute ago under the same
   * model; `question` tells it from every other. For what no decision of a person changes.
   */
  recall<T>(question: string, compute: (engines: Engines, now: Date) => Promise<T>): Promise<T> {
    const found = this.#recall(this.#answers, question, (engines, now) =>
      this.#options.turnstile.pass(() => compute(engines, now)),
    );
    return found as Promise<T>;
  }

  /** Computes something else under a name of its own, when its turn has come. */
  ask<T>(compute: (engines: Engines, now: Date) => Promise<T>): Promise<T> {
    const { clock, turnstile } = this.#options;
    return turnstile.pass(() => compute(this.#engines(), new Date(clock())));
  }
}
