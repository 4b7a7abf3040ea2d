import type { ReversionRow, RoleRow, RoleTest } from '../../evidence/role_row.ts';
import { askRoles, STANDARD } from '../../pipeline/questions.ts';
import { AS_OF, choicesOf, countChoice, horizonChoice } from '../choice.ts';
import type { Command, Paper } from '../command.ts';
import { openPastOf, ratioCell } from '../past.ts';
import { writeTable } from '../table.ts';

const standard = STANDARD.roles;

const CHOICES = choicesOf({
  asOf: AS_OF,
  horizon: horizonChoice(standard.horizonDays, 'days after the age in which outcomes count'),
  age: countChoice('--age <DAYS>', 'age by which an area is adopted or not', standard.ageDays),
});

/** `bellwether evidence roles`: is a feature area one for expansion, or one for use and staying? */
export const evidenceRolesCommand: Command = {
  name: 'evidence roles',
  summary: 'tell what adopting each feature area early goes with: expansion, use and staying, or neither',
  options: CHOICES.parts,
  examples: [
    { syntax: 'bellwether evidence roles', meaning: 'every feature area at 60 days, and what stopping means' },
    { syntax: 'bellwether evidence roles --age 90 --json', meaning: 'a month later, for machines' },
  ],
  json: "[{kind: 'role', area, ageDays, n: [adopted, not], events, estimate, interval, expansion: {estimate, interval, p, q, verdict, reason}, retention, frequency, role, p, q, tried, horizonDays, verdict, needed: {reason, accounts}, sentence} | {kind: 'reversion', signal, n, events, estimate, interval, p, q, tried, horizonDays, verdict, needed, sentence}]",
  run: async (context, _, options) => {
    const { asOf, horizon: horizonDays, age: ageDays } = CHOICES.read(options);
    const rows = askRoles(await openPastOf(context, { asOf, ageDays: [ageDays] }), { ageDays, horizonDays });
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
