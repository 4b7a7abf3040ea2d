import { DAY_MS, type History } from './history.ts';
import { arrAt, customAt } from './outcome.ts';

/** What evidence can rest on: how many accounts were watched for how long, and how many left. */
export interface Ground {
  /** Begin and end of what is known, ISO text; `eventsFrom` null where there are no events. */
  readonly eventsFrom: string | null;
  readonly followedThrough: string;
  /** False: every account counts as a customer, and outcomes come from inactivity. */
  readonly hasContracts: boolean;
  readonly accounts: number;
  /** Accounts that were ever customers, and their spells. */
  readonly everCustomers: number;
  readonly spells: number;
  readonly customers: number;
  /** From `eventsFrom` on. */
  readonly churns: number;
  readonly customerYears: number;
  /** Churns per customer-year; null without any. */
  readonly yearlyChurn: number | null;
  /** ARR of today's customers, and what a year at that rate costs (R099). Null where no ARR is known, and
   *  the cost with fewer than 20 churns too. */
  readonly arr: number | null;
  readonly arrLostPerYear: number | null;
  /** Accounts declared to be merged or renamed: counted apart from churn. */
  readonly linked: number;
  /** No fact says when they were created: in no analysis by age. */
  readonly undated: number;
  readonly createdBeforeEvents: number;
  readonly enough: boolean;
  readonly sentence: string;
}

const LEAST_EVENTS = 20;
const YEAR_MS = 365 * DAY_MS;

/** Counts what a history holds. Nothing is refused: too few churns are told as such. */
export function groundOf(history: History): Ground {
  const { accounts, followedMs, eventsFromMs } = history;
  const from = eventsFromMs ?? Number.NEGATIVE_INFINITY;
  const spells = accounts.flatMap((account) => account.apart.spells);
  const churned = spells.filter(({ churnedMs }) => churnedMs !== null && churnedMs >= from && churnedMs < followedMs);
  const years = spells.reduce((sum, { startMs, churnedMs }) => {
    const end = Math.min(churnedMs ?? followedMs, followedMs);
    return sum + Math.max(0, end - Math.max(startMs, from)) / YEAR_MS;
  }, 0);
  const present = accounts.filter((account) =>
    customAt(account, followedMs).spells.some(({ startMs, churnedMs }) => startMs < followedMs && churnedMs === null),
  );
  const arrs = present.flatMap((account) => arrAt(customAt(account, followedMs), followedMs) ?? []);
  const arr = arrs.length === 0 ? null : Math.round(arrs.reduce((sum, value) => sum + value, 0) * 100) / 100;
  const yearlyChurn = years === 0 ? null : churned.length / years;
  const isEnough = churned.length >= LEAST_EVENTS;
  const lost =
    arr === null || yearlyChurn === null || !isEnough ? null : Math.round(arr * (1 - Math.exp(-yearlyChurn)));
  const counts = {
    eventsFrom: eventsFromMs === null ? null : new Date(eventsFromMs).toISOString(),
    followedThrough: new Date(followedMs).toISOString(),
    hasContracts: history.hasContracts,
    accounts: accounts.length,
    everCustomers: accounts.filter((account) => account.apart.spells.length > 0).length,
    spells: spells.length,
    customers: present.length,
    churns: churned.length,
    customerYears: Math.round(years * 10) / 10,
    yearlyChurn,
    arr,
    arrLostPerYear: lost,
    linked: accounts.filter(({ linkedMs }) => linkedMs.length > 0).length,
    undated: accounts.filter(({ createdMs }) => createdMs === null).length,
    createdBeforeEvents: accounts.filter(({ createdMs }) => createdMs !== null && createdMs < from).length,
    enough: isEnough,
  };
  return { ...counts, sentence: sentenceOf(counts) };
}

function sentenceOf(counts: Omit<Ground, 'sentence'>): string {
  const seen = `${counts.churns} churns in ${counts.customerYears} customer-years`;
  const rate = counts.yearlyChurn === null ? '' : `, ${(100 * counts.yearlyChurn).toFixed(1)} per hundred a year`;
  return counts.enough
    ? `${seen}${rate}.`
    : `${seen}${rate}. Fewer than ${LEAST_EVENTS} churns: nothing about retention can be tested yet.`;
}
