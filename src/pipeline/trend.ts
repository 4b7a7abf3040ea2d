import { z } from 'zod';
import { SIGNAL_CATALOGUE } from '../profile/catalogue.ts';
import { computeProfiles, dropProfiles } from '../profile/profile.ts';
import { valueIn } from './accounts.ts';
import { instantsTogether, withChosen } from './chosen.ts';
import type { Engines } from './engines.ts';
import { signalEntries } from './signals.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** Fewest values of its own past from which an account's usual range is told. */
const FEWEST = 4;

/** Weeks that are shown, and as many before them that they are held against. */
export const TREND_WEEKS = 13;

/** A signal of one account week by week, and what was usual for this account in the weeks before. */
export interface Trend {
  readonly accountId: string;
  readonly signal: string;
  /** One for each week, the earliest first; null: unknown, or the account did not exist. */
  readonly values: readonly (number | null)[];
  /** Lower and upper quartile of its own weeks before those; null: fewer than four of them are known. */
  readonly usual: { readonly low: number; readonly high: number } | null;
}

/** Which signals of which accounts; `asOf` in milliseconds. */
export interface TrendRequest {
  readonly accountIds: readonly string[];
  readonly signals: readonly string[];
  readonly asOf: number;
  readonly weeks: number;
}

/** Names of account signals that are numbers, so that they have a trend. */
export function trendable({ model }: Pick<Engines, 'model'>): ReadonlySet<string> {
  const entries = signalEntries(model, SIGNAL_CATALOGUE).filter(
    ({ entity, type }) => entity === 'account' && type !== 'text',
  );
  return new Set([...entries.map(({ name }) => name), 'health_score']);
}

/** The instants of a trend, one a week, the earliest first: those shown, and as many before them. */
export function trendInstants(asOf: number, weeks: number): readonly number[] {
  return Array.from({ length: 2 * weeks }, (_, index) => asOf - (2 * weeks - 1 - index) * WEEK_MS);
}

/** Signals of some accounts over some weeks, beside their own past: recomputed from today's facts, by account and signal. */
export async function readTrends(engines: Engines, request: TrendRequest): Promise<readonly Trend[]> {
  const { warehouse, model, run } = engines;
  const { accountIds, signals, asOf, weeks } = request;
  const asOfs = trendInstants(asOf, weeks);
  const name = `${run}_trend_w`;
  const rows = await withChosen(engines, accountIds, 'trend', async (only) => {
    try {
      const { accounts } = await computeProfiles(warehouse, {
        model,
        asOfs,
        run: name,
        only,
        signals: new Set(signals),
        entity: 'account',
        chunk: instantsTogether(accountIds.length),
      });
      return await warehouse.rows(
        `SELECT account_id, as_of, ${signals.join(', ')} FROM ${accounts}`,
        z.record(z.string(), z.unknown()),
      );
    } finally {
      await dropProfiles(warehouse, name);
    }
  });
  const byKey = new Map(rows.map((row) => [`${row['as_of']} ${row['account_id']}`, row]));
  return accountIds.flatMap((accountId) =>
    signals.map((signal): Trend => {
      const all = asOfs.map((at) => {
        const value = valueIn(byKey.get(`${at} ${accountId}`) ?? {}, signal);
        return typeof value === 'number' ? value : null;
      });
      return { accountId, signal, values: all.slice(weeks), usual: usualOf(all.slice(0, weeks)) };
    }),
  );
}

/** Quartiles of what is known of an own past; null on too little. Pure. */
export function usualOf(values: readonly (number | null)[]): Trend['usual'] {
  const known = values.flatMap((value) => (value === null ? [] : [value])).sort((a, b) => a - b);
  if (known.length < FEWEST) return null;
  const at = (share: number): number => {
    const place = share * (known.length - 1);
    const [below = 0, above = 0] = [known[Math.floor(place)], known[Math.ceil(place)]];
    return below + (above - below) * (place - Math.floor(place));
  };
  return { low: at(0.25), high: at(0.75) };
}
