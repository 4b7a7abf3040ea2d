import type { SegmentPairRow, SegmentRow } from '../../evidence/segment_row.ts';
import { askSegments } from '../../pipeline/questions.ts';
import type { Command, Paper } from '../command.ts';
import { GROUPS, openPastOf, percentCell, percentSpan, ratioCell } from '../past.ts';
import { writeTable } from '../table.ts';

/** `bellwether evidence segments`: do members of a segment stay or expand at another rate than others? */
export const evidenceSegmentsCommand: Command = {
  name: 'evidence segments',
  summary: 'test whether the members of each segment stay or expand at another rate, and which segments to merge',
  options: GROUPS.parts,
  examples: [
    { syntax: 'bellwether evidence segments', meaning: 'retention, money and expansion by segment, and merge advice' },
    { syntax: 'bellwether evidence segments --horizon 180 --json', meaning: 'half a year ahead, for machines' },
  ],
  json: "[{kind: 'segment', segment, basis, n, landmarks, churned, estimate, interval, gross: {estimate, interval}, net, moneyAccounts, expansion: {estimate, interval, expanded}, renewalShare, differs: {retention: {hazardRatio, hazardInterval, events, expected, isSameLater, p, q, verdict, reason}, expansion}, p, q, tried, verdict, standing, needed: {reason, accounts}, horizonDays, sentence} | {kind: 'pair', segments, basis, n, differs, sameMotion, advice, tried, verdict, needed, horizonDays, sentence}]",
  run: async (context, _, options) => {
    const { asOf, horizon: horizonDays, seed } = GROUPS.read(options);
    const rows = askSegments(await openPastOf(context, { asOf }), { horizonDays, seed });
    return { status: 0, json: rows, text: (paper) => writeReport(paper, rows) };
  },
};

function writeReport(paper: Paper, rows: readonly (SegmentRow | SegmentPairRow)[]): string {
  const segments = rows.filter((row) => row.kind === 'segment');
  const pairs = rows.filter((row) => row.kind === 'pair');
  return [
    writeTable(
      paper,
      ['segment', 'accounts', 'stay', '95%', 'ARR kept', 'net', 'expand', 'leave v. others', 'standing'],
      segments.map((row) => [
        row.basis === 'raw' ? row.segment : `${row.segment} (home)`,
        row.n,
        percentCell(row.estimate),
        percentSpan(row.interval),
        percentCell(row.gross.estimate),
        percentCell(row.net.estimate),
        percentCell(row.expansion.estimate),
        ratioCell(row.differs.retention.hazardRatio, row.differs.retention.hazardInterval),
        row.standing,
      ]),
    ),
    ...segments.map(({ sentence }) => sentence),
    ...pairs.filter(({ verdict, advice }) => verdict === 'holds' || advice === 'merge').map(({ sentence }) => sentence),
    `${pairs.filter(({ verdict }) => verdict !== 'holds').length} of ${pairs.length} pairs of segments were not told apart; --json has each. Segments are the rules' answers under this model, every 28 days; (home) is without At-Risk.`,
  ].join('\n\n');
}
