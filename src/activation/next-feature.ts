import type { FeatureArea } from '../definition/model.ts';
import type { AccountAnswer, UserAnswer } from './answer.ts';
import type { AreaEvidence } from './area-evidence.ts';
import type { Guide } from './guide.ts';
import { offerOf } from './offer.ts';
import type { Peers } from './peers.ts';

/** A feature area worth showing, and what says so. */
interface NextFeature {
  readonly feature: string;
  /** Evidence among accounts of the same segment, evidence among all customers, or what power users use. */
  readonly basis: 'segment' | 'overall' | 'peers';
  /** The home segment whose evidence it is; null where it is not that of a segment. */
  readonly segment: string | null;
  /** Difference in the share of accounts still customers, with its interval; null where peers are the basis. */
  readonly difference: number | null;
  readonly interval: readonly [number, number] | null;
  /** Share of the power users who use it, of how many, and the job they share; null where evidence is the basis, or all jobs count. */
  readonly share: number | null;
  readonly peers: number | null;
  readonly job: string | null;
  readonly reason: string;
}

/** At most two features; `whyNone` says why there is none, else null. */
export interface NextFeatures {
  readonly features: readonly NextFeature[];
  readonly whyNone: string | null;
}

const MOST_FEATURES = 2;
/** Fewer power users than this show nothing. */
const LEAST_PEERS = 5;

/**
 * The feature areas that a user should see next (R131, R132): at most two, with what says so.
 *
 * Of the areas that suit the tier, those not used in 60 days, not finished, and not suppressed by the model. Ranked by the
 * difference that evidence ties to them: where it holds in the account's home segment, then where it holds overall, then by
 * the share of power users with the same job who use them, or of all where the job is unknown or has fewer than five. Ties
 * go by the order of the model. Refuses what nothing speaks for: without evidence and with fewer than five power users there is no suggestion.
 */
export function nextFeatures(
  guide: Guide,
  account: AccountAnswer,
  user: UserAnswer,
  peersOf: (job: string | null) => Peers,
): NextFeatures {
  const { features: isOffered, why } = offerOf(user.tier);
  if (isOffered === null) return { features: [], whyNone: why };
  const finished = new Set(finishedAreas(guide, account, user).map(({ name }) => name));
  const left = guide.areas.flatMap((area, place) => {
    const isLeft =
      isOffered(area) &&
      !area.isHelp &&
      !finished.has(area.name) &&
      !user.used.includes(place) &&
      !account.suppressed.includes(area.name);
    return isLeft ? [{ area, place }] : [];
  });
  if (left.length === 0) {
    return { features: [], whyNone: 'every area that suits the user is in use, finished or suppressed' };
  }
  const group = peerGroup(account.job, peersOf);
  const ranked = left.flatMap(({ area, place }): Ranked[] => {
    const found = rank(guide, account, area, place, group);
    return found === null ? [] : [found];
  });
  ranked.sort((a, b) => a.level - b.level || b.worth - a.worth);
  if (ranked.length > 0) {
    return { features: ranked.slice(0, MOST_FEATURES).map(({ feature }) => feature), whyNone: null };
  }
  return {
    features: [],
    whyNone: 'neither evidence nor enough power users speak for an area that the user does not know',
  };
}

/**
 * Areas with nothing left to do for a user: where everybody starts, and those made of nothing but steps already taken by the
 * user or the account. A core area is never finished: it is what people come back for.
 */
export function finishedAreas(
  { areas, accountSteps, userSteps }: Guide,
  account: Pick<AccountAnswer, 'stepsReached'>,
  user: Pick<UserAnswer, 'stepsReached'>,
): readonly FeatureArea[] {
  const taken = new Set([
    ...accountSteps.slice(0, account.stepsReached ?? 0),
    ...userSteps.slice(0, user.stepsReached),
  ]);
  return areas.filter(
    ({ isEntry, isCore, events }) =>
      isEntry || (!isCore && events.length > 0 && events.every((event) => taken.has(event))),
  );
}

interface Ranked {
  readonly level: number;
  readonly worth: number;
  readonly feature: NextFeature;
}

interface PeerGroup {
  readonly peers: Peers;
  readonly job: string | null;
  /** Why all power users count and not those with the same job; null where they do not. */
  readonly why: string | null;
}

function peerGroup(job: string | null, peersOf: (job: string | null) => Peers): PeerGroup {
  const all = peersOf(null);
  if (job === null) return { peers: all, job: null, why: "the account's job is unknown" };
  const own = peersOf(job);
  if (own.users >= LEAST_PEERS) return { peers: own, job, why: null };
  return { peers: all, job: null, why: `fewer than ${LEAST_PEERS} of them have the job ${job}` };
}

function rank(
  { holding }: Guide,
  { home }: AccountAnswer,
  area: FeatureArea,
  place: number,
  { peers, job, why }: PeerGroup,
): Ranked | null {
  const feature = area.name;
  const here = home === null ? undefined : holding.get(home)?.get(feature);
  if (here !== undefined) return fromEvidence(here, 0);
  const anywhere = holding.get(null)?.get(feature);
  if (anywhere !== undefined) return fromEvidence(anywhere, 1);
  const using = peers.using.get(place) ?? 0;
  if (peers.users < LEAST_PEERS || using === 0) return null;
  const share = using / peers.users;
  const who = job === null ? `${peers.users} power users` : `${peers.users} power users with the job ${job}`;
  const reason = `${percent(share)} of the ${who} use it${why === null ? '' : `; all jobs, since ${why}`}.`;
  const nothing = { segment: null, difference: null, interval: null };
  return {
    level: 2,
    worth: share,
    feature: { feature, basis: 'peers', ...nothing, share, peers: peers.users, job, reason },
  };
}

function fromEvidence(
  { area, segment, difference, interval, ageDays, horizonDays }: AreaEvidence,
  level: number,
): Ranked {
  const worth = difference ?? 0;
  const who = segment === null ? 'Customers' : `Customers in ${segment}`;
  const span = interval === null ? '' : ` (95% interval ${points(interval[0])} to ${points(interval[1])})`;
  const reason = `${who} that had taken it up by ${ageDays} days of age stayed more often: ${points(worth)} points more were customers ${horizonDays ?? 0} days later${span}. That does not prove that it is the cause.`;
  const basis = segment === null ? ('overall' as const) : ('segment' as const);
  return {
    level,
    worth,
    feature: { feature: area, basis, segment, difference, interval, share: null, peers: null, job: null, reason },
  };
}

const percent = (share: number): string => `${Math.round(100 * share)}%`;
const points = (share: number): string => (100 * share).toFixed(0);
