import { textOf } from '../../address.ts';

/** What the address of the page of activation says. */
export interface ActivationSearch {
  /** The step whose stalled users are listed; absent: that of the largest drop-off. */
  readonly userStep?: string;
  readonly accountStep?: string;
  /** Whose use of areas is shown; absent: by segment. */
  readonly by?: 'tier';
}

/** Reads the address; what it does not know is left out. */
export function readActivationSearch(search: Record<string, unknown>): ActivationSearch {
  const given = {
    userStep: textOf(search, 'userStep'),
    accountStep: textOf(search, 'accountStep'),
    by: textOf(search, 'by') === 'tier' ? 'tier' : undefined,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
