const text = { type: 'string' } as const;
const maybeText = { type: ['string', 'null'] } as const;
const maybeNumber = { type: ['number', 'null'] } as const;
const instant = { type: 'string', format: 'date-time' } as const;
const yes = { type: 'boolean' } as const;

function object<Properties extends object>(description: string, properties: Properties) {
  return { type: 'object', description, required: Object.keys(properties), properties } as const;
}

function list<Items extends object>(items: Items) {
  return { type: 'array', items } as const;
}

const UNKNOWN_SCHEMA = list(object('An input that is missing, and why', { signal: text, reason: text }));

const NEXT_FEATURE_SCHEMA = object('A feature area worth showing, and what speaks for it', {
  feature: text,
  basis: { type: 'string', enum: ['segment', 'overall', 'peers'] },
  segment: maybeText,
  difference: maybeNumber,
  interval: { type: ['array', 'null'], items: { type: 'number' } },
  share: maybeNumber,
  peers: maybeNumber,
  job: maybeText,
  reason: text,
});

/** JSON schema of `ExperienceBody`. */
export const EXPERIENCE_SCHEMA = object('What the product shows a user, and what it does not', {
  userId: text,
  account: object('Account in which the user works', { id: text, name: maybeText }),
  asOf: instant,
  segment: maybeText,
  home: maybeText,
  tier: maybeText,
  cohort: maybeText,
  lifecycle: maybeText,
  archetype: maybeText,
  valueTier: maybeText,
  stalledStep: maybeText,
  nextStep: {
    ...object('Step to point at', { step: text, position: { type: 'integer' }, of: { type: 'integer' } }),
    type: ['object', 'null'],
  },
  nextFeatures: object('At most two features to show next', {
    features: list(NEXT_FEATURE_SCHEMA),
    whyNone: maybeText,
  }),
  doNotShow: object('What not to show', {
    features: list(
      object('A feature area and why', {
        feature: text,
        because: { type: 'string', enum: ['suppressed', 'finished'] },
      }),
    ),
    steps: list(text),
    newFeatures: yes,
  }),
  isOverridden: yes,
  isHeld: yes,
  unknown: UNKNOWN_SCHEMA,
});

/** JSON schema of `AccountBody`. */
export const ACCOUNT_SCHEMA = object('What is said of an account now', {
  accountId: text,
  asOf: instant,
  name: maybeText,
  relationship: text,
  eligible: { type: ['boolean', 'null'] },
  segment: maybeText,
  since: { type: ['string', 'null'], format: 'date-time' },
  home: maybeText,
  isOverridden: yes,
  isHeld: yes,
  cohort: maybeText,
  lifecycle: maybeText,
  direction: maybeText,
  archetype: maybeText,
  valueTier: maybeText,
  job: maybeText,
  arr: maybeNumber,
  score: maybeNumber,
  health: maybeNumber,
  isActivated: { type: ['boolean', 'null'] },
  stepsReached: { type: ['integer', 'null'] },
  suppressed: list(text),
  unknown: UNKNOWN_SCHEMA,
  users: { type: 'integer' },
  inputs: list(
    object('Last arrival of an input', {
      table: text,
      source: text,
      receivedAt: instant,
      happenedAt: { type: ['string', 'null'], format: 'date-time' },
    }),
  ),
});
