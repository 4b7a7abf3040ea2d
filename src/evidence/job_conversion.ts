import { kaplanMeier, survivalAt } from '../stats/kaplan_meier.ts';
import type { Count } from '../stats/proportion.ts';
import type { Dealings } from './dealings.ts';
import { DAY_MS, type History } from './history.ts';

/** A trial or prospect with a coded job: days from its first statement to its first paid contract, or to the end of the watch. */
export interface Lead {
  readonly accountId: string;
  readonly job: string;
  readonly days: number;
  readonly isConverted: boolean;
}

/**
 * Accounts whose job was coded before they paid, each from its first statement on.
 *
 * Who was coded as a customer already is none: the sale was made without it. None where there are no contracts.
 */
export function leadsOf(history: History, { statements }: Pick<Dealings, 'statements'>): readonly Lead[] {
  if (!history.hasContracts) return [];
  const first = new Map<string, (typeof statements)[number]>();
  for (const statement of statements) if (!first.has(statement.accountId)) first.set(statement.accountId, statement);
  return history.accounts.flatMap(({ accountId, apart, linkedMs }) => {
    const said = first.get(accountId);
    const paidMs = apart.spells[0]?.startMs ?? Number.POSITIVE_INFINITY;
    if (said === undefined || paidMs <= said.atMs) return [];
    const end = Math.min(history.followedMs, linkedMs[0] ?? Number.POSITIVE_INFINITY);
    if (end <= said.atMs) return [];
    const isConverted = paidMs < end;
    return [{ accountId, job: said.job, days: (Math.min(paidMs, end) - said.atMs) / DAY_MS, isConverted }];
  });
}

/**
 * The share without the event by a day as a count of a sample of that exactness, so that it can be shrunk: with censoring
 * a watched account is worth less than one. No trials where the watch does not reach that day.
 *
 * Source: effective sample size S (1 - S) / variance, Cutler and Ederer 1958.
 */
export function effectiveCount(time: ArrayLike<number>, event: ArrayLike<number>, day: number): Count {
  const at = survivalAt(kaplanMeier({ time, event }), day);
  if (at === null) return { successes: 0, trials: 0 };
  const { survival, standardError, stillWatched } = at;
  const size = standardError > 0 ? (survival * (1 - survival)) / standardError ** 2 : stillWatched;
  const trials = survival === 0 ? time.length : Math.min(size, time.length);
  return { successes: survival * trials, trials };
}
