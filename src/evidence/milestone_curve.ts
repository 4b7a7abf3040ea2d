import { kaplanMeier, survivalLimits } from '../stats/kaplan_meier.ts';
import { type AgeRow, ageLandmark } from './age_landmark.ts';
import { type Candidate, reachedAt } from './candidate.ts';
import type { History } from './history.ts';
import { followUp } from './milestone_comparison.ts';

/** Shares over days as steps with their band, and how many are still watched at some days. */
export interface StepCurve {
  readonly points: readonly {
    readonly day: number;
    readonly share: number;
    readonly low: number;
    readonly high: number;
  }[];
  readonly watched: readonly { readonly day: number; readonly accounts: number }[];
}

/** The share still a customer by days after the landmark, of one side of a comparison. */
interface MilestoneCurve extends StepCurve {
  readonly side: 'reached' | 'others';
}

const WATCHED_EVERY_DAYS = 60;

/** Kaplan-Meier curves with log-log bands of who had reached a candidate by an age, and of who had not, up to a horizon. */
export function milestoneCurves(
  history: History,
  candidate: Pick<Candidate, 'kind' | 'name' | 'count'>,
  windowDays: number,
  horizonDays: number,
): readonly MilestoneCurve[] {
  const { rows } = ageLandmark(history, windowDays);
  const isReached = ({ account, landmarkMs }: AgeRow): boolean => {
    const at = reachedAt(account, candidate);
    return at !== null && at < landmarkMs;
  };
  return [
    curveOf('reached', rows.filter(isReached), horizonDays),
    curveOf(
      'others',
      rows.filter((row) => !isReached(row)),
      horizonDays,
    ),
  ];
}

function curveOf(side: MilestoneCurve['side'], rows: readonly AgeRow[], horizonDays: number): MilestoneCurve {
  const curve = kaplanMeier(followUp(rows));
  const { lower, upper } = survivalLimits(curve);
  const points = [{ day: 0, share: 1, low: 1, high: 1 }];
  for (let step = 0; step < curve.time.length; step += 1) {
    const day = curve.time[step] ?? 0;
    if (day > horizonDays) break;
    if ((curve.eventCount[step] ?? 0) === 0) continue;
    points.push({ day, share: curve.survival[step] ?? 1, low: lower[step] ?? 0, high: upper[step] ?? 1 });
  }
  const last = points.at(-1);
  if (last !== undefined) points.push({ ...last, day: horizonDays });
  const days = Array.from(
    { length: Math.floor(horizonDays / WATCHED_EVERY_DAYS) + 1 },
    (_, i) => i * WATCHED_EVERY_DAYS,
  );
  const watched = days.map((day) => ({ day, accounts: rows.filter(({ outcome }) => outcome.days >= day).length }));
  return { side, points, watched };
}
