import { textOf } from '../../address.ts';

/** What the address of the page of moves says. */
export interface MovesSearch {
  /** How many days back, from now; absent: 30. */
  readonly days?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly by?: 'accounts' | 'arr';
  /** Fewest accounts of a flow that is drawn. */
  readonly floor?: string;
  /** A flow whose moves are listed. */
  readonly from?: string;
  readonly to?: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Reads the address; what it does not know is left out. */
export function readMovesSearch(search: Record<string, unknown>): MovesSearch {
  const day = (name: string): string | undefined => {
    const text = textOf(search, name);
    return text !== undefined && DAY.test(text) ? text : undefined;
  };
  const whole = (name: string): string | undefined => {
    const text = textOf(search, name);
    return text !== undefined && /^[1-9]\d{0,3}$/.test(text) ? text : undefined;
  };
  const given = {
    days: whole('days'),
    floor: whole('floor'),
    since: day('since'),
    until: day('until'),
    by: textOf(search, 'by') === 'arr' ? 'arr' : undefined,
    from: textOf(search, 'from'),
    to: textOf(search, 'to'),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
