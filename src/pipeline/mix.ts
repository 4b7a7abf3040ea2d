import type { Model } from '../definition/model.ts';
import type { AccountRow } from './accounts.ts';
import { sumArr } from './money.ts';

/** Who is really inside a firmographic band (R017, R018): a row of `segments mix --json`. Grain: band and its value. */
export interface MixRow {
  readonly band: string;
  /** Null: it is unknown. */
  readonly value: string | null;
  readonly customers: number;
  readonly arr: number | null;
  readonly arr_unknown: number;
  /** Customers by cohort, and by segment; `unknown` and `none` among them. */
  readonly cohorts: Readonly<Record<string, number>>;
  readonly segments: Readonly<Record<string, number>>;
}

/** The mix of cohorts and segments of customers inside every value of every band, in the order of the model. Pure. */
export function mixOf(model: Model, accounts: readonly AccountRow[]): readonly MixRow[] {
  const customers = accounts.filter(({ relationship }) => relationship === 'customer');
  return model.bands.flatMap(({ name: band, bands }) =>
    [...bands.map(({ name }) => name), null].flatMap((value): readonly MixRow[] => {
      const members = customers.filter(({ firmographics }) => (firmographics[band] ?? null) === value);
      if (members.length === 0 && value === null) return [];
      const { arr, unknown } = sumArr(members.map((account) => account.arr));
      return [
        {
          ...{ band, value, customers: members.length, arr, arr_unknown: unknown },
          cohorts: countBy(members.map(({ cohort }) => cohort ?? 'unknown')),
          segments: countBy(members.map(({ segment }) => segment ?? 'none')),
        },
      ];
    }),
  );
}

function countBy(names: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}
