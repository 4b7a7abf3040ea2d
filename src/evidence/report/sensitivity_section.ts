import type { SensitivityRow } from '../sensitivity.ts';
import { type Markup, markup } from './markup.ts';
import { reportTable, type Section } from './page.ts';

/** The section on churn told in different ways, and the primary milestone under each; none where there is one way only. */
export function sensitivitySections(rows: readonly SensitivityRow[]): readonly Section[] {
  if (rows.length === 0) return [];
  const changed = rows.filter(({ changedFrom }) => changedFrom !== null);
  const lead =
    changed.length === 0
      ? 'The facts tell churn in several ways. The verdict on the primary milestone is the same by each that could be tried.'
      : 'The facts tell churn in several ways, and the verdict on the primary milestone depends on which one is believed.';
  const told = rows.slice(1).map(({ sentence }): Markup => markup`<p>${sentence}</p>`);
  const table = reportTable(
    'Churn as the facts tell it',
    [
      'told by',
      'left',
      'as by contract',
      'only here',
      'only by contract',
      'another day',
      'hazard ratio',
      '95%',
      'verdict',
    ],
    rows.map((row) => [
      row.definition,
      row.churned,
      row.agrees,
      row.onlyHere,
      row.onlyByContract,
      row.otherDay,
      row.hazardRatio?.toFixed(2) ?? null,
      row.interval?.map((end) => end.toFixed(2)).join(' to ') ?? null,
      row.verdict?.replaceAll('_', ' ') ?? null,
    ]),
  );
  return [{ id: 'sensitivity', title: 'Who left', lead, body: [table, ...told] }];
}
