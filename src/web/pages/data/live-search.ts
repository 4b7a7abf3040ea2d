import type { CallsBody } from '../../../api/contract.ts';
import { textOf } from '../../address.ts';

/** Which calls one may choose. */
export const KINDS = {
  refused: 'refused',
  unplanned: 'not in the taxonomy',
  nobody: 'of no account',
  late: 'late',
} as const;

/** What the address of the live events says. */
export interface LiveSearch {
  /** Part of an event, a user or an account. */
  readonly of?: string;
  readonly only?: keyof typeof KINDS;
}

/** Reads the address; what it does not know is left out. */
export function readLiveSearch(search: Record<string, unknown>): LiveSearch {
  const [of, only] = [textOf(search, 'of'), textOf(search, 'only')];
  return {
    ...(of === undefined ? {} : { of }),
    ...(only !== undefined && only in KINDS ? { only: only as keyof typeof KINDS } : {}),
  };
}

/** Whether a call is among those that were asked for. */
export function matches({ of, only }: LiveSearch, call: CallsBody['calls'][number]): boolean {
  const { refused, isPlanned, accountId, isLate, event, kind, userId } = call;
  const chosen = {
    refused: refused !== null,
    unplanned: isPlanned === false,
    nobody: refused === null && accountId === null,
    late: isLate,
  };
  if (only !== undefined && !chosen[only]) return false;
  const word = of?.toLowerCase() ?? '';
  return [event, kind, userId, accountId].some((text) => text?.toLowerCase().includes(word) === true);
}
