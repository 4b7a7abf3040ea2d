import { kaplanMeier, medianSurvival } from '../stats/kaplan_meier.ts';
import { wilsonInterval } from '../stats/proportion.ts';
import type { Dealings, Opportunity } from './dealings.ts';
import { DAY_MS } from './history.ts';
import type { Panel } from './panel.ts';
import { writeCount, writeList, writePercentWithin } from './wording.ts';

type Pair = readonly [number, number];

/** Sales to a group of accounts: a row of `evidence expansion --json`. */
export interface SaleRow {
  readonly kind: 'sale';
  /** What `group` is: all sales, a band of size, or the first home segment of who was won. */
  readonly by: 'all' | 'band' | 'segment';
  readonly group: string;
  /** Opportunities that are over, and all. */
  readonly n: number;
  readonly opened: number;
  readonly won: number;
  /** Share of those that are over that were won. */
  readonly estimate: number | null;
  readonly interval: Pair | null;
  /** Median days from creation to winning, of those won. */
  readonly daysToClose: number | null;
  readonly daysInterval: readonly [number | null, number | null];
  /** Stages before the loss, most frequent first. */
  readonly lostAt: readonly { readonly stage: string; readonly lost: number }[];
  readonly sentence: string;
}

const LOST = /\blost\b/i;

/**
 * How are accounts won: share, days to close, and the stage at which they are lost? (R160)
 *
 * An opportunity is over when it is won or its last stage is called lost. Who was never a customer is in no segment, so a
 * share won by segment would be 100%: segments tell the days to close alone, and shares stand by band, which every
 * account has. Wilson intervals; no test. Where no sale at all is recorded as lost there is no share: losses were not
 * written down. Days are told of sales whose beginning is known: created, or in a stage, before the one in which they end.
 */
export function describeSales(
  panel: Panel,
  { opportunities }: Pick<Dealings, 'opportunities'>,
  band: string,
): readonly SaleRow[] {
  if (opportunities.length === 0) return [];
  const bands = panel.texts(band);
  const [homes, sizes] = [new Map<string, string>(), new Map<string, string>()];
  for (const { accountId, home, index } of panel.rows) {
    if (home !== null && !homes.has(accountId)) homes.set(accountId, home);
    if (!sizes.has(accountId)) sizes.set(accountId, bands[index] ?? 'unknown');
  }
  const isTold = opportunities.some(isLost);
  const grouped = (by: 'band' | 'segment', groups: ReadonlyMap<string, string>) =>
    [...new Set(groups.values())].sort().map((group) =>
      saleRow(
        by,
        group,
        opportunities.filter(({ accountId }) => groups.get(accountId) === group),
        isTold && by !== 'segment',
      ),
    );
  return [saleRow('all', 'all', opportunities, isTold), ...grouped('band', sizes), ...grouped('segment', homes)];
}

function isLost({ wonMs, stages }: Opportunity): boolean {
  return wonMs === null && LOST.test(stages.at(-1)?.stage ?? '');
}

function hasBeginning({ createdMs, stages }: Opportunity): boolean {
  return stages.length > 1 || createdMs < (stages[0]?.atMs ?? createdMs);
}

/** `isTold`: whether a share won means anything. */
function saleRow(by: SaleRow['by'], group: string, opportunities: readonly Opportunity[], isTold: boolean): SaleRow {
  const lost = opportunities.filter(isLost);
  const won = opportunities.filter(({ wonMs }) => wonMs !== null);
  const n = won.length + lost.length;
  const isShare = n > 0 && isTold;
  const days = won
    .filter(hasBeginning)
    .map(({ wonMs, createdMs }) => Math.max(0, ((wonMs ?? createdMs) - createdMs) / DAY_MS));
  const { median, interval } = medianSurvival(kaplanMeier({ time: days, event: days.map(() => 1) }));
  const counts = new Map<string, number>();
  for (const { stages } of lost) {
    const stage = stages.at(-2)?.stage ?? 'unknown';
    counts.set(stage, (counts.get(stage) ?? 0) + 1);
  }
  const lostAt = [...counts].map(([stage, count]) => ({ stage, lost: count })).sort((a, b) => b.lost - a.lost);
  const row = {
    kind: 'sale' as const,
    by,
    group,
    n,
    opened: opportunities.length,
    won: won.length,
    estimate: isShare ? won.length / n : null,
    interval: isShare ? wilsonInterval({ successes: won.length, trials: n }) : null,
    daysToClose: median,
    daysInterval: interval,
    lostAt,
  };
  return { ...row, sentence: sentenceOf(row) };
}

function sentenceOf({ by, group, n, won, estimate, interval, daysToClose, lostAt }: Omit<SaleRow, 'sentence'>): string {
  const who = by === 'all' ? 'All sales' : `Sales to ${group}`;
  if (n === 0) return `${who}: none is over yet.`;
  const days = daysToClose === null ? '' : `, half of those won within ${Math.round(daysToClose)} days`;
  if (by === 'segment') return `${who}: ${writeCount(won, 'account')} won${days}.`;
  if (estimate === null) return `${who}: ${won} won${days}; none is recorded as lost, so that no share can be told.`;
  const at = lostAt.map(({ stage, lost }) => `${lost} after ${stage}`);
  const losses = at.length === 0 ? '' : `; lost: ${writeList(at)}`;
  return `${who}: ${won} of ${writeCount(n, 'sale')} that are over were won, ${writePercentWithin(estimate, interval)}${days}${losses}.`;
}
