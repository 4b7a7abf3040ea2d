import { coxModel } from '../stats/cox.ts';
import { strataOf } from './age_landmark.ts';
import { nameOf, reachedAt } from './candidate.ts';
import { followUp, type Tested } from './milestone_comparison.ts';

/** A candidate beside the others that hold. */
export interface Adjusted {
  readonly hazardRatio: number | null;
  readonly interval: readonly [number, number] | null;
  /** The rival that its effect comes from; null where it has one of its own. */
  readonly carriedBy: string | null;
}

const MOST_TOGETHER = 5;
const VANISHED_SHARE = 0.5;

/**
 * Fits each candidate that holds again at its own age, beside the strongest others that hold and the logarithm of active
 * days so far, within the bands.
 *
 * Carried: its interval now contains no effect, and it has lost half of its log hazard ratio or more. Candidates of one
 * subject are no rivals of each other.
 */
export function adjustHolders(holders: readonly Tested[]): ReadonlyMap<Tested, Adjusted> {
  const strongest = [...holders].sort((a, b) => (a.logRank?.logP ?? 0) - (b.logRank?.logP ?? 0));
  return new Map(holders.map((one) => [one, adjust(one, rivalsOf(one, strongest))]));
}

function rivalsOf(one: Tested, strongest: readonly Tested[]): readonly Tested[] {
  const subjects = new Set([one.candidate.subject]);
  const rivals: Tested[] = [];
  for (const other of strongest) {
    if (subjects.has(other.candidate.subject) || rivals.length === MOST_TOGETHER - 1) continue;
    subjects.add(other.candidate.subject);
    rivals.push(other);
  }
  return rivals;
}

function adjust(one: Tested, rivals: readonly Tested[]): Adjusted {
  const { rows } = one.landmark;
  const exposures = rivals.map(({ candidate }) =>
    Int8Array.from(rows, ({ account, landmarkMs }) => {
      const at = reachedAt(account, candidate);
      return at !== null && at < landmarkMs ? 1 : 0;
    }),
  );
  const active = Float64Array.from(rows, ({ activeDays }) => Math.log1p(activeDays));
  const cox = coxModel({ ...followUp(rows), strata: strataOf(rows), covariates: [one.exposed, ...exposures, active] });
  if (cox.kind === 'refused') return { hazardRatio: null, interval: null, carriedBy: null };
  const [own, ...others] = cox.coefficients;
  if (own === undefined || one.hazard === null) return { hazardRatio: null, interval: null, carriedBy: null };
  const isNothing = own.interval[0] < 1 && own.interval[1] > 1;
  const isGone = isNothing && Math.abs(own.estimate) < VANISHED_SHARE * Math.abs(Math.log(one.hazard.ratio));
  const carrier = rivals
    .map((rival, index) => ({ rival, z: others[index]?.z ?? 0 }))
    .sort((a, b) => a.z - b.z)
    .find(({ z }) => z < 0);
  return {
    hazardRatio: own.hazardRatio,
    interval: own.interval,
    carriedBy: isGone && carrier !== undefined ? nameOf(carrier.rival.candidate) : null,
  };
}
