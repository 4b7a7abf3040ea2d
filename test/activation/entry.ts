import type { AccountAnswer, BookEntry, UserAnswer } from '../../src/activation/answer.ts';
import { writeDefaultModel } from '../../src/definition/example/files.ts';
import type { Model } from '../../src/definition/model.ts';
import { parseModel } from '../../src/definition/parse.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';

/** The shipped model. */
export function defaultModel(): Model {
  const { model } = parseModel(writeDefaultModel(), { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
  if (model === null) throw new Error('the default model is refused');
  return model;
}

/** Midnight of which everything here is said. */
export const AS_OF = Date.UTC(2026, 10, 22);

/** An account of which all is known, but for what is said otherwise. */
export function account(accountId: string, said: Partial<AccountAnswer> = {}): AccountAnswer {
  return {
    accountId,
    asOf: AS_OF,
    name: accountId,
    relationship: 'customer',
    eligible: true,
    segment: 'Growth',
    since: AS_OF - 86_400_000,
    home: 'Growth',
    isOverridden: false,
    isHeld: false,
    cohort: 'Steady State',
    lifecycle: 'active',
    direction: 'steady',
    archetype: 'Fast and broad',
    valueTier: 'Gold',
    job: null,
    firmographics: {},
    csm: null,
    arr: 12_000,
    valueScore: 10_000,
    score: 60,
    health: 70,
    isActivated: true,
    stepsReached: 3,
    suppressed: [],
    unknown: [],
    ...said,
  };
}

/** A user of the tier average who has finished all steps and uses nothing, but for what is said otherwise. */
export function user(userId: string, said: Partial<UserAnswer> = {}): UserAnswer {
  return { userId, tier: 'average', stalledStep: null, stepsReached: 3, used: [], ...said };
}

/** An account with its users. */
export function entry(one: AccountAnswer, ...users: readonly UserAnswer[]): BookEntry {
  return { account: one, users };
}
