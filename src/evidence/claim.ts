import { benjaminiHochberg } from '../stats/multiple_testing.ts';
import { moverDifference } from '../stats/proportion.ts';
import { type AgeContrast, contrastAtAge, verdictOnClaim } from './age_contrast.ts';
import { type AgeRow, ageLandmark } from './age_landmark.ts';
import { churnCostRow, recoverableRow } from './claim_money.ts';
import type { ClaimRow } from './claim_row.ts';
import { claimSentence } from './claim_sentence.ts';
import { userClaim } from './claim_user.ts';
import { accountsToSettle, whyUnsettled } from './contrast.ts';
import type { History } from './history.ts';
import type { Panel } from './panel.ts';
import type { Beginning } from './usage.ts';
import type { Verdict } from './verdict.ts';

type Pair = readonly [number, number];

/** What to ask. `core` and `secondary` are feature areas by name. */
export interface ClaimOptions {
  readonly core: readonly string[];
  readonly secondary: readonly string[];
  /** How users began, in accounts of the history. */
  readonly beginnings: readonly Beginning[];
  /** Name of the segment that lies over the others; null: none. */
  readonly overlay: string | null;
  readonly horizonDays: number;
  readonly seed: number;
  readonly resamples?: number;
}

/** Ages in days at which claims look at accounts: firmographics are needed there. */
export const CLAIM_AGES = [30, 60] as const;

/**
 * What of the claims that are told about all companies is so in this one?
 *
 * Unit: customer at an age, within the firmographic bands; each claim is one thing tried and has its own p, the bands of
 * one claim are corrected together (Benjamini-Hochberg); a company all of one band has no row within it, which would be
 * the whole again. A claim of an amount is judged by that amount.
 */
export function testClaims(history: History, panel: Panel, options: ClaimOptions): readonly ClaimRow[] {
  const money = { ...options, history, panel };
  return [
    coreClaim(history, options),
    secondaryClaim(history, options),
    userClaim(history, options.beginnings, options),
    ...sequenceClaims(history, panel, options),
    elsewhere(
      'warning-before-renewal',
      'Gainsight',
      '68% of avoidable churn shows a drop in use 90 days before the renewal',
      'lead-time',
    ),
    elsewhere(
      'one-signal',
      'common in product analytics',
      'one behavioural signal predicts retention 30% better than industry and size together',
      'dimensions',
    ),
    churnCostRow(history),
    recoverableRow(money),
  ];
}

function usedBy(row: AgeRow, areas: readonly string[]): number {
  const used = row.account.reaches.filter(
    ({ kind, name, times }) => kind === 'area' && areas.includes(name) && (times[0] ?? Infinity) < row.landmarkMs,
  );
  return used.length;
}

function coreClaim(history: History, { core, horizonDays }: ClaimOptions): ClaimRow {
  const { rows } = ageLandmark(history, 60);
  const isExposed = (row: AgeRow) => usedBy(row, core) >= 3;
  const contrast = contrastAtAge(rows, { isExposed, outcome: 'churn', horizonDays, followedMs: history.followedMs });
  const says = 'accounts with three core features or more stay longer (looked at 60 days of age)';
  return hazardRow({ claim: 'three-core-features', says, whose: 'Reforge', contrast, horizonDays });
}

const SOON_DAYS = 90;

function secondaryClaim(history: History, { secondary }: ClaimOptions): ClaimRow {
  const { rows } = ageLandmark(history, 60);
  const isExposed = (row: AgeRow) => usedBy(row, secondary) >= 1;
  const { followedMs } = history;
  const contrast = contrastAtAge(rows, { isExposed, outcome: 'churn', horizonDays: SOON_DAYS, followedMs });
  const says =
    '40% use secondary features in their first 60 days, and the others leave more in the next 90 (here by account)';
  return hazardRow({ claim: 'secondary-features', says, whose: 'Userpilot', contrast, horizonDays: SOON_DAYS });
}

function hazardRow(told: {
  readonly claim: string;
  readonly says: string;
  readonly whose: string;
  readonly contrast: AgeContrast;
  readonly horizonDays: number;
}): ClaimRow {
  const { contrast, ...named } = told;
  const verdict = verdictOnClaim(contrast, contrast.p, -1);
  const row = {
    ...named,
    unit: 'account' as const,
    within: null,
    measure: 'hazard ratio' as const,
    estimate: contrast.hazardRatio,
    interval: contrast.interval,
    adjusted: null,
    ...seen(contrast),
    p: contrast.p,
    q: contrast.p,
    tried: contrast.p === null ? 0 : 1,
    verdict,
    direction: verdict,
    needed: neededOf(verdict, contrast, contrast.p),
    see: null,
  };
  return { ...row, sentence: claimSentence(row) };
}

function sequenceClaims(history: History, panel: Panel, { horizonDays }: ClaimOptions): readonly ClaimRow[] {
  const { rows } = ageLandmark(history, 30);
  const days = panel.numbers('sequence_days');
  const completed = new Map<string, number>();
  for (const { index, accountId } of panel.rows) {
    const own = days[index] ?? Number.NaN;
    if (!Number.isNaN(own)) completed.set(accountId, own);
  }
  const isExposed = ({ account }: AgeRow) => (completed.get(account.accountId) ?? Infinity) < 30;
  const ask = (some: readonly AgeRow[]) =>
    contrastAtAge(some, { isExposed, outcome: 'churn', horizonDays, followedMs: history.followedMs });
  const known = [...new Set(rows.map(({ stratum }) => stratum))].sort();
  const bands = known.length < 2 ? [] : known;
  const contrasts = bands.map((band) => ask(rows.filter(({ stratum }) => stratum === band)));
  const qs = benjaminiHochberg(contrasts.map(({ p }) => p));
  const tried = qs.filter((q) => q !== null).length;
  const all = ask(rows);
  return [
    ratioRow(all, { within: null, q: all.p, tried: all.p === null ? 0 : 1, horizonDays }),
    ...contrasts.map((contrast, index) =>
      ratioRow(contrast, { within: bands[index] ?? null, q: qs[index] ?? null, tried, horizonDays }),
    ),
  ];
}

const CLAIMED_RATIO = 2;

function ratioRow(contrast: AgeContrast, told: Pick<ClaimRow, 'within' | 'q' | 'tried' | 'horizonDays'>): ClaimRow {
  const ratio = contrast.p === null ? null : retentionRatio(contrast);
  const verdict = doubled(ratio);
  const direction = verdictOnClaim(contrast, told.q, -1);
  const row = {
    claim: 'activation-sequence',
    says: 'completing the activation sequence within 30 days doubles retention, whatever the size or industry',
    whose: 'Appcues',
    unit: 'account' as const,
    measure: 'ratio of retention' as const,
    estimate: ratio?.estimate ?? null,
    interval: ratio?.interval ?? null,
    adjusted: null,
    ...seen(contrast),
    p: contrast.p,
    ...told,
    verdict,
    direction,
    needed: neededOf(verdict === 'too_little_data' ? verdict : direction, contrast, told.q),
    see: null,
  };
  return { ...row, sentence: claimSentence(row) };
}

function doubled(ratio: { readonly interval: Pair } | null): Verdict {
  if (ratio === null) return 'too_little_data';
  if (ratio.interval[0] >= CLAIMED_RATIO) return 'holds';
  return ratio.interval[1] < CLAIMED_RATIO ? 'fails' : 'too_little_data';
}

function retentionRatio({ shares, intervals }: AgeContrast) {
  if (shares === null || intervals === null || intervals.some(([, high]) => high >= 1)) return null;
  const side = (at: 0 | 1) => ({
    estimate: Math.log(1 - shares[at]),
    interval: [Math.log(1 - intervals[at][1]), Math.log(1 - intervals[at][0])] as Pair,
  });
  const { estimate, interval } = moverDifference(side(0), side(1));
  return { estimate: Math.exp(estimate), interval: [Math.exp(interval[0]), Math.exp(interval[1])] as Pair };
}

function seen({ accounts, events, shares }: AgeContrast): Pick<ClaimRow, 'n' | 'events' | 'retention'> {
  return { n: accounts, events, retention: shares === null ? null : [1 - shares[0], 1 - shares[1]] };
}

function neededOf(verdict: Verdict, contrast: AgeContrast, q: number | null): ClaimRow['needed'] {
  if (verdict !== 'too_little_data') return null;
  return { reason: whyUnsettled(contrast, q), accounts: accountsToSettle(contrast) };
}

function elsewhere(claim: string, whose: string, says: string, see: string): ClaimRow {
  const unknown = {
    within: null,
    measure: null,
    estimate: null,
    interval: null,
    n: null,
    events: null,
    retention: null,
    adjusted: null,
  };
  const verdicts = { verdict: 'too_little_data' as const, direction: 'too_little_data' as const };
  const row = {
    claim,
    says,
    whose,
    unit: 'account' as const,
    ...unknown,
    p: null,
    q: null,
    tried: 0,
    horizonDays: null,
    ...verdicts,
    needed: null,
    see,
  };
  return { ...row, sentence: claimSentence(row) };
}
