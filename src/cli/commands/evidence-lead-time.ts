import type { LeadTimeReport, LeadTimeRow } from '../../evidence/lead_time.ts';
import { writePercent } from '../../evidence/wording.ts';
import { WEEKLY } from '../../pipeline/evidence.ts';
import { askLeadTimes, STANDARD } from '../../pipeline/questions.ts';
import { AS_OF, choicesOf, countChoice, horizonChoice, SEED } from '../choice.ts';
import type { Command, Paper } from '../command.ts';
import { openPanelOf } from '../past.ts';
import { writeTable } from '../table.ts';

const standard = STANDARD.leadTime;

const CHOICES = choicesOf({
  asOf: AS_OF,
  horizon: horizonChoice(standard.horizonDays, 'days in which a churn makes an alert right'),
  early: countChoice('--early <DAYS>', 'how early a warning must begin to be early', standard.earlyDays),
  resamples: countChoice('--resamples <COUNT>', 'draws of accounts for intervals', standard.resamples),
  seed: SEED,
});

/** `bellwether evidence lead-time`: how long before a churn does each indicator begin to fire? */
export const evidenceLeadTimeCommand: Command = {
  name: 'evidence lead-time',
  summary: 'tell how long before a churn each churn indicator fires, beside accounts that stayed, and what it costs',
  options: CHOICES.parts,
  examples: [
    { syntax: 'bellwether evidence lead-time', meaning: 'every churn indicator of the model, week by week' },
    { syntax: 'bellwether evidence lead-time --early 60 --json', meaning: 'with two months as early, for machines' },
  ],
  json: '[{indicator, path, segment, n, fired, fellSilent, leadDays: {median, interval, n, atLeast}, termLeadDays, detection: {n, controls, share, interval, controlShare, controlInterval, difference, differenceInterval, p, q, verdict}, early: the same, earlyDays, precision: {share, interval, n}, recall, baseRate, alerts, alertsPerMonth: {per, alerts}, horizonDays, tried, estimate, interval, p, q, verdict, needed: {reason, accounts}, sentence}]',
  run: async (context, _, options) => {
    const { asOf, horizon: horizonDays, early: earlyDays, resamples, seed } = CHOICES.read(options);
    const opened = await openPanelOf(context, { asOf, everyDays: WEEKLY });
    const report = askLeadTimes(opened, { horizonDays, earlyDays, resamples, seed });
    return { status: 0, json: report.rows, text: (paper) => writeReport(paper, report, earlyDays) };
  },
};

function writeReport(paper: Paper, { rows, churns, matched }: LeadTimeReport, early: number): string {
  return [
    writeTable(
      paper,
      [
        'indicator',
        'asked of',
        'before churns',
        'silent again',
        'stayed',
        'days ahead',
        `${early} ahead`,
        'stayed',
        'right',
        'found',
        'alerts',
        'verdict',
      ],
      rows.map(cellsOf),
    ),
    `${churns} churns; ${matched} of them have retained accounts at a renewal of the same week and age beside them. Landmarks are weekly: a start is known to the week. Silent or unknown for less than the days that the model waits before At-Risk is left ends no firing.`,
    'before churns: firing within 30 days of them. silent again: fired in the half year before, and not in those 30 days. right: quarters of an account with an alert that ended in a churn. found: those that ended in one and had an alert. alerts: a month, by CSM where accounts name one, else by 100 accounts.',
    ...rows.filter(({ verdict }) => verdict !== 'too_little_data').map(({ sentence }) => sentence),
  ].join('\n\n');
}

const percent = (share: number | null | undefined): string | null => (share == null ? null : writePercent(share));

function cellsOf(row: LeadTimeRow): readonly (string | null)[] {
  const { leadDays, detection, early, alertsPerMonth } = row;
  const ends = leadDays?.interval.map((end) => (end === null ? '?' : String(Math.round(end)))).join(' to ');
  return [
    row.indicator,
    row.segment,
    `${row.fired} of ${row.n}`,
    String(row.fellSilent),
    percent(detection.controlShare),
    leadDays?.median == null ? null : `${Math.round(leadDays.median)} (${ends})`,
    percent(early.share),
    percent(early.controlShare),
    percent(row.precision?.share),
    percent(row.recall?.share),
    alertsPerMonth === null ? null : alertsPerMonth.alerts.toFixed(1),
    row.verdict.replaceAll('_', ' '),
  ];
}
