import { z } from 'zod';
import { FACT_TABLES } from '../model/tables.ts';

/** Description for the editor's completion. */
const said = <T extends z.ZodType>(schema: T, description: string): T => schema.describe(description);

const condition = said(z.string(), 'A condition: a typed subset of SQL over signals, attributes, bands and classes.');
const days = z.number().int().positive();
const share = z.number().min(0).max(1);
const texts = z.union([z.array(z.string()), z.string()]);
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const instant = said(z.string(), 'An ISO day or instant, UTC; a day alone is its midnight.');

const classFields = { name: z.string(), when: condition.nullish() };
const classes = said(
  z.union([z.array(z.strictObject(classFields)), z.record(z.string(), condition)]),
  'First match wins: a list of {name, when}, or an ordered map of name to condition; `otherwise` takes the rest.',
);

const source = z.strictObject({
  name: z.string().nullish(),
  table: said(z.enum(FACT_TABLES.map((table) => table.name)), 'The fact table that the rows become.'),
  path: said(z.string(), 'Path or glob, relative to this file; $NAME is read from the environment.'),
  format: z.enum(['csv', 'jsonl', 'parquet']).nullish(),
  delimiter: z.string().nullish(),
  columns: said(
    z.record(z.string(), scalar),
    'Our column: a column of the file, a quoted constant, or arithmetic.',
  ).nullish(),
  time_format: z.string().nullish(),
  timezone: z.string().nullish(),
  where: z.string().nullish(),
  ends_inclusive: z.boolean().nullish(),
  covers_from: instant.nullish(),
  complete_through: said(
    z.string(),
    'An ISO day or instant, UTC, exclusive; or `tracking`: from the end of the file on, the tracking API carries on.',
  ).nullish(),
});

const area = z.strictObject({
  name: z.string().optional(),
  events: texts,
  where: condition.nullish(),
  core: z.boolean().nullish(),
  advanced: z.boolean().nullish(),
  entry: z.boolean().nullish(),
  help: z.boolean().nullish(),
  integration: z.boolean().nullish(),
  label: z.string().nullish(),
});

const workflow = z.strictObject({
  name: z.string().optional(),
  steps: z.array(z.string()).min(1),
  within_days: days.nullish(),
});

const taxonomy = z.strictObject({
  features: z.union([z.record(z.string(), z.union([z.array(z.string()), area])), z.array(area)]).nullish(),
  workflows: z.union([z.record(z.string(), z.union([z.array(z.string()), workflow])), z.array(workflow)]).nullish(),
  proxies: texts.nullish(),
  ignore: texts.nullish(),
});

const milestone = z.strictObject({
  name: z.string().optional(),
  event: z.string().nullish(),
  workflow: z.string().nullish(),
  count: z.number().int().positive().nullish(),
  users: z.number().int().positive().nullish(),
  where: condition.nullish(),
  within_days: days.nullish(),
  primary: z.boolean().nullish(),
  allow_proxy: said(z.union([z.boolean(), z.string()]), 'true with a `reason`, or the reason itself.').nullish(),
  reason: z.string().nullish(),
});

const activation = z.strictObject({
  account_sequence: z.array(z.string()).nullish(),
  user_sequence: z.array(z.string()).nullish(),
  milestones: z.union([z.record(z.string(), milestone), z.array(milestone)]).nullish(),
});

const MEASURES = [
  'count',
  'distinct_users',
  'distinct_days',
  'sum',
  'min',
  'max',
  'mean',
  'last',
  'days_since',
] as const;

const ownSignal = z.strictObject({
  name: z.string().optional(),
  entity: z.enum(['account', 'user']).nullish(),
  measure: z.enum(MEASURES).nullish(),
  of: said(texts, 'An event, a feature area, or a list of them.').nullish(),
  property: z.string().nullish(),
  where: condition.nullish(),
  window_days: days.nullish(),
  like: said(z.string(), 'A shipped signal, of which this is another window.').nullish(),
  meaning: z.string().nullish(),
});

const TRAIT_TYPES = [
  'number',
  'integer',
  'float',
  'text',
  'string',
  'flag',
  'boolean',
  'bool',
  'list',
  'day',
  'date',
] as const;
const traitType = z.enum(TRAIT_TYPES);
const trait = z.strictObject({
  name: z.string().optional(),
  entity: z.enum(['account', 'user']).nullish(),
  type: traitType.nullish(),
});

const healthComponent = z.strictObject({
  signal: z.string().optional(),
  poor: z.number(),
  good: z.number(),
  weight: z.number().positive(),
});
const health = z.union([z.array(healthComponent), z.record(z.string(), healthComponent)]);

const trigger = z.strictObject({
  name: z.string(),
  when: condition,
  due_days: days.nullish(),
  owner: z.string().nullish(),
  steps: texts.nullish(),
  enters_at_risk: z.boolean().nullish(),
});

const coverage = z.strictObject({
  model: z.string().nullish(),
  ratio: said(z.union([z.number().positive(), z.string()]), 'Accounts per CSM: 10, or 1:10.').nullish(),
});

const motion = z.strictObject({
  coverage: z.union([z.string(), coverage]).nullish(),
  sales_play: texts.nullish(),
  nurture_track: texts.nullish(),
  expansion_triggers: z.array(trigger).nullish(),
  churn_indicators: z.array(trigger).nullish(),
  renewal_cadence_days: days.nullish(),
  review_cadence: z.string().nullish(),
});

const segmentFields = {
  when: condition.optional(),
  overlay: said(z.boolean(), 'Lies over the home segments; At-Risk does by default.').nullish(),
  dwell_days: z.number().int().min(0).nullish(),
  personas: z
    .array(z.union([z.string(), z.strictObject({ name: z.string(), description: z.string().nullish() })]))
    .nullish(),
  messaging_hook: texts.nullish(),
  sales_motion: texts.nullish(),
  pricing: texts.nullish(),
  motion: motion.nullish(),
  health: health.nullish(),
};
const segment = z.strictObject({ name: z.string().optional(), ...segmentFields });
const segments = z.union([z.array(segment), z.record(z.string(), z.union([condition, segment]))]);

const fallback = z.union([
  z.array(z.strictObject({ segment: z.string().optional(), name: z.string().optional(), when: condition.nullish() })),
  z.record(z.string(), condition),
]);

const job = z.strictObject({
  name: z.string().optional(),
  label: z.string().nullish(),
  codebook: texts.nullish(),
  features: texts.nullish(),
});

const value = z.strictObject({
  churn_grace_days: z.number().int().min(0).nullish(),
  expansion_multiplier: z.number().positive().nullish(),
  below_capacity: share.nullish(),
  tiers: said(
    z.union([z.record(z.string(), share), z.array(z.strictObject({ name: z.string(), below: share }))]),
    'Upper rank share of each tier, ascending to 1 (or the share of each, adding up to 1).',
  ).nullish(),
  assumed_margin: z.number().nullish(),
  assumed_churn: share.nullish(),
});

/** The shape of `bellwether.yaml`, before its conditions are read. What is left out takes the shipped default. */
export const MODEL_SCHEMA = z.strictObject({
  version: z.union([z.literal(1), z.literal('1')]).nullish(),
  name: z.string().nullish(),
  currency: said(z.string(), 'ISO code of the currency in which money is counted.').nullish(),
  timezone: said(z.string(), 'IANA zone of the operators, for pages and due dates.').nullish(),
  grain: z.enum(['account', 'parent']).nullish(),
  sources: z.array(source).nullish(),
  icp: z.union([condition, z.strictObject({ when: condition.nullish() })]).nullish(),
  bands: said(z.record(z.string(), classes), 'Named ranges of firmographic attributes.').nullish(),
  taxonomy: taxonomy.nullish(),
  activation: activation.nullish(),
  signals: z.union([z.record(z.string(), ownSignal), z.array(ownSignal)]).nullish(),
  traits: z.union([z.record(z.string(), z.union([traitType, trait])), z.array(trait)]).nullish(),
  exclude: z.strictObject({ users: condition.nullish(), accounts: condition.nullish() }).nullish(),
  users: z.strictObject({ executive_seniority: texts.nullish(), tiers: classes.nullish() }).nullish(),
  decline: z
    .strictObject({
      min_decline: said(share, 'Share below the own baseline from which a decline counts.').nullish(),
      max_z: said(z.number(), 'z value at or below which a decline stands out from chance.').nullish(),
    })
    .nullish(),
  cohorts: classes.nullish(),
  archetypes: classes.nullish(),
  value: value.nullish(),
  health: health.nullish(),
  composite: z
    .strictObject({
      behavioural: z.number().min(0).nullish(),
      value: z.number().min(0).nullish(),
      needs: z.number().min(0).nullish(),
      firmographic: z.number().min(0).nullish(),
    })
    .nullish(),
  jobs: z.union([z.record(z.string(), z.union([z.string(), job])), z.array(job)]).nullish(),
  segments: segments.nullish(),
  fallback: fallback.nullish(),
  assignment: z
    .strictObject({
      dwell_days: z.number().int().min(0).nullish(),
      overlay_exit_days: z.number().int().min(0).nullish(),
      window_days: days.nullish(),
      override_days: days.nullish(),
    })
    .nullish(),
  breaker: z.strictObject({ share: share.nullish(), minimum: z.number().int().min(0).nullish() }).nullish(),
  outcomes: z.strictObject({ inactive_days: days.nullish() }).nullish(),
  tracking: z
    .strictObject({
      account_property: said(
        z.string(),
        'Property of a tracked event that names its account, where its context names none.',
      ).nullish(),
    })
    .nullish(),
  experience: z
    .strictObject({
      suppress: said(
        z.record(z.string(), condition),
        'Feature area: the condition over the account under which it is never suggested to its users.',
      ).nullish(),
    })
    .nullish(),
  destinations: z.unknown().optional(),
});

/** The file's content as it was written, of the right shape. */
export type RawModel = z.infer<typeof MODEL_SCHEMA>;
/** Classes as written: a list or an ordered map. */
export type RawClasses = z.infer<typeof classes>;
/** Health components as written. */
export type RawHealth = z.infer<typeof health>;
/** A motion as written. */
export type RawMotion = z.infer<typeof motion>;
/** A segment as written. */
export type RawSegment = z.infer<typeof segment>;
/** A trigger as written. */
export type RawTrigger = z.infer<typeof trigger>;
