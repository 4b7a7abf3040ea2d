import { isCustomerAt } from './outcome.ts';
import type { Panel, PanelRow } from './panel.ts';

/** Which cell a row of a panel is in; null for who is in no answer then. */
export type CellOf = (row: Pick<PanelRow, 'index'>) => string;

/** Columns of a panel that make a cell. */
export interface CellOptions {
  /** Names of text columns: bands first, then the industry. */
  readonly columns: readonly string[];
  /** Cells of fewer accounts are pooled. */
  readonly leastAccounts: number;
}

/** Customers of today: rows of the last landmark with an answer, still in force, not known to be outside the ICP. */
export function customersToday(panel: Panel): readonly PanelRow[] {
  const last = panel.landmarks.at(-1);
  return panel.rows.filter(
    ({ landmarkMs, home, isEligible, account }) =>
      landmarkMs === last &&
      home !== null &&
      isEligible !== false &&
      (account === null || isCustomerAt(account, landmarkMs)),
  );
}

/**
 * Cells on paper: the values of all columns together, as few accounts have them today pooled.
 *
 * A cell with too few accounts gives up its last column (`smb / other`), and where all of those are still too few it is
 * `other`. The rule looks at the number of accounts and at no outcome.
 */
export function cellsOf(panel: Panel, { columns, leastAccounts }: CellOptions): CellOf {
  const texts = columns.map((name) => panel.texts(name));
  const partsOf = ({ index }: Pick<PanelRow, 'index'>) => texts.map((column) => column[index] ?? 'unknown');
  const full = (row: Pick<PanelRow, 'index'>) => partsOf(row).join(' / ');
  const short = (row: Pick<PanelRow, 'index'>) => [...partsOf(row).slice(0, -1), 'other'].join(' / ');
  const today = customersToday(panel);
  const large = enough(today.map(full), leastAccounts);
  const rest = today.filter((row) => !large.has(full(row)));
  const pooled = enough(rest.map(short), leastAccounts);
  return (row) => {
    if (large.has(full(row))) return full(row);
    return pooled.has(short(row)) ? short(row) : 'other';
  };
}

function enough(names: readonly string[], least: number): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Set([...counts].flatMap(([name, count]) => (count >= least ? [name] : [])));
}
