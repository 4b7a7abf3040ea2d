import { STANDARD } from '../pipeline/questions.ts';
import { AS_OF, choicesOf, countChoice, horizonChoice, SEED, SPLIT } from './choice.ts';

const { horizonDays, permutations } = STANDARD.thresholds;

/** Options of every command that searches for cuts. */
export const SEARCH_CHOICES = {
  asOf: AS_OF,
  horizon: horizonChoice(horizonDays, 'days after a landmark in which a churn counts'),
  split: SPLIT,
  permutations: countChoice('--permutations <COUNT>', 'shuffles of accounts, and draws for the interval', permutations),
  seed: SEED,
} as const;

/** The same for commands with no options of their own. */
export const SEARCH = choicesOf(SEARCH_CHOICES);
