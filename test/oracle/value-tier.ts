import { type Answer, known, numberOf } from './answer.ts';
import { mondayOf } from './instants.ts';
import { isCustomer, valueScore } from './money.ts';
import { below } from './numbers.ts';
import { type View, viewOf } from './view.ts';

/** The value scores in whole cents of the customers as of an instant, by account. */
export type Ranking = ReadonlyMap<string, number>;

const cents = (score: number): number => Math.round(score * 100);

/** The value scores of all customers as of a view's instant. */
function scoresOf(view: View): Ranking {
  const scores = new Map<string, number>();
  for (const account of view.accounts) {
    const score = numberOf(valueScore(view, account));
    if (score !== null && isCustomer(view, account)) scores.set(account.id, cents(score));
  }
  return scores;
}

/** The ranking that holds at the view's instant: of the last Monday, before the first ranking as of the instant. */
export function rankingOf(view: View): Ranking {
  const monday = scoresOf(viewOf(view.world, mondayOf(view.at)));
  return monday.size === 0 ? scoresOf(view) : monday;
}

/** `(r - 1) / n` in the ranking; an account that it does not hold is placed by its present score. */
export function rankShare(ranking: Ranking, account: string, score: number): number {
  const own = ranking.get(account) ?? cents(score);
  return [...ranking.values()].filter((other) => other > own).length / ranking.size;
}

/** `value_tier` of a rank share. */
export function valueTier(view: View, share: number): Answer {
  const { tiers } = view.world.model.value;
  const tier = tiers.find((candidate) => below(share, candidate.below)) ?? tiers[tiers.length - 1];
  if (tier === undefined) throw new Error('a model without value tiers');
  return known(tier.name);
}
