import type { RandomStream } from '../stats/random.ts';
import { type CustomerRow, endOf } from './calendar.ts';
import { DAY_MS } from './history.ts';
import { customAt } from './outcome.ts';

/** A churn: who, when, how old then, and the end of the term that it was known to run to. */
export interface Churn {
  readonly accountId: string;
  readonly rows: readonly CustomerRow[];
  readonly churnMs: number;
  readonly termEndMs: number | null;
  readonly createdMs: number | null;
  /** No end of term was ever on paper: it could leave any day. */
  readonly isOpenEnded: boolean;
}

/** A retained account at a renewal of the same week and age as a churn. */
export interface Control {
  readonly accountId: string;
  readonly rows: readonly CustomerRow[];
  readonly renewalMs: number;
}

const WEEK_MS = 7 * DAY_MS;
const AGE_MS = 28 * DAY_MS;
const STAYED_MS = 30 * DAY_MS;

/** Every churn of accounts that were watched before it, by time. */
export function churnsOf(byAccount: ReadonlyMap<string, readonly CustomerRow[]>): readonly Churn[] {
  const churns: Churn[] = [];
  for (const [accountId, rows] of byAccount) {
    const ends = new Set(rows.filter(({ outcome }) => outcome.isChurned).map((row) => Math.round(endOf(row))));
    for (const churnMs of ends) {
      const own = rows.filter((row) => row.outcome.isChurned && Math.round(endOf(row)) === churnMs);
      const last = own.at(-1);
      const termDays = last?.outcome.termDays ?? null;
      const termEndMs = last === undefined || termDays === null ? null : last.landmarkMs + termDays * DAY_MS;
      const account = last?.account ?? null;
      const isOpenEnded = account !== null && customAt(account, churnMs).terms.length === 0;
      churns.push({ accountId, rows: own, churnMs, termEndMs, createdMs: account?.createdMs ?? null, isOpenEnded });
    }
  }
  return churns.sort((a, b) => a.churnMs - b.churnMs || (a.accountId < b.accountId ? -1 : 1));
}

/**
 * Retained accounts with an end of term within a week of the churn, of an age within four weeks of its, in random order.
 *
 * To a churn without any term belong accounts without one: those could leave on any day, so on the day of the churn.
 */
export function controlsFor(
  churn: Churn,
  byAccount: ReadonlyMap<string, readonly CustomerRow[]>,
  random: RandomStream,
): readonly Control[] {
  const { createdMs } = churn;
  if (createdMs === null) return [];
  const found: Control[] = [];
  for (const [accountId, rows] of byAccount) {
    const account = rows[0]?.account;
    if (accountId === churn.accountId || account == null || account.createdMs === null) continue;
    if (Math.abs(account.createdMs - createdMs) > AGE_MS) continue;
    const renewal = renewalNear(rows, churn);
    if (renewal !== null) found.push({ accountId, rows, renewalMs: renewal });
  }
  const order = Int32Array.from(found.keys());
  random.shuffle(order);
  return Array.from(order, (place) => found[place] as Control);
}

/** The end of a term nearest to a churn, within a week of it, after which the account stayed a month; else null. */
function renewalNear(rows: readonly CustomerRow[], { churnMs, isOpenEnded }: Churn): number | null {
  const [first] = rows;
  const last = rows.at(-1);
  if (first?.account == null || last === undefined) return null;
  const { terms, spells } = customAt(first.account, churnMs);
  if (isOpenEnded !== (terms.length === 0)) return null;
  const ends = isOpenEnded
    ? [churnMs]
    : terms
        .filter(({ endsMs, knownMs }) => knownMs < endsMs && Math.abs(endsMs - churnMs) <= WEEK_MS)
        .map(({ endsMs }) => endsMs)
        .sort((a, b) => Math.abs(a - churnMs) - Math.abs(b - churnMs));
  const renewal = ends.find((endMs) =>
    spells.some(
      (spell) => spell.startMs < endMs - STAYED_MS && (spell.churnedMs === null || spell.churnedMs > endMs + STAYED_MS),
    ),
  );
  if (renewal === undefined || endOf(last) < renewal + STAYED_MS) return null;
  return rows.some(({ landmarkMs }) => landmarkMs < renewal) ? renewal : null;
}
