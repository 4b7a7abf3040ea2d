import { DAY_MS, type History, type PastAccount, paperKey, type Reach } from '../../src/evidence/history.ts';

/** First midnight of the histories that tests make. */
export const BEGIN = Date.UTC(2024, 0, 1);

/** What a test says of an account; days are counted from `BEGIN`. */
export interface Told {
  readonly id: string;
  readonly created: number;
  /** Day of churn; absent: it stays. */
  readonly churned?: number | undefined;
  /** First day of its paid contract; null: it never pays; absent: from its creation on. */
  readonly paid?: number | null;
  /** By event name: the days on which it happened. */
  readonly did?: Readonly<Record<string, readonly number[]>>;
  /** By event name: the days on which different users first did it. */
  readonly didBy?: Readonly<Record<string, readonly number[]>>;
  readonly band?: string;
  readonly isEligible?: boolean | null;
  readonly linked?: number;
}

/** A history of accounts that are customers from their creation on unless told otherwise, followed for so many days. */
export function pastOf(told: readonly Told[], followedDays: number, ageDays: readonly number[]): History {
  const at = (day: number) => BEGIN + day * DAY_MS;
  const papers = told.flatMap(({ id, created, band = 'smb', isEligible = true }) =>
    ageDays.map((days) => [paperKey(id, at(created + days)), { isEligible, bands: { size_band: band } }] as const),
  );
  return {
    throughMs: at(followedDays),
    followedMs: at(followedDays),
    eventsFromMs: BEGIN,
    hasContracts: true,
    accounts: told.map((account) => accountOf(account, at)),
    papers: new Map(papers),
  };
}

function accountOf(
  { id, created, churned, paid = created, did = {}, didBy = {}, linked }: Told,
  at: (day: number) => number,
): PastAccount {
  const custom = {
    spells: paid === null ? [] : [{ startMs: at(paid), churnedMs: churned === undefined ? null : at(churned) }],
    arr: paid === null ? [] : [{ atMs: at(paid + 1), arr: 1000, isCustomer: true }],
    terms: [],
  };
  const reaches = Object.entries(did).map(
    ([name, days]): Reach => ({
      kind: 'event',
      name,
      isProxy: name === 'login',
      times: days.map(at),
      userTimes: (didBy[name] ?? []).map(at),
    }),
  );
  return {
    accountId: id,
    createdMs: at(created),
    reaches,
    activeDays: [],
    linkedMs: linked === undefined ? [] : [at(linked)],
    apart: custom,
    linked: custom,
  };
}
