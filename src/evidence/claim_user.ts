import { verdictOnClaim } from './age_contrast.ts';
import { strataOf } from './age_landmark.ts';
import type { ClaimRow } from './claim_row.ts';
import { claimSentence } from './claim_sentence.ts';
import { accountsToSettle, contrastGroups, whyUnsettled } from './contrast.ts';
import { DAY_MS, type History, paperKey } from './history.ts';
import { outcomeAfter } from './outcome.ts';
import { pooledIncidence } from './pooled.ts';
import type { Stretch } from './stretch.ts';
import type { Beginning } from './usage.ts';

type Pair = readonly [number, number];

const FIRST_DAYS = 60;
const NEXT_DAYS = 90;
const SILENT_DAYS = 30;
/** The age of the account at which its bands are read. */
const BAND_DAYS = 60;

/** A user 60 days after the first activity: what was done by then, and what came in the 90 days after. */
interface UserRow {
  readonly stretch: Stretch;
  readonly stratum: string;
  readonly activeDays: number;
  readonly side: 0 | 1;
}

/**
 * Do users who use a secondary feature within 60 days of their first activity stay more often than the others? (R053)
 *
 * Unit: user of a customer, 60 days after the first activity, active in the last 30 of them; leaving is to be dormant, 30
 * days without activity, or to be in an account that churns, within the next 90; a merger ends the watch. Cox within the bands of the account at 60 days of age, clustered by account; what is too
 * little is counted in accounts. `adjusted`: the same among users of the same quarter by active days before, since who is
 * active does more of everything. Accounts older than the events are left out, since nobody knows when their users began.
 */
export function userClaim(
  history: History,
  beginnings: readonly Beginning[],
  options: { readonly seed: number; readonly resamples?: number },
): ClaimRow {
  const rows = usersOf(history, beginnings);
  const { followedMs } = history;
  const side = Uint8Array.from(rows, (row) => row.side);
  const stretches = rows.map(({ stretch }) => stretch);
  const contrast = contrastGroups(stretches, { side, strata: strataOf(rows), followedMs });
  const alike = contrastGroups(stretches, { side, strata: strataOf(byActivity(rows)), followedMs });
  const verdict = verdictOnClaim(contrast, contrast.p, -1);
  const of = (wanted: 0 | 1) => stretches.filter((_, index) => side[index] === wanted);
  const [group, others] = [of(1), of(0)];
  const events = [group, others].map((some) => some.filter(({ cause }) => cause === 1).length);
  const left = [group, others].map((some) => pooledIncidence(some, NEXT_DAYS, options).estimate);
  const [first = null, second = null] = left;
  const isKnown = contrast.p !== null && first !== null && second !== null;
  const row = {
    claim: 'secondary-features-by-user',
    says: '40% of users use secondary features in their first 60 days, and the others leave more in the next 90',
    whose: 'Userpilot',
    unit: 'user' as const,
    within: null,
    measure: 'hazard ratio' as const,
    estimate: contrast.hazardRatio,
    interval: contrast.interval,
    adjusted:
      alike.hazardRatio === null || alike.interval === null
        ? null
        : { estimate: alike.hazardRatio, interval: alike.interval },
    n: [group.length, others.length] as Pair,
    events: [events[0] ?? 0, events[1] ?? 0] as Pair,
    retention: isKnown ? ([1 - first, 1 - second] as Pair) : null,
    p: contrast.p,
    q: contrast.p,
    tried: contrast.p === null ? 0 : 1,
    horizonDays: NEXT_DAYS,
    verdict,
    direction: verdict,
    needed:
      verdict === 'too_little_data'
        ? { reason: whyUnsettled(contrast, contrast.p), accounts: accountsToSettle(contrast) }
        : null,
    see: null,
  };
  return { ...row, sentence: claimSentence(row) };
}

/** The rows with the quarter of users by active days, within which likes are compared, as part of the stratum. */
function byActivity(rows: readonly UserRow[]): readonly { readonly stratum: string }[] {
  const sorted = rows.map(({ activeDays }) => activeDays).sort((a, b) => a - b);
  const cuts = [0.25, 0.5, 0.75].map((share) => sorted[Math.floor(share * sorted.length)] ?? 0);
  return rows.map(({ stratum, activeDays }) => ({
    stratum: `${stratum} / ${cuts.filter((cut) => activeDays >= cut).length}`,
  }));
}

function usersOf(history: History, beginnings: readonly Beginning[]): readonly UserRow[] {
  const eventsFrom = history.eventsFromMs ?? Number.POSITIVE_INFINITY;
  const accounts = new Map(history.accounts.map((account, cluster) => [account.accountId, { account, cluster }]));
  return beginnings.flatMap(({ accountId, firstMs, isSecondary, activeDays, lastMs, silentMs }): readonly UserRow[] => {
    const found = accounts.get(accountId);
    const createdMs = found?.account.createdMs ?? null;
    if (found === undefined || createdMs === null || createdMs < eventsFrom || isSecondary === null) return [];
    const landmarkMs = firstMs + FIRST_DAYS * DAY_MS;
    if (lastMs <= landmarkMs - SILENT_DAYS * DAY_MS) return [];
    const outcome = outcomeAfter(history, found.account, landmarkMs);
    const paper = history.papers.get(paperKey(accountId, createdMs + BAND_DAYS * DAY_MS));
    if (outcome === null || paper?.isEligible === false) return [];
    const silentDays = (silentMs - landmarkMs) / DAY_MS;
    const watchedDays = Math.min(NEXT_DAYS, outcome.days);
    const isSilent = silentDays <= watchedDays;
    const isLeaving = isSilent || (outcome.isChurned && outcome.days <= NEXT_DAYS);
    const stratum = Object.values(paper?.bands ?? {})
      .map((band) => band ?? 'unknown')
      .join(' / ');
    const days = isSilent ? silentDays : watchedDays;
    return [
      {
        stretch: { cluster: found.cluster, landmarkMs, days, cause: isLeaving ? 1 : 0 },
        stratum,
        activeDays,
        side: isSecondary ? 1 : 0,
      },
    ];
  });
}
