import { type CoxCoefficient, coxModel } from '../stats/cox.ts';
import { strataOf } from './age_landmark.ts';
import { type Candidate, nameOf } from './candidate.ts';
import { exposedTo, followUp, type Tested } from './milestone_comparison.ts';

/** A candidate beside the others that hold. */
export interface Adjusted {
  readonly hazardRatio: number | null;
  readonly interval: readonly [number, number] | null;
  /** The rival that its effect comes from; null where it has one of its own. */
  readonly carriedBy: string | null;
}

const MOST_TOGETHER = 5;

/** Two exposures that agree this often are one thing, and cannot be told apart. */
const SAME_SHARE = 0.97;

/**
 * Fits each candidate that holds again at its own age, beside the strongest others that hold and the logarithm of active
 * days so far, within the bands.
 *
 * A rival is what held: reached by the age at which it was strongest, or by the candidate's own age where that is sooner.
 * Reached by a later age it is another thing, thinned by those who came late.
 *
 * Carried: its interval now contains no effect; the milestone that the model named beforehand is carried only where a
 * rival keeps more than it does, since what was found by looking around has to show that it stands by itself. Candidates
 * that share an event, or that the same accounts had reached, are no rivals of each other.
 */
export function adjustHolders(
  holders: readonly Tested[],
  primary: Tested | null,
  claimed: -1 | 1,
): ReadonlyMap<Tested, Adjusted> {
  const strongest = [...holders].sort((a, b) => (a.logRank?.logP ?? 0) - (b.logRank?.logP ?? 0));
  return new Map(
    holders.map((one) => [one, adjust(one, rivalsOf(one, strongest), { isPrimary: one === primary, claimed })]),
  );
}

/** Another candidate, by the age at which it held or by this one's own where that is sooner. */
interface Rival {
  readonly candidate: Candidate;
  readonly exposed: Int8Array;
}

function rivalsOf(one: Tested, strongest: readonly Tested[]): readonly Rival[] {
  const chosen: Rival[] = [one];
  for (const { candidate, landmark } of strongest) {
    if (chosen.length === MOST_TOGETHER) break;
    const exposed = exposedTo(candidate, one.landmark, landmark.ageDays);
    const isNew = chosen.every(
      (other) => !shareEvent(other.candidate, candidate) && agreement(other.exposed, exposed) < SAME_SHARE,
    );
    if (isNew) chosen.push({ candidate, exposed });
  }
  return chosen.slice(1);
}

function shareEvent(first: Candidate, second: Candidate): boolean {
  return [...first.events].some((event) => second.events.has(event));
}

function agreement(first: Int8Array, second: Int8Array): number {
  let same = 0;
  for (let row = 0; row < first.length; row += 1) if (first[row] === second[row]) same += 1;
  return same / first.length;
}

const UNTOLD: Adjusted = { hazardRatio: null, interval: null, carriedBy: null };

function adjust(
  one: Tested,
  rivals: readonly Rival[],
  { isPrimary, claimed }: { readonly isPrimary: boolean; readonly claimed: -1 | 1 },
): Adjusted {
  const { rows } = one.landmark;
  const active = Float64Array.from(rows, ({ activeDays }) => Math.log1p(activeDays));
  const effects = fitBeside(one, [...rivals.map(({ exposed }) => exposed), active]);
  const own = effects[0] ?? null;
  if (own === null) return UNTOLD;
  const isNothing = own.interval[0] < 1 && own.interval[1] > 1;
  const carrier = rivals
    .map((rival, index) => ({ rival, claim: claimed * (effects[index + 1]?.z ?? 0) }))
    .sort((a, b) => b.claim - a.claim)
    .find(({ claim }) => claim > (isPrimary ? Math.max(0, claimed * own.z) : 0));
  return {
    hazardRatio: own.hazardRatio,
    interval: own.interval,
    carriedBy: isNothing && carrier !== undefined ? nameOf(carrier.rival.candidate) : null,
  };
}

/** The effect of a candidate and of each column beside it; null for columns that add nothing or run off, and leave. */
function fitBeside(one: Tested, beside: readonly ArrayLike<number>[]): readonly (CoxCoefficient | null)[] {
  const columns = [one.exposed, ...beside];
  const { rows } = one.landmark;
  let kept = columns.map((_, index) => index);
  for (;;) {
    const covariates = kept.map((index) => columns[index] ?? []);
    const cox = coxModel({ ...followUp(rows), strata: strataOf(rows), covariates });
    if (cox.kind === 'fitted') return columns.map((_, index) => cox.coefficients[kept.indexOf(index)] ?? null);
    const leaving = cox.covariates.filter((position) => position > 0);
    if (leaving.length === 0) return columns.map(() => null);
    kept = kept.filter((_, position) => !leaving.includes(position));
  }
}
