import { CLAIM_AGES } from '../../evidence/claim.ts';
import type { ClaimRow } from '../../evidence/claim_row.ts';
import { claimVerdict } from '../../evidence/claim_sentence.ts';
import { askClaims } from '../../pipeline/questions.ts';
import { openBeginnings } from '../../pipeline/usage.ts';
import type { Command, Paper } from '../command.ts';
import { GROUPS, openPastOf } from '../past.ts';
import { writeNumber, writeTable } from '../table.ts';

/** `bellwether evidence claims`: what of the claims about all companies is so in this one? */
export const evidenceClaimsCommand: Command = {
  name: 'evidence claims',
  summary: 'go through the claims that are told about all companies, with your own numbers beside them',
  options: GROUPS.parts,
  examples: [
    { syntax: 'bellwether evidence claims', meaning: 'each claim, your number, and what to make of it' },
    { syntax: 'bellwether evidence claims --json', meaning: 'for machines' },
  ],
  json: "[{claim, says, whose, unit: 'account' | 'user', within, measure, estimate, interval, adjusted: {estimate, interval}, n: [did, not], events, retention, p, q, tried, horizonDays, verdict, direction, needed: {reason, accounts}, see, sentence}]",
  run: async (context, _, options) => {
    const { asOf, horizon: horizonDays, seed } = GROUPS.read(options);
    const opened = await openPastOf(context, { asOf, ageDays: CLAIM_AGES });
    const rows = askClaims(opened, await openBeginnings(opened, asOf), { horizonDays, seed });
    return { status: 0, json: rows, text: (paper) => writeReport(paper, rows) };
  },
};

function writeReport(paper: Paper, rows: readonly ClaimRow[]): string {
  return [
    writeTable(
      paper,
      ['claim', 'within', 'measure', 'here', '95%', 'verdict', 'direction'],
      rows.map((row) => [
        row.claim,
        row.within,
        row.measure,
        row.estimate === null ? null : writeNumber(row.estimate),
        row.interval === null ? null : row.interval.map(writeNumber).join(' to '),
        row.see === null ? claimVerdict(row) : `see evidence ${row.see}`,
        row.see === null ? (row.direction?.replaceAll('_', ' ') ?? null) : null,
      ]),
    ),
    ...rows.map(({ sentence }) => sentence),
  ].join('\n\n');
}
