import { SIGNAL_CATALOGUE } from '../profile/catalogue.ts';
import { readProfiles, valueIn } from './accounts.ts';
import type { Engines } from './engines.ts';

/** How widely signals spread among customers: the interquartile range of each, by name. */
export type Spreads = ReadonlyMap<string, number>;

/** Tells the spreads as of a midnight. */
export type SpreadReader = (engines: Engines, midnight: number) => Promise<Spreads>;

/** Names of account signals that a person can move: those that the catalogue says so of, and the model's own. */
export function movableNames({ model }: Pick<Engines, 'model'>): ReadonlySet<string> {
  const shipped = SIGNAL_CATALOGUE.filter(({ entity, isMovable }) => entity === 'account' && isMovable);
  const own = model.signals.filter(({ entity }) => entity === 'account');
  return new Set([...shipped, ...own].map(({ name }) => name));
}

/** Interquartile ranges among customers of everything that a rule reads and a person can move, as of a midnight. */
export async function spreadsOf(engines: Engines, midnight: number): Promise<Spreads> {
  const { model } = engines;
  const texts = new Set(SIGNAL_CATALOGUE.filter(({ type }) => type === 'text').map(({ name }) => name));
  const conditions = [
    ...model.segments.flatMap(({ when, motion }) => [when, ...motion.churnIndicators.map((each) => each.when)]),
    ...[...model.fallback, ...model.cohorts, ...model.archetypes].flatMap(({ when }) => (when === null ? [] : [when])),
  ];
  const movable = movableNames(engines);
  const names = [...new Set(conditions.flatMap((condition) => condition.names))].filter(
    (name) => movable.has(name) && !texts.has(name),
  );
  if (names.length === 0) return new Map();
  const rows = await readProfiles(engines, [midnight], null, names);
  const customers = rows.filter((row) => row['relationship'] === 'customer');
  return new Map(names.map((name) => [name, rangeOf(customers.map((row) => valueIn(row, name)))]));
}

function rangeOf(values: readonly unknown[]): number {
  const sorted = values.filter((value) => typeof value === 'number').sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return at(0.75) - at(0.25);
}
