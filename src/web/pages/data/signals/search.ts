import { textOf } from '../../../address.ts';

/** What the address of the signals says. */
export interface SignalsSearch {
  /** Part of a name or of a meaning. */
  readonly of?: string;
  readonly only?: 'own' | 'account' | 'user';
  /** What is edited: an own signal by its name, or those who are left out. */
  readonly edit?: string;
  /** What is in force calls it, where the draft has another name for it. */
  readonly from?: string;
  readonly leaveOut?: 'yes';
}

/** Reads the address; what it does not know is left out. */
export function readSignalsSearch(search: Record<string, unknown>): SignalsSearch {
  const [of, only] = [textOf(search, 'of'), textOf(search, 'only')];
  const [edit, from] = [textOf(search, 'edit'), textOf(search, 'from')];
  return {
    ...(of === undefined ? {} : { of }),
    ...(only === 'own' || only === 'account' || only === 'user' ? { only } : {}),
    ...(edit === undefined ? {} : { edit }),
    ...(from === undefined ? {} : { from }),
    ...(textOf(search, 'leaveOut') === 'yes' ? { leaveOut: 'yes' as const } : {}),
  };
}
