import { kaplanMeier, survivalLimits } from '../stats/kaplan_meier.ts';
import { type Candidate, reachedAt } from './candidate.ts';
import type { History } from './history.ts';
import { followUp } from './milestone_comparison.ts';
import type { MilestoneSubject, Population } from './milestone_population.ts';

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

/** The share still a customer, or become one, by days after the landmark, of one side of a comparison. */
interface MilestoneCurve extends StepCurve {
  readonly side: 'reached' | 'others';
}

const WATCHED_EVERY_DAYS = 60;

/** Kaplan-Meier curves with log-log bands of who had reached a candidate by an age, and of who had not, up to a horizon. */
export function milestoneCurves(
  history: History,
  population: Population,
  candidate: Pick<Candidate, 'kind' | 'name' | 'measure' | 'count'>,
  { windowDays, horizonDays }: { readonly windowDays: number; readonly horizonDays: number },
): readonly MilestoneCurve[] {
  const { rows } = population.landmark(history, windowDays);
  const isReached = ({ account, landmarkMs }: MilestoneSubject): boolean => {
    const at = reachedAt(account, candidate);
    return at !== null && at < landmarkMs;
  };
  return [
    { side: 'reached', ...curveOf(rows.filter(isReached), horizonDays, population) },
    {
      side: 'others',
      ...curveOf(
        rows.filter((row) => !isReached(row)),
        horizonDays,
        population,
      ),
    },
  ];
}

function curveOf(rows: readonly MilestoneSubject[], horizonDays: number, { shareOf }: Population): StepCurve {
  const curve = kaplanMeier(followUp(rows));
  const { lower, upper } = survivalLimits(curve);
  const pointAt = (day: number, share: number, limits: readonly number[]) => {
    const [low = share, high = share] = limits.map(shareOf).sort((a, b) => a - b);
    return { day, share: shareOf(share), low, high };
  };
  const points = [pointAt(0, 1, [1, 1])];
  for (let step = 0; step < curve.time.length; step += 1) {
    const day = curve.time[step] ?? 0;
    if (day > horizonDays) break;
    if ((curve.eventCount[step] ?? 0) === 0) continue;
    points.push(pointAt(day, curve.survival[step] ?? 1, [lower[step] ?? 0, upper[step] ?? 1]));
  }
  const last = points.at(-1);
  if (last !== undefined) points.push({ ...last, day: horizonDays });
  const days = Array.from(
    { length: Math.floor(horizonDays / WATCHED_EVERY_DAYS) + 1 },
    (_, i) => i * WATCHED_EVERY_DAYS,
  );
  const watched = days.map((day) => ({ day, accounts: rows.filter(({ outcome }) => outcome.days >= day).length }));
  return { points, watched };
}
