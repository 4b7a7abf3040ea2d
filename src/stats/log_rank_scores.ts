import { checkFollowUp, type FollowUp, orderBy } from './follow_up.ts';

/**
 * A function that answers log-rank scores of the rows under weights (as often as a row was drawn; null: each once).
 *
 * Shape: one score per row, the event less the hazard that the row was under while watched; high means early events. Under
 * weights they sum to 0. Ordering the rows is done once, for callers that resample.
 *
 * Refuses impossible columns (throws, see `checkFollowUp`).
 *
 * Source: Nelson-Aalen hazards; as the martingale residuals of R `coxph(Surv(entry, time, event) ~ 1, ties = "breslow")`.
 * R `maxstat` has other scores where events tie, the same where none do.
 */
export function logRankScorer(rows: FollowUp): (weights: ArrayLike<number> | null) => Float64Array {
  checkFollowUp(rows);
  const byEnd = orderBy(rows.time);
  const byEntry = rows.entry === undefined ? null : orderBy(rows.entry);
  return (weights) => {
    const scores = new Float64Array(rows.time.length);
    const path = hazardPath(rows, byEnd, byEntry, weights, scores);
    if (byEntry !== null) addHazardBeforeEntry(rows, byEntry, path, scores);
    return scores;
  };
}

interface HazardPath {
  readonly time: Float64Array;
  readonly hazard: Float64Array;
  readonly steps: number;
}

/** Writes event less cumulative hazard at the end of each row; answers the hazard by time. */
function hazardPath(
  { time, event, entry }: FollowUp,
  byEnd: Uint32Array,
  byEntry: Uint32Array | null,
  weights: ArrayLike<number> | null,
  scores: Float64Array,
): HazardPath {
  const count = byEnd.length;
  const path = { time: new Float64Array(count), hazard: new Float64Array(count) };
  const weightOf = (row: number): number => (weights === null ? 1 : (weights[row] as number));
  let atRisk = 0;
  if (byEntry === null) for (let row = 0; row < count; row += 1) atRisk += weightOf(row);
  let hazard = 0;
  let steps = 0;
  for (let first = 0, entered = 0; first < count; steps += 1) {
    const now = time[byEnd[first] as number] as number;
    for (; byEntry !== null && entered < count; entered += 1) {
      const row = byEntry[entered] as number;
      if ((entry?.[row] as number) >= now) break;
      atRisk += weightOf(row);
    }
    let last = first;
    let gone = 0;
    let events = 0;
    for (; last < count && time[byEnd[last] as number] === now; last += 1) {
      const row = byEnd[last] as number;
      gone += weightOf(row);
      if (event[row] === 1) events += weightOf(row);
    }
    if (events > 0) hazard += events / atRisk;
    for (; first < last; first += 1) {
      const row = byEnd[first] as number;
      scores[row] = (event[row] as number) - hazard;
    }
    atRisk -= gone;
    path.time[steps] = now;
    path.hazard[steps] = hazard;
  }
  return { ...path, steps };
}

function addHazardBeforeEntry(
  { entry }: FollowUp,
  byEntry: Uint32Array,
  { time, hazard, steps }: HazardPath,
  scores: Float64Array,
): void {
  let step = 0;
  for (let at = 0; at < byEntry.length; at += 1) {
    const row = byEntry[at] as number;
    while (step < steps && (time[step] as number) <= (entry?.[row] as number)) step += 1;
    if (step > 0) scores[row] = (scores[row] as number) + (hazard[step - 1] as number);
  }
}
