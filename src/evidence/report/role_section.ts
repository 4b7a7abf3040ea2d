import type { AreaReversionRow, ReversionRow, RoleRow, RoleTest } from '../role_row.ts';
import { stoppedTold } from '../role_sentence.ts';
import { writeList } from '../wording.ts';
import { forestChart } from './forest_chart.ts';
import { hazardAxis, qCell, ratioRow, ratioSpan, ratioText, writeQ } from './hazard.ts';
import { type Markup, markup } from './markup.ts';
import { figure, reportTable, type Section, sayVerdict } from './page.ts';

type Side = 'expansion' | 'retention';

const SIDES: Readonly<Record<Side, { readonly title: string; readonly below: string; readonly above: string }>> = {
  expansion: {
    title:
      'How much sooner accounts that had adopted an area expand than those that had not, with 95% intervals; filled where it holds.',
    below: 'adopters expand more slowly',
    above: 'expand sooner',
  },
  retention: {
    title:
      'How much faster accounts that had adopted an area leave than those that had not, with 95% intervals; filled where it holds.',
    below: 'adopters leave more slowly',
    above: 'leave faster',
  },
};

/** The section on what adopting a feature area goes with, and what stopping does. */
export function roleSection(rows: readonly (RoleRow | ReversionRow | AreaReversionRow)[]): Section {
  const roles = rows.filter((row) => row.kind === 'role');
  const reversions = rows.filter((row) => row.kind === 'reversion');
  const [first] = roles;
  return {
    id: 'roles',
    title: 'What features are for',
    lead:
      first === undefined
        ? 'The model names no feature area.'
        : `By ${first.ageDays} days of age: ${toldOf(roles)}. ${first.tried} comparisons were made, and corrected for all of them.`,
    body: [
      ...(roles.length === 0 ? [] : pictures(roles)),
      ...(rows.length === roles.length ? [] : [markup`<h3>When an area is used no longer</h3>`]),
      ...reversions.map(({ sentence }): Markup => markup`<p>${sentence}</p>`),
      ...stopping(rows.filter((row) => row.kind === 'area_reversion')),
    ],
  };
}

function toldOf(roles: readonly RoleRow[]): string {
  const of = (role: RoleRow['role']) => roles.filter((row) => row.role === role).map(({ area }) => area);
  const told = [
    ['goes with expansion', 'go with expansion', of('expansion')],
    ['goes with use and staying', 'go with use and staying', of('engagement')],
    ['goes with both', 'go with both', of('both')],
    ['goes with neither', 'go with neither', of('neither')],
  ] as const;
  const parts = told.flatMap(([one, many, areas]) =>
    areas.length === 0 ? [] : [`${writeList(areas)} ${areas.length === 1 ? one : many}`],
  );
  const open = of('too_little_data').length;
  const who = open === roles.length ? `all ${open} areas` : `${open} ${open === 1 ? 'area' : 'areas'}`;
  const rest = open === 0 ? [] : [`too little is known of ${who}`];
  return [...parts, ...rest].join('; ');
}

function pictures(roles: readonly RoleRow[]): readonly Markup[] {
  const sides = (['expansion', 'retention'] as const).flatMap((side) => {
    const { title, below, above } = SIDES[side];
    const drawn = roles.flatMap((row) => {
      const { estimate, interval, verdict, q } = row[side];
      return ratioRow(row.area, writeQ(q), { ratio: estimate, interval, verdict });
    });
    return drawn.length === 0 ? [] : [{ title, chart: forestChart(drawn, hazardAxis(drawn, below, above), title) }];
  });
  const table = tableOf(roles);
  const last = sides.length - 1;
  if (last < 0) return [table];
  return sides.map(({ title, chart }, index) => figure(title, chart, index === last ? table : null));
}

function tableOf(roles: readonly RoleRow[]): Markup {
  const cells = ({ estimate, interval }: RoleTest) => [ratioText(estimate), ratioSpan(interval)];
  return reportTable(
    'Feature areas: hazard of expansion, hazard of leaving, and rise of the share of active days',
    ['area', 'adopted', 'others', 'expand', '95%', 'leave', '95%', 'active days', '95%', 'role'],
    roles.map((row) => [
      row.area,
      row.n[0],
      row.n[1],
      ...cells(row.expansion),
      ...cells(row.retention),
      ...cells(row.frequency),
      row.role.replaceAll('_', ' '),
    ]),
  );
}

const STOPPED =
  'How much faster accounts leave that used an area and then stopped for 30 days, than those that went on, with 95% intervals; filled where it holds.';

/** What stopping goes with, area by area: a picture where any could be tested, and a sentence for each that could be told. */
function stopping(rows: readonly AreaReversionRow[]): readonly Markup[] {
  if (rows.length === 0) return [];
  const drawn = rows.flatMap(({ area, estimate, interval, verdict, q, n }) =>
    ratioRow(area, `${writeQ(q)}, ${n[0]} of ${n[0] + n[1]}`, { ratio: estimate, interval, verdict }),
  );
  const table = reportTable(
    'Areas that were used and then not for 30 days',
    ['area', 'stopped', 'went on', 'leave', '95%', 'q', 'verdict'],
    rows.map((row) => [
      row.area,
      row.n[0],
      row.n[1],
      ratioText(row.estimate),
      ratioSpan(row.interval),
      qCell(row.q),
      sayVerdict(row.verdict),
    ]),
  );
  const axis = hazardAxis(drawn, 'those who stopped leave more slowly', 'leave faster');
  const told = rows.filter(({ verdict }) => verdict !== 'too_little_data');
  return [
    markup`<p>Area by area, those who stopped against those who went on: ${stoppedTold(rows)}</p>`,
    drawn.length === 0 ? table : figure(STOPPED, forestChart(drawn, axis, STOPPED), table),
    ...told.map(({ sentence }): Markup => markup`<p>${sentence}</p>`),
  ];
}
