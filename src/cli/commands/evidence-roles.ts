import type { AreaReversionRow, ReversionRow, RoleRow, RoleTest } from '../../evidence/role_row.ts';
import { stoppedTold } from '../../evidence/role_sentence.ts';
import { askRoles, STANDARD } from '../../pipeline/questions.ts';
import { openAreaDays } from '../../pipeline/usage.ts';
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
  json: "[{kind: 'role', area, ageDays, n: [adopted, not], events, estimate, interval, expansion: {estimate, interval, p, q, verdict, reason}, retention, frequency, role, p, q, tried, horizonDays, verdict, needed: {reason, accounts}, sentence} | {kind: 'reversion', signal, n, events, estimate, interval, p, q, tried, horizonDays, verdict, needed, sentence} | {kind: 'area_reversion', area, n: [stopped, kept], events, estimate, interval, p, q, tried, horizonDays, verdict, needed, sentence}]",
  run: async (context, _, options) => {
    const { asOf, horizon: horizonDays, age: ageDays } = CHOICES.read(options);
    const opened = await openPastOf(context, { asOf, ageDays: [ageDays] });
    const rows = askRoles(opened, await openAreaDays(opened, asOf), { ageDays, horizonDays });
    return { status: 0, json: rows, text: (paper) => writeReport(paper, rows) };
  },
};

function writeReport(paper: Paper, rows: readonly (RoleRow | ReversionRow | AreaReversionRow)[]): string {
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
      .filter((row) => row.kind !== 'area_reversion' && (row.kind === 'reversion' || row.verdict !== 'too_little_data'))
      .map(({ sentence }) => sentence),
    ...writeStopped(paper, rows),
    `${roles[0]?.tried ?? 0} comparisons of areas were made, and q is corrected for all of them. To go together is not to cause.`,
  ].join('\n\n');
}

function writeStopped(paper: Paper, rows: readonly (RoleRow | ReversionRow | AreaReversionRow)[]): readonly string[] {
  const stopped = rows.filter((row) => row.kind === 'area_reversion');
  if (stopped.length === 0) return [];
  return [
    `Accounts that used an area and then stopped for 30 days, against those that went on: ${stoppedTold(stopped)}`,
    writeTable(
      paper,
      ['area', 'stopped', 'went on', 'leave v. those', 'q', 'verdict'],
      stopped.map((row) => [
        row.area,
        row.n[0],
        row.n[1],
        ratioCell(row.estimate, row.interval),
        row.q?.toPrecision(2) ?? null,
        row.verdict.replaceAll('_', ' '),
      ]),
    ),
    ...stopped.filter(({ verdict }) => verdict !== 'too_little_data').map(({ sentence }) => sentence),
  ];
}
