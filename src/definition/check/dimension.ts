import type { SignalEntry } from '../../model/signal.ts';
import { factTable } from '../../model/tables.ts';
import type { Condition } from '../../rule/condition.ts';
import type { Model } from '../model.ts';

/** The dimensions of a segmentation (D1), the composite of them aside. */
export type Dimension = 'firmographic' | 'behavioural' | 'lifecycle' | 'needs' | 'value';

/** What is known about a dimension before any data (R003, R004, R005, R161). */
export interface DimensionFacts {
  readonly dimension: Dimension;
  readonly source: string;
  readonly ease: string;
  readonly power: string;
  readonly use: string;
  readonly misses: string;
}

/** Ease of collection and predictive power run against each other (R005). */
export const DIMENSIONS: readonly DimensionFacts[] = [
  {
    dimension: 'firmographic',
    source: 'CRM, enrichment, self-reported at sign-up',
    ease: 'high',
    power: 'low to moderate',
    use: 'ICP, territory, routing',
    misses: 'actual use, bottom-up or top-down adoption, depth',
  },
  {
    dimension: 'behavioural',
    source: 'event logs, sessions, milestones',
    ease: 'low to moderate',
    power: 'high',
    use: 'CS priorities, triggers, early warning',
    misses: 'why, the job, strategic context',
  },
  {
    dimension: 'lifecycle',
    source: 'the same events, over time',
    ease: 'low to moderate',
    power: 'high',
    use: 'timing: how behaviour is changing, not only what it is',
    misses: 'why it changes',
  },
  {
    dimension: 'needs',
    source: 'call notes, onboarding surveys, ticket themes, win/loss interviews',
    ease: 'moderate',
    power: 'moderate to high',
    use: 'roadmap, messaging, feature campaigns',
    misses: 'whether the value is extracted (execution gap)',
  },
  {
    dimension: 'value',
    source: 'revenue, expansion history, NPS by cohort, health scores',
    ease: 'moderate',
    power: 'very high',
    use: 'resources, tiering, renewal, sponsors',
    misses: 'early warning',
  },
];

const OF_CLASS: Readonly<Record<string, Dimension>> = {
  cohort: 'behavioural',
  archetype: 'behavioural',
  health_score: 'behavioural',
  composite_score: 'behavioural',
  lifecycle: 'lifecycle',
  direction: 'lifecycle',
  account_age_days: 'lifecycle',
  relationship: 'lifecycle',
  value_tier: 'value',
  eligible: 'firmographic',
};

const OF_TABLE: Readonly<Record<string, Dimension>> = {
  contracts: 'value',
  costs: 'value',
  meters: 'value',
  opportunities: 'value',
  needs: 'needs',
  releases: 'needs',
};

/** The dimensions that a condition of an account draws on, through bands down to what they read. */
export function dimensionsOf(
  condition: Condition,
  model: Model,
  catalogue: readonly SignalEntry[],
): ReadonlySet<Dimension> {
  const found = new Set<Dimension>();
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const band = model.bands.find((candidate) => candidate.name === name);
    if (band !== undefined) {
      for (const { when } of band.bands) for (const inner of when?.names ?? []) visit(inner);
      return;
    }
    found.add(dimensionOf(name, model, catalogue));
  };
  for (const name of condition.names) visit(name);
  return found;
}

/** The dimension of one signal, attribute or class that is no band. */
export function dimensionOf(name: string, model: Model, catalogue: readonly SignalEntry[]): Dimension {
  const fixed = OF_CLASS[name];
  if (fixed !== undefined) return fixed;
  const isColumn = factTable('accounts').columns.some((column) => column.name === name);
  if (isColumn || model.traits.some((trait) => trait.name === name)) return 'firmographic';
  const inputs = catalogue.find((entry) => entry.name === name && entry.entity === 'account')?.inputs ?? [];
  if (inputs.includes('events')) return 'behavioural';
  return inputs.map((table) => OF_TABLE[table]).find((dimension) => dimension !== undefined) ?? 'behavioural';
}
