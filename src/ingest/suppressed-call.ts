import type { Arrival } from './arrival.ts';
import type { CallRefusal } from './call-parts.ts';
import { isRecord } from './flat-map.ts';
import { isSuppressedUser, isSuppressedValue, type SuppressionList } from './suppression.ts';

/** What whoever sends a call of an erased user is told. Nothing of the call is kept, in the quarantine neither. */
export const SUPPRESSED: CallRefusal = {
  reason: 'suppressed',
  field: 'userId',
  message: 'this user was erased, and nothing of theirs is taken until that is lifted',
};

/** Whether a call, read or not, is of somebody who was erased. */
export function isSuppressedCall(list: SuppressionList, raw: unknown, arrivals: readonly Arrival[]): boolean {
  if (list.users.size === 0 && list.values.size === 0) return false;
  const told = isRecord(raw) ? [raw['userId'], raw['anonymousId'], raw['previousId']] : [];
  const named = told.some(
    (id) => (typeof id === 'string' || typeof id === 'number') && isOut(list, String(id).trim(), ''),
  );
  return named || arrivals.some((arrival) => isSuppressedArrival(list, arrival));
}

const isOut = isSuppressedUser;

function isSuppressedArrival(list: SuppressionList, arrival: Arrival): boolean {
  if (arrival.into === 'accounts' || arrival.into === 'notes') return false;
  if (arrival.into === 'identities') {
    return [arrival.user_id, arrival.anonymous_id, arrival.previous_id].some((id) => isOut(list, id, ''));
  }
  if (arrival.into === 'traits' && isSuppressedValue(list, arrival.value)) return true;
  return isOut(list, arrival.user_id, arrival.account_id);
}
