import type { ExpansionRow } from '../../evidence/expansion.ts';
import type { SaleRow } from '../../evidence/sale.ts';
import { openDealings } from '../../pipeline/dealings.ts';
import { askExpansion } from '../../pipeline/questions.ts';
import { choicesOf } from '../choice.ts';
import type { Command, Paper } from '../command.ts';
import { GROUP_CHOICES, openPastOf, percentCell, percentSpan, ratioCell } from '../past.ts';
import { writeTable } from '../table.ts';

const CHOICES = choicesOf({ asOf: GROUP_CHOICES.asOf, horizon: GROUP_CHOICES.horizon });

/** `bellwether evidence expansion`: when do accounts expand, and how are they won? */
export const evidenceExpansionCommand: Command = {
  name: 'evidence expansion',
  summary: 'tell when accounts expand, from entering a segment and from its expansion triggers, and how sales end',
  options: CHOICES.parts,
  examples: [
    { syntax: 'bellwether evidence expansion', meaning: 'every segment and every expansion trigger of the model' },
    { syntax: 'bellwether evidence expansion --horizon 180 --json', meaning: 'half a year, for machines' },
  ],
  json: "[{kind: 'entry' | 'trigger', segment, trigger, n, expanded, estimate, interval, medianDays, hazardRatio, hazardInterval, p, q, tried, horizonDays, verdict, needed: {reason, accounts}, sentence} | {kind: 'sale', by, group, n, opened, won, estimate, interval, daysToClose, daysInterval, lostAt: [{stage, lost}], sentence}]",
  run: async (context, _, options) => {
    const { asOf, horizon: horizonDays } = CHOICES.read(options);
    const past = await openPastOf(context, { asOf });
    const { moments, sales } = askExpansion(past, await openDealings(past, asOf), { horizonDays });
    return { status: 0, json: [...moments, ...sales], text: (paper) => writeReport(paper, moments, sales) };
  },
};

function writeReport(paper: Paper, moments: readonly ExpansionRow[], sales: readonly SaleRow[]): string {
  return [
    writeTable(
      paper,
      ['segment', 'from', 'accounts', 'expanded', '95%', 'half by day', 'v. not firing', 'verdict'],
      moments.map((row) => [
        row.segment,
        row.trigger ?? 'entry',
        row.n,
        percentCell(row.estimate),
        percentSpan(row.interval),
        row.medianDays ?? 'not reached',
        ratioCell(row.hazardRatio, row.hazardInterval),
        row.kind === 'entry' ? null : row.verdict.replaceAll('_', ' '),
      ]),
    ),
    ...moments.filter(({ verdict }) => verdict !== 'too_little_data').map(({ sentence }) => sentence),
    ...sales.map(({ sentence }) => sentence),
    'Segments are home segments; a moment is known to 28 days. Accounts that never became customers are in no segment, so shares won stand by band.',
  ].join('\n\n');
}
