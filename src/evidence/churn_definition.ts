import { type Custom, DAY_MS, type History, type PastAccount, type Spell } from './history.ts';
import type { Tellings } from './telling.ts';

/** A way to tell who has left, and when. */
export interface ChurnDefinition {
  readonly name: 'contract' | 'notice' | 'event' | 'inactivity';
  /** Who has left by it, in words. */
  readonly says: (tellings: Tellings) => string;
  /** Whether the facts tell it at all. */
  readonly isTold: (history: History, tellings: Tellings) => boolean;
  /** The history as it is by this definition; what accounts pay and did stays. */
  readonly retell: (history: History, tellings: Tellings) => History;
}

/** The end of what is paid for: what all other evidence takes for the truth. */
export const CONTRACT: ChurnDefinition = {
  name: 'contract',
  says: () => 'the end of the paid contract',
  isTold: ({ hasContracts }) => hasContracts,
  retell: (history) => history,
};

const NOTICE: ChurnDefinition = {
  name: 'notice',
  says: () => 'the day of notice, or the end of the contract where none was given',
  isTold: ({ hasContracts }, { noticeMs }) => hasContracts && noticeMs.size > 0,
  retell: (history, { noticeMs }) =>
    respell(history, history.followedMs, ({ accountId }, { spells }) => {
      const at = noticeMs.get(accountId);
      const last = spells.at(-1);
      if (at === undefined || last === undefined || at <= last.startMs || at > (last.churnedMs ?? Infinity))
        return spells;
      return [...spells.slice(0, -1), { startMs: last.startMs, churnedMs: at }];
    }),
};

const EVENT: ChurnDefinition = {
  name: 'event',
  says: ({ eventNames }) => `the first event that tells it (${eventNames.join(', ')}), whatever the contracts say`,
  isTold: (_, { eventMs }) => eventMs.size > 0,
  retell: (history, { eventMs }) =>
    respell(history, history.followedMs, ({ accountId }, { spells }) => {
      const startMs = spells[0]?.startMs;
      if (startMs === undefined) return [];
      const at = eventMs.get(accountId)?.find((told) => told > startMs && told < history.followedMs) ?? null;
      return [{ startMs, churnedMs: at }];
    }),
};

const INACTIVITY: ChurnDefinition = {
  name: 'inactivity',
  says: ({ inactiveDays }) => `the begin of the first ${inactiveDays} days without any use, whatever the contracts say`,
  isTold: ({ hasContracts }, { use }) => hasContracts && use.size > 0,
  retell: (history, { use, inactiveDays }) =>
    respell(history, history.throughMs - inactiveDays * DAY_MS, ({ accountId }, { spells }) => {
      const paidMs = spells[0]?.startMs;
      if (paidMs === undefined) return [];
      return (use.get(accountId) ?? [])
        .filter(({ churnedMs }) => churnedMs === null || churnedMs > paidMs)
        .slice(0, 1)
        .map(({ startMs, churnedMs }) => ({ startMs: Math.max(startMs, paidMs), churnedMs }));
    }),
};

/** All definitions that stand beside the contracts' own. */
export const OTHER_DEFINITIONS: readonly ChurnDefinition[] = [NOTICE, EVENT, INACTIVITY];

function respell(
  history: History,
  followedMs: number,
  spellsOf: (account: PastAccount, custom: Custom) => readonly Spell[],
): History {
  const accounts = history.accounts.map((account) => {
    const apart = { ...account.apart, spells: spellsOf(account, account.apart) };
    const isSame = account.linked === account.apart;
    const linked = isSame ? apart : { ...account.linked, spells: spellsOf(account, account.linked) };
    return { ...account, apart, linked };
  });
  return { ...history, followedMs: Math.min(history.followedMs, followedMs), accounts };
}
