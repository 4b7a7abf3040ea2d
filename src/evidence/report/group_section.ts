import type { ClaimRow } from '../claim_row.ts';
import { claimVerdict } from '../claim_sentence.ts';
import type { JobRow } from '../job_row.ts';
import type { SegmentPairRow, SegmentRow } from '../segment_row.ts';
import { writeNumber } from '../wording.ts';
import { type ForestAxis, forestChart } from './forest_chart.ts';
import { type Markup, markup } from './markup.ts';
import { figure, reportTable, type Section, shareCell, spanCell } from './page.ts';

const HAZARD: ForestAxis = {
  kind: 'ratio',
  neutral: 1,
  below: 'its accounts leave more slowly than others',
  above: 'leave faster',
  ticks: [0.25, 0.5, 1, 2, 4, 8],
  write: (value) => String(value),
};

/** The section on segments: whether members stay or expand at another rate, and which pairs to merge. */
export function segmentSection(rows: readonly (SegmentRow | SegmentPairRow)[]): Section {
  const segments = rows.filter((row) => row.kind === 'segment' && row.basis === 'raw') as readonly SegmentRow[];
  const merges = rows.filter((row) => row.kind === 'pair' && row.advice === 'merge');
  const validated = segments.filter(({ standing }) => standing === 'validated').map(({ segment }) => segment);
  const title =
    'How much faster accounts of a segment leave than those of all others, with 95% intervals; filled where it holds.';
  const drawn = segments.flatMap(({ segment, n, differs: { retention } }) =>
    retention.hazardRatio === null || retention.hazardInterval === null
      ? []
      : [
          {
            label: segment,
            note: `${n} accounts`,
            estimate: retention.hazardRatio,
            interval: retention.hazardInterval,
            mark: retention.verdict === 'holds' ? ('holds' as const) : ('open' as const),
          },
        ],
  );
  const table = reportTable(
    'Segments, by the rules’ answers every 28 days',
    ['segment', 'accounts', 'stay a year', '95%', 'ARR kept', 'with expansion', 'expand', 'standing'],
    segments.map((row) => [
      row.segment,
      row.n,
      shareCell(row.estimate),
      spanCell(row.interval),
      shareCell(row.gross.estimate),
      shareCell(row.net.estimate),
      shareCell(row.expansion.estimate),
      row.standing,
    ]),
  );
  return {
    id: 'segments',
    title: 'Segments',
    lead: `${validated.length === 0 ? 'No segment is' : `${validated.join(', ')} ${validated.length === 1 ? 'is' : 'are'}`} shown to stay or expand at another rate than the rest${validated.length === segments.length ? '' : '; the others are hypotheses'}.`,
    body: [
      ...(drawn.length === 0 ? [table] : [figure(title, forestChart(drawn, HAZARD, title), table)]),
      ...merges.map(({ sentence }): Markup => markup`<p>${sentence}</p>`),
    ],
  };
}

/** The section on jobs: conversion and retention by what accounts hired the product for. */
export function jobSection(rows: readonly JobRow[], currency: string): Section {
  const wedge = rows.find((row) => row.wedge === 'holds');
  const [first] = rows;
  const coded = first?.selection.accounts ?? [0, 0];
  return {
    id: 'jobs',
    title: 'Jobs',
    lead:
      first === undefined
        ? 'No account has a coded job: there is nothing to compare.'
        : `${wedge === undefined ? 'No job stands out as the winning wedge: the intervals overlap' : wedge.sentence}. ${coded[0]} customers have a coded job, ${coded[1]} have none and are not compared.`,
    body:
      first === undefined
        ? []
        : [
            reportTable(
              'Jobs; shares drawn towards that of all jobs',
              ['job', 'leads', 'convert', 'customers', 'stay', '95%', 'both', '95%', 'ARR', 'verdict'],
              rows.map((row) => [
                row.job,
                row.conversion.n,
                shareCell(row.conversion.estimate),
                row.n,
                shareCell(row.retention.estimate),
                spanCell(row.retention.interval),
                shareCell(row.estimate),
                spanCell(row.interval),
                row.arr === null ? null : `${Math.round(row.arr).toLocaleString('en-US')} ${currency}`,
                row.verdict.replaceAll('_', ' '),
              ]),
            ),
          ],
  };
}

function figureOf({ measure }: ClaimRow, value: number): string {
  return measure === 'ARR a year' ? Math.round(value).toLocaleString('en-US') : writeNumber(value);
}

/** The section on claims that are told about all companies, with this company's numbers beside them. */
export function claimSection(rows: readonly ClaimRow[]): Section {
  return {
    id: 'claims',
    title: 'What is told about all companies',
    lead: 'Claims of others are claims to test. Beside each stands what is so here.',
    body: [
      reportTable(
        'Claims',
        ['claim', 'within', 'measure', 'here', '95%', 'verdict'],
        rows.map((row) => [
          row.says,
          row.within,
          row.measure,
          row.estimate === null ? null : figureOf(row, row.estimate),
          row.interval === null ? null : row.interval.map((limit) => figureOf(row, limit)).join(' to '),
          row.see === null ? claimVerdict(row) : `see ${row.see}`,
        ]),
        'cards',
      ),
    ],
  };
}
