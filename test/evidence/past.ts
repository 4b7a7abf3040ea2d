import { DAY_MS, type History, type PastAccount, paperKey, type Reach } from '../../src/evidence/history.ts';

/** First midnight of the histories that tests make. */
export const BEGIN = Date.UTC(2024, 0, 1);

/** What a test says of an account; days are counted from `BEGIN`. */
export interface Told {
  readonly id: string;
  readonly created: number;
  /** Day of churn; absent: it stays. */
  readonly churned?: number | undefined;
  /** By event name: the days on which it happened. */
  readonly did?: Readonly<Record<string, readonly number[]>>;
  readonly band?: string;
  readonly isEligible?: boolean | null;
  readonly linked?: number;
}

/** A history of accounts that are customers from their creation on, followed for so many days. */
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

function accountOf({ id, created, churned, did = {}, linked }: Told, at: (day: number) => number): PastAccount {
  const custom = {
    spells: [{ startMs: at(created), churnedMs: churned === undefined ? null : at(churned) }],
    arr: [{ atMs: at(created + 1), arr: 1000, isCustomer: true }],
    terms: [],
  };
  const reaches = Object.entries(did).map(
    ([name, days]): Reach => ({ kind: 'event', name, isProxy: name === 'login', times: days.map(at), userTimes: [] }),
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
