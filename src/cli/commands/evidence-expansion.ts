import { type ExpansionRow, testExpansion } from '../../evidence/expansion.ts';
import { firingOver } from '../../evidence/indicator.ts';
import { describeSales, type SaleRow } from '../../evidence/sale.ts';
import { openDealings } from '../../pipeline/dealings.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { readOptions } from '../arguments.ts';
import type { Command, Paper } from '../command.ts';
import { GROUP_PARTS, GROUP_SCHEMA, openPastOf, percentCell, percentSpan, ratioCell } from '../past.ts';
import { writeTable } from '../table.ts';

/** `bellwether evidence expansion`: when do accounts expand, and how are they won? */
export const evidenceExpansionCommand: Command = {
  name: 'evidence expansion',
  summary: 'tell when accounts expand, from entering a segment and from its expansion triggers, and how sales end',
  options: GROUP_PARTS.filter(({ syntax }) => !syntax.startsWith('--seed')),
  examples: [
    { syntax: 'bellwether evidence expansion', meaning: 'every segment and every expansion trigger of the model' },
    { syntax: 'bellwether evidence expansion --horizon 180 --json', meaning: 'half a year, for machines' },
  ],
  json: "[{kind: 'entry' | 'trigger', segment, trigger, n, expanded, estimate, interval, medianDays, hazardRatio, hazardInterval, p, q, tried, horizonDays, verdict, needed: {reason, accounts}, sentence} | {kind: 'sale', by, group, n, opened, won, estimate, interval, daysToClose, daysInterval, lostAt: [{stage, lost}], sentence}]",
  run: async (context, _, options) => {
    const { asOf = null, horizon } = readOptions(options, GROUP_SCHEMA);
    const past = await openPastOf(context, { asOf });
    const { history, panel, model } = past;
    const firing = firingOver(model, SIGNAL_CATALOGUE, panel);
    const triggers = model.segments.flatMap(({ name: segment, isOverlay, motion }) =>
      isOverlay ? [] : motion.expansionTriggers.map(({ name, when }) => ({ segment, name, fires: firing(when) })),
    );
    const segments = model.segments.filter(({ isOverlay }) => !isOverlay).map(({ name }) => name);
    const moments = testExpansion(history, panel, { segments, triggers, horizonDays: horizon });
    const sales = describeSales(panel, await openDealings(past, asOf), model.bands[0]?.name ?? 'industry');
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
