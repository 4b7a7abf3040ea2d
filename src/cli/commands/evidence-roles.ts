import { z } from 'zod';
import { testRoles } from '../../evidence/role.ts';
import type { ReversionRow, RoleRow, RoleTest } from '../../evidence/role_row.ts';
import { countText, instantText, readOptions } from '../arguments.ts';
import type { Command, Paper } from '../command.ts';
import { openPastOf, ratioCell } from '../past.ts';
import { writeTable } from '../table.ts';

const OPTIONS = z.object({
  asOf: instantText.optional(),
  horizon: countText.default(365),
  age: countText.default(60),
});

/** `bellwether evidence roles`: is a feature area one for expansion, or one for use and staying? */
export const evidenceRolesCommand: Command = {
  name: 'evidence roles',
  summary: 'tell what adopting each feature area early goes with: expansion, use and staying, or neither',
  options: [
    { syntax: '--as-of <DAY>', meaning: 'look back from this day (default: the end of the data)' },
    { syntax: '--horizon <DAYS>', meaning: 'days after the age in which outcomes count (default: 365)' },
    { syntax: '--age <DAYS>', meaning: 'age by which an area is adopted or not (default: 60)' },
  ],
  examples: [
    { syntax: 'bellwether evidence roles', meaning: 'every feature area at 60 days, and what stopping means' },
    { syntax: 'bellwether evidence roles --age 90 --json', meaning: 'a month later, for machines' },
  ],
  json: "[{kind: 'role', area, ageDays, n: [adopted, not], events, estimate, interval, expansion: {estimate, interval, p, q, verdict, reason}, retention, frequency, role, p, q, tried, horizonDays, verdict, needed: {reason, accounts}, sentence} | {kind: 'reversion', signal, n, events, estimate, interval, p, q, tried, horizonDays, verdict, needed, sentence}]",
  run: async (context, _, options) => {
    const { asOf = null, horizon, age } = readOptions(options, OPTIONS);
    const { history, panel, model } = await openPastOf(context, { asOf, ageDays: [age] });
    const areas = model.taxonomy.features.filter(({ isHelp }) => !isHelp).map(({ name }) => name);
    const rows = testRoles(history, panel, { areas, ageDays: age, horizonDays: horizon });
    return { status: 0, json: rows, text: (paper) => writeReport(paper, rows) };
  },
};

function writeReport(paper: Paper, rows: readonly (RoleRow | ReversionRow)[]): string {
  const roles = rows.filter((row) => row.kind === 'role');
  const cell = ({ estimate, interval }: RoleTest) => ratioCell(estimate, interval);
  return [
    writeTable(
      paper,
      ['area', 'adopted', 'expand v. others', 'leave v. others', 'rise of active days', 'role'],
      roles.map((row) => [
        row.area,
        `${row.n[0]} of ${row.n[0] + row.n[1]}`,
        cell(row.expansion),
        cell(row.retention),
        cell(row.frequency),
        row.role.replaceAll('_', ' '),
      ]),
    ),
    ...rows
      .filter((row) => row.kind === 'reversion' || row.verdict !== 'too_little_data')
      .map(({ sentence }) => sentence),
    `${roles[0]?.tried ?? 0} comparisons of areas were made, and q is corrected for all of them. To go together is not to cause.`,
  ].join('\n\n');
}
