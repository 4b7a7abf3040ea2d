import { benjaminiHochberg } from '../stats/multiple_testing.ts';
import { verdictOnClaim } from './age_contrast.ts';
import { atRisk } from './calendar.ts';
import { accountsToSettle, contrastGroups, whyUnsettled } from './contrast.ts';
import { DAY_MS, type History } from './history.ts';
import type { Panel } from './panel.ts';
import type { AreaReversionRow } from './role_row.ts';
import { areaReversionSentence } from './role_sentence.ts';
import { churnStretch } from './stretch.ts';
import type { AreaDays } from './usage.ts';

const CHURN_DAYS = 180;
const ADOPTED_DAYS = 3;
const MONTH_DAYS = 30;

/**
 * Does an account that stops using a feature area leave more often than one that keeps using it, area by area? (R055)
 *
 * Unit: customer at a calendar landmark, 60 days old or more, that had used the area on three days or more between 60 and 30
 * days before it: stopped, on none of the last 30, against kept. Cox clustered by account; Benjamini-Hochberg over the areas.
 */
export function testAreaReversion(
  history: History,
  panel: Panel,
  areaDays: AreaDays,
  areas: readonly string[],
): readonly AreaReversionRow[] {
  const customers = atRisk(panel).filter(
    ({ account, landmarkMs }) => (account?.createdMs ?? Infinity) <= landmarkMs - 2 * MONTH_DAYS * DAY_MS,
  );
  const contrasts = areas.map((area) => {
    const adopted = customers.flatMap((row) => {
      const has = statusOf(areaDays.get(row.accountId)?.get(area) ?? [], row.landmarkMs);
      return has === null ? [] : [{ row, isStopped: has === 'stopped' }];
    });
    const side = Uint8Array.from(adopted, ({ isStopped }) => (isStopped ? 1 : 0));
    const stretches = adopted.map(({ row }) => churnStretch(row, CHURN_DAYS));
    return contrastGroups(stretches, { side, followedMs: history.followedMs });
  });
  const qs = benjaminiHochberg(contrasts.map(({ p }) => p));
  const tried = qs.filter((q) => q !== null).length;
  return contrasts.map((contrast, index) => {
    const q = qs[index] ?? null;
    const verdict = verdictOnClaim(contrast, q, 1);
    const row = {
      kind: 'area_reversion' as const,
      area: areas[index] ?? '',
      n: contrast.accounts,
      events: contrast.events,
      estimate: contrast.hazardRatio,
      interval: contrast.interval,
      p: contrast.p,
      q,
      tried,
      horizonDays: CHURN_DAYS,
      verdict,
      needed:
        verdict === 'too_little_data'
          ? { reason: whyUnsettled(contrast, q), accounts: accountsToSettle(contrast) }
          : null,
    };
    return { ...row, sentence: areaReversionSentence(row) };
  });
}

/** What an account that had adopted an area did with it in the last 30 days before an instant; null: it had not adopted it. */
function statusOf(days: readonly number[], landmarkMs: number): 'stopped' | 'kept' | null {
  const today = landmarkMs / DAY_MS;
  const within = (from: number, to: number) => days.filter((day) => day >= today - from && day < today - to).length;
  if (within(2 * MONTH_DAYS, MONTH_DAYS) < ADOPTED_DAYS) return null;
  return within(MONTH_DAYS, 0) === 0 ? 'stopped' : 'kept';
}
