import type { Experience } from './experience.ts';

/** What a flag answers: a value, or why there is none, so that the default in the product's own code is used. */
type FlagAnswer =
  | { readonly kind: 'value'; readonly value: string | object }
  | { readonly kind: 'absent'; readonly why: string };

/** One flag: its key, the type of its value, what it tells, and how it is read from an experience. */
export interface Flag {
  readonly key: string;
  readonly type: 'string' | 'object';
  readonly meaning: string;
  readonly read: (experience: Experience) => FlagAnswer;
}

function text(key: string, meaning: string, read: (experience: Experience) => string | null, why: string): Flag {
  return {
    key,
    type: 'string',
    meaning,
    read: (experience) => {
      const value = read(experience);
      return value === null ? { kind: 'absent', why } : { kind: 'value', value };
    },
  };
}

function object(key: string, meaning: string, read: (experience: Experience) => object): Flag {
  return { key, type: 'object', meaning, read: (experience) => ({ kind: 'value', value: read(experience) }) };
}

/** Every flag, in the order in which a bulk answer lists them. */
export const FLAGS: readonly Flag[] = [
  text('segment', 'segment of the account', ({ segment }) => segment, 'the account is in no segment'),
  text('tier', 'tier of the user', ({ tier }) => tier, 'the tier of the user is unknown'),
  text('cohort', 'behavioural cohort of the account', ({ cohort }) => cohort, 'the cohort of the account is unknown'),
  text('lifecycle', 'stage of the account', ({ lifecycle }) => lifecycle, 'the stage of the account is unknown'),
  text('archetype', 'how the account took the product up', ({ archetype }) => archetype, 'no archetype applies yet'),
  text(
    'value_tier',
    'value of the account among all',
    ({ valueTier }) => valueTier,
    'the account is not ranked by value',
  ),
  text(
    'stalled_step',
    'step at which the user stopped seven days ago or more',
    ({ stalledStep }) => stalledStep,
    'the user has stopped at no step',
  ),
  text('next_step', 'step to point at', ({ nextStep }) => nextStep?.step ?? null, 'there is no step to point at'),
  text(
    'next_best_feature',
    'the first feature to show next',
    ({ nextFeatures }) => nextFeatures.features[0]?.feature ?? null,
    'there is no feature to show next',
  ),
  object('next_best_features', 'at most two features to show next, with reasons', ({ nextFeatures }) => nextFeatures),
  object('suppressions', 'what not to show: features, steps, and whether anything new', ({ doNotShow }) => doNotShow),
];

/** The flag with a key; null where there is none. */
export function flagNamed(key: string): Flag | null {
  return FLAGS.find((flag) => flag.key === key) ?? null;
}
