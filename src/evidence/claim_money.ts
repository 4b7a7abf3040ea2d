import { criticalZ } from '../stats/normal.ts';
import { verdictOnClaim } from './age_contrast.ts';
import type { ClaimRow } from './claim_row.ts';
import { claimSentence } from './claim_sentence.ts';
import { accountsToSettle, whyUnsettled } from './contrast.ts';
import { groundOf } from './ground.ts';
import type { History } from './history.ts';
import type { Panel } from './panel.ts';
import { recoverableArr } from './recoverable.ts';
import { writeCount } from './wording.ts';

const LEAST_CHURNS = 20;
const WHOSE = 'common in customer success';

/**
 * What a year of churn costs at today's ARR (R099): ARR times the share lost a year at the churn seen.
 *
 * Interval from the number of churns alone (log-normal of a Poisson rate). A sum and no claim to refute: it has no
 * verdict with 20 churns, and is too little before.
 */
export function churnCostRow(history: History): ClaimRow {
  const ground = groundOf(history);
  const { churns, yearlyChurn, arr } = ground;
  const lost = (rate: number): number => Math.round((arr ?? 0) * (1 - Math.exp(-rate)));
  const isTold = arr !== null && yearlyChurn !== null && churns >= LEAST_CHURNS;
  const factor = Math.exp(criticalZ(0.95) / Math.sqrt(Math.max(1, churns)));
  const verdict = isTold ? null : ('too_little_data' as const);
  const row = {
    claim: 'cost-of-churn',
    says: '15 million of ARR at 12% churn a year lose 1.8 million a year',
    whose: WHOSE,
    unit: 'account' as const,
    within: null,
    measure: 'ARR a year' as const,
    estimate: isTold ? lost(yearlyChurn) : null,
    interval: isTold ? ([lost(yearlyChurn / factor), lost(yearlyChurn * factor)] as const) : null,
    n: null,
    events: null,
    retention: null,
    adjusted: null,
    p: null,
    q: null,
    tried: 0,
    horizonDays: 365,
    verdict,
    direction: verdict,
    needed: isTold ? null : { reason: `${writeCount(churns, 'churn')}; ${LEAST_CHURNS} are the least`, accounts: null },
    see: null,
  };
  return { ...row, sentence: claimSentence(row) };
}

/** What of the ARR at risk today could be kept (R099); see `recoverableArr`. */
export function recoverableRow(asked: {
  readonly history: History;
  readonly panel: Panel;
  readonly overlay: string | null;
  readonly horizonDays: number;
  readonly seed: number;
  readonly resamples?: number;
}): ClaimRow {
  const { history, panel, overlay, horizonDays } = asked;
  const found = overlay === null ? null : recoverableArr(history, panel, { ...asked, overlay });
  const contrast = found?.contrast ?? null;
  const direction = contrast === null ? ('too_little_data' as const) : verdictOnClaim(contrast, contrast.p, 1);
  const isTold = found?.interval != null && direction === 'holds' && found.interval[0] > 0;
  const reason =
    contrast === null ? 'the model has no segment that lies over the others' : whyUnsettled(contrast, contrast.p);
  const row = {
    claim: 'recoverable-arr',
    says: `of ${writeCount(found?.atRiskNow ?? 0, 'account')} at risk today with ARR ${Math.round(found?.arrNow ?? 0).toLocaleString('en-US')}, part can be kept`,
    whose: WHOSE,
    unit: 'account' as const,
    within: null,
    measure: 'ARR a year' as const,
    estimate: found?.estimate == null ? null : Math.round(found.estimate),
    interval:
      found?.interval == null ? null : ([Math.round(found.interval[0]), Math.round(found.interval[1])] as const),
    n: contrast?.accounts ?? null,
    events: contrast?.events ?? null,
    retention: null,
    adjusted: null,
    p: contrast?.p ?? null,
    q: contrast?.p ?? null,
    tried: contrast?.p == null ? 0 : 1,
    horizonDays,
    verdict: isTold ? ('holds' as const) : ('too_little_data' as const),
    direction,
    needed: isTold ? null : { reason, accounts: contrast === null ? null : accountsToSettle(contrast) },
    see: null,
  };
  return { ...row, sentence: claimSentence(row) };
}
