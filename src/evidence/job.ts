import { benjaminiHochberg } from '../stats/multiple_testing.ts';
import { shrinkRates } from '../stats/shrinkage.ts';
import { strataOf } from './age_landmark.ts';
import { atRisk, type CustomerRow } from './calendar.ts';
import { accountsToSettle, type Contrast, contrastGroups, verdictOnContrast, whyUnsettled } from './contrast.ts';
import type { Dealings } from './dealings.ts';
import type { History } from './history.ts';
import { effectiveCount, type Lead, leadsOf } from './job_conversion.ts';
import { productOf } from './job_product.ts';
import type { JobRate, JobRow, JobSelection } from './job_row.ts';
import { jobSentence } from './job_sentence.ts';
import type { Panel } from './panel.ts';
import { type Pooled, pooledIncidence } from './pooled.ts';
import { type Figure, survivorsOf } from './segment_figures.ts';
import { churnStretch, expansionStretch, firstOfEach } from './stretch.ts';
import type { Verdict } from './verdict.ts';

/** What to ask; `bands` are names of text columns of the panel, within whose values jobs are compared. */
export interface JobOptions {
  readonly jobs: readonly string[];
  readonly bands: readonly string[];
  readonly horizonDays: number;
  readonly conversionDays: number;
  readonly seed: number;
  readonly resamples?: number;
}

/**
 * Which job wins: converts at the highest rate and keeps its customers best? (R077)
 *
 * Retention: each account once, at its first landmark as a customer whose job is coded; Cox against the other coded ones
 * within the bands, Benjamini-Hochberg over jobs. Conversion: accounts coded before they paid. Both shares are drawn
 * towards that of all jobs, as small ones are extreme by chance. Which accounts were coded is no accident: the retention
 * of those that were not stands beside.
 */
export function testJobs(
  history: History,
  panel: Panel,
  dealings: Pick<Dealings, 'statements'>,
  options: JobOptions,
): readonly JobRow[] {
  const jobs = panel.texts('job');
  const customers = atRisk(panel);
  const coded = firstOfEach(customers.filter(({ index }) => jobs[index] !== null));
  const jobOf = (row: CustomerRow): string => jobs[row.index] ?? '';
  const leads = leadsOf(history, dealings);
  const names = [...new Set([...options.jobs, ...coded.map(jobOf), ...leads.map(({ job }) => job)])];
  const seen = names.filter((job) => coded.some((row) => jobOf(row) === job) || leads.some((lead) => lead.job === job));
  const contrasts = seen.map((job) => contrastOf(history, panel, coded, (row) => jobOf(row) === job, options));
  const qs = benjaminiHochberg(contrasts.map(({ p }) => p));
  const conversions = conversionsOf(leads, seen, options.conversionDays);
  const retentions = retentionsOf(coded, seen, jobOf, options.horizonDays);
  const products = seen.map((job, index) =>
    productOf(conversions[index] as JobRate, retentions[index] as JobRate, options.seed, job),
  );
  const selection = selectionOf(panel, customers, options);
  return seen.map((job, index) => {
    const contrast = contrasts[index] as Contrast;
    const own = coded.filter((row) => jobOf(row) === job);
    const q = qs[index] ?? null;
    const verdict = verdictOnContrast(contrast, q);
    const needed = { reason: whyUnsettled(contrast, q), accounts: accountsToSettle(contrast) };
    const row = {
      job,
      n: own.length,
      ...(products[index] as Figure),
      conversion: conversions[index] as JobRate,
      conversionDays: options.conversionDays,
      retention: retentions[index] as JobRate,
      horizonDays: options.horizonDays,
      hazardRatio: contrast.hazardRatio,
      hazardInterval: contrast.interval,
      p: contrast.p,
      q,
      tried: qs.filter((one) => one !== null).length,
      verdict,
      wedge: wedgeOf(products, index),
      ...moneyOf(own, options),
      needed: verdict === 'too_little_data' ? needed : null,
      selection,
    };
    return { ...row, sentence: jobSentence(row) };
  });
}

function contrastOf(
  history: History,
  panel: Panel,
  rows: readonly CustomerRow[],
  isInside: (row: CustomerRow) => boolean,
  { bands, horizonDays }: JobOptions,
): Contrast {
  const columns = bands.map((band) => panel.texts(band));
  const strata = strataOf(
    rows.map(({ index }) => ({ stratum: columns.map((column) => column[index] ?? 'unknown').join(' / ') })),
  );
  const side = Uint8Array.from(rows, (row) => (isInside(row) ? 1 : 0));
  const stretches = rows.map((row) => churnStretch(row, horizonDays));
  return contrastGroups(stretches, { side, strata, followedMs: history.followedMs });
}

function conversionsOf(leads: readonly Lead[], jobs: readonly string[], day: number): readonly JobRate[] {
  const groups = jobs.map((job) => leads.filter((lead) => lead.job === job));
  const counts = groups.map((group) => {
    const { successes, trials } = effectiveCount(
      group.map(({ days }) => days),
      group.map(({ isConverted }) => (isConverted ? 1 : 0)),
      day,
    );
    return { successes: Math.max(0, trials - successes), trials };
  });
  return ratesOf(counts, groups, ({ days, isConverted }) => isConverted && days <= day);
}

function retentionsOf(
  rows: readonly CustomerRow[],
  jobs: readonly string[],
  jobOf: (row: CustomerRow) => string,
  horizonDays: number,
): readonly JobRate[] {
  const groups = jobs.map((job) =>
    rows.filter((row) => jobOf(row) === job).map((row) => churnStretch(row, horizonDays)),
  );
  const counts = groups.map((group) =>
    effectiveCount(
      group.map(({ days }) => days),
      group.map(({ cause }) => cause),
      horizonDays,
    ),
  );
  return ratesOf(counts, groups, ({ cause }) => cause === 1);
}

function ratesOf<Row>(
  counts: readonly { readonly successes: number; readonly trials: number }[],
  groups: readonly (readonly Row[])[],
  isEvent: (row: Row) => boolean,
): readonly JobRate[] {
  return shrinkRates(counts).groups.map(({ raw, estimate, interval }, index) => {
    const group = groups[index] ?? [];
    return { n: group.length, events: group.filter(isEvent).length, raw, estimate, interval };
  });
}

function wedgeOf(products: readonly Figure[], index: number): Verdict {
  const own = products[index]?.interval ?? null;
  const others = products.flatMap(({ interval }, at) => (at === index ? [] : [interval]));
  if (own === null || others.length === 0) return 'too_little_data';
  if (others.some((interval) => interval !== null && interval[0] > own[1])) return 'fails';
  return others.every((interval) => interval !== null && interval[1] < own[0]) ? 'holds' : 'too_little_data';
}

function moneyOf(rows: readonly CustomerRow[], options: JobOptions): Pick<JobRow, 'expansion' | 'arr'> {
  const { horizonDays } = options;
  const stretches = rows.flatMap((row) => expansionStretch(row, horizonDays) ?? []);
  const { estimate, interval } = pooledIncidence(stretches, horizonDays, options);
  const arrs = rows.flatMap(({ outcome }) => outcome.arr ?? []);
  return { expansion: { estimate, interval }, arr: arrs.length === 0 ? null : arrs.reduce((sum, arr) => sum + arr, 0) };
}

function selectionOf(panel: Panel, customers: readonly CustomerRow[], options: JobOptions): JobSelection {
  const jobs = panel.texts('job');
  const first = firstOfEach(customers);
  const stay = (isCoded: boolean): Pooled => {
    const rows = first.filter(({ index }) => (jobs[index] !== null) === isCoded);
    const stretches = rows.map((row) => churnStretch(row, options.horizonDays));
    return survivorsOf(pooledIncidence(stretches, options.horizonDays, options));
  };
  const [coded, others] = [stay(true), stay(false)];
  return {
    accounts: [coded.accounts, others.accounts],
    retention: [coded.estimate, others.estimate],
    interval: [coded.interval, others.interval],
  };
}
