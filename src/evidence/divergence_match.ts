import { randomStream } from '../stats/random.ts';
import { type CustomerRow, endOf } from './calendar.ts';
import { DAY_MS } from './history.ts';
import type { Panel } from './panel.ts';

/** Rows of an account by landmark. */
type WeeklyTrack = ReadonlyMap<number, CustomerRow>;

/** A churn and accounts like it that were customers then; weeks are counted back from `lastMs`, the landmark before it. */
export interface MatchedCase {
  readonly accountId: string;
  readonly churnMs: number;
  readonly lastMs: number;
  readonly track: WeeklyTrack;
  readonly controls: readonly WeeklyTrack[];
}

const AGE_DAYS = 28;

/** Up to so many risk-set controls for each churn: same week, age within four weeks, same bands, customers on that day. */
export function matchCases(
  panel: Panel,
  rows: readonly CustomerRow[],
  options: { readonly bands: readonly string[]; readonly controls: number; readonly seed: number },
): readonly MatchedCase[] {
  const bands = options.bands.map((name) => panel.texts(name));
  const stratumOf = ({ index }: CustomerRow): string => bands.map((column) => column[index] ?? 'unknown').join(' / ');
  const tracks = new Map<string, Map<number, CustomerRow>>();
  const byLandmark = new Map<number, CustomerRow[]>();
  for (const row of rows) {
    const track = tracks.get(row.accountId) ?? new Map<number, CustomerRow>();
    tracks.set(row.accountId, track.set(row.landmarkMs, row));
    const week = byLandmark.get(row.landmarkMs) ?? [];
    week.push(row);
    byLandmark.set(row.landmarkMs, week);
  }
  const weekDays = 7;
  const lasts = rows.filter(({ outcome }) => outcome.isChurned && outcome.days <= weekDays);
  return lasts.map((last): MatchedCase => {
    const churnMs = endOf(last);
    const created = last.account?.createdMs ?? null;
    const alike = (byLandmark.get(last.landmarkMs) ?? []).filter((other) => {
      const age = other.account?.createdMs ?? null;
      if (created === null || age === null || other.accountId === last.accountId) return false;
      const isThere = endOf(other) > churnMs;
      return isThere && Math.abs(age - created) <= AGE_DAYS * DAY_MS && stratumOf(other) === stratumOf(last);
    });
    const order = Int32Array.from(alike.keys());
    randomStream(options.seed, 'controls', last.accountId, last.landmarkMs).shuffle(order);
    const controls = [...order.slice(0, options.controls)].flatMap((place) => {
      const id = alike[place]?.accountId ?? '';
      return tracks.get(id) ?? [];
    });
    return {
      accountId: last.accountId,
      churnMs,
      lastMs: last.landmarkMs,
      track: tracks.get(last.accountId) ?? new Map(),
      controls,
    };
  });
}
