import type { Model } from './model.ts';

/** Fields of an account that say what it is on paper, whatever it does. */
const FIELDS = ['employees', 'revenue', 'industry', 'sub_industry', 'country', 'region', 'funding_stage'] as const;

/** Names of what an account is on paper: fields of its facts, and the bands that a model makes of them. */
export function firmographicNames({ bands }: Pick<Model, 'bands'>): readonly string[] {
  return [...new Set([...FIELDS, ...bands.map(({ name }) => name)])];
}

/** What an account is on paper, from a row that has a column for each name; null: unknown. */
export function firmographicsOf(
  model: Pick<Model, 'bands'>,
  row: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string | number | null>> {
  const entries = firmographicNames(model).map((name) => {
    const value = row[name];
    return [name, typeof value === 'number' || (typeof value === 'string' && value !== '') ? value : null] as const;
  });
  return Object.fromEntries(entries);
}
