import type { JobRow } from './job_row.ts';
import { writeCount, writePercent, writePercentWithin } from './wording.ts';

/** What a job's row says, in words. */
export function jobSentence(row: Omit<JobRow, 'sentence'>): string {
  const { conversion, retention } = row;
  const won =
    conversion.estimate === null
      ? 'how many convert is unknown'
      : `of ${conversion.n} trials and prospects coded before paying about ${writePercentWithin(conversion.estimate, conversion.interval)} convert within ${row.conversionDays} days`;
  const kept =
    retention.estimate === null
      ? 'how many stay is unknown'
      : `of ${writeCount(retention.n, 'customer')} about ${writePercentWithin(retention.estimate, retention.interval)} are still there ${row.horizonDays} days later`;
  return `${row.job}: ${won}; ${kept}. ${differenceOf(row)} ${wedgeOf(row)}`;
}

function differenceOf({ verdict, hazardRatio, needed }: Omit<JobRow, 'sentence'>): string {
  if (verdict === 'holds') {
    const ratio = hazardRatio ?? 1;
    const rate = ratio < 1 ? writePercent(ratio) : `${ratio.toFixed(1)} times`;
    return `Its customers leave at ${rate} ${ratio < 1 ? 'of ' : ''}the rate of those with other jobs.`;
  }
  if (verdict === 'fails') return 'A difference in staying from other jobs that is worth acting on can be ruled out.';
  const accounts = needed?.accounts ?? null;
  const more = accounts === null ? '' : ` (about ${writeCount(accounts, 'coded account')} would settle it)`;
  return `Whether they stay at another rate than those with other jobs cannot be told yet${more}.`;
}

function wedgeOf({ wedge }: Omit<JobRow, 'sentence'>): string {
  if (wedge === 'holds')
    return 'It converts and keeps more than any other job: the winning wedge, among accounts whose job is known.';
  if (wedge === 'fails') return 'Another job converts and keeps more.';
  return 'It is not told apart as the winning wedge.';
}
