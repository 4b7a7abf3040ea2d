import type { MilestoneRow } from '../../src/evidence/milestone.ts';
import { thinPanel } from '../../src/evidence/panel.ts';
import type { Verdict } from '../../src/evidence/verdict.ts';
import { MONTHLY } from '../../src/pipeline/evidence.ts';
import {
  askDivergence,
  askJobs,
  askMilestones as askOfEverybody,
  askThresholds,
  type Past,
  STANDARD,
} from '../../src/pipeline/questions.ts';
import { PLANTED } from '../../src/simulate/planted.ts';
import type { Truth } from '../../src/simulate/truth.ts';
import type { PlantedCalendar, PlantedWorld } from './planted-world.ts';

type Pair = readonly [number, number];

const SEED = 1;

/** What evidence said of one planted number: its estimate, where the truth probably lies, and whether it does. */
export interface Said {
  readonly verdict: Verdict;
  readonly estimate: number | null;
  readonly interval: Pair | null;
  readonly truth: number | null;
  readonly isInside: boolean;
}

/** What evidence said of the milestone of a world, and of what only looks like one. */
export interface MilestoneSaid {
  readonly churned: number;
  readonly tried: number;
  /** Hazard ratio of the primary milestone. */
  readonly milestone: Said & Pick<MilestoneRow, 'p' | 'carriedBy'>;
  /** Decoys that hold by themselves at some age, by name and age: they are no milestones. */
  readonly standing: readonly string[];
  /** The survival decoy as the naive comparison has it. */
  readonly naive: { readonly hazardRatio: number | null; readonly p: number | null } | null;
}

/** What evidence said of the other numbers that were planted in a world. */
export interface CalendarSaid {
  /** The cut of the signal that hazard steps at. */
  readonly threshold: Said;
  /** Days before churn by which half of the fall was there. */
  readonly leadTime: Said;
  /** Hazard ratio of the job that keeps its customers. */
  readonly job: Said;
}

/** Asks a world for its milestones, as `evidence milestones` does, and holds the primary beside the truth. */
export function askMilestones(world: PlantedWorld): MilestoneSaid {
  const [customers] = askOfEverybody(world, STANDARD.milestones);
  if (customers === undefined) throw new Error('customers were not asked about');
  const { rows, tried, landmarks } = customers;
  const primary = rows.find(({ family }) => family === 'primary');
  if (primary === undefined) throw new Error('the model names a primary milestone');
  const { survival, size, riding } = PLANTED.decoys;
  const decoys: readonly string[] = [survival.event, size.event, riding.event];
  const survivor = rows.find(({ candidate, windowDays }) => candidate === survival.event && windowDays === 60);
  const { verdict, hazardRatio: estimate, hazardInterval: interval, p, carriedBy } = primary;
  return {
    churned: landmarks[1]?.events ?? 0,
    tried,
    milestone: { ...beside({ verdict, estimate, interval }, PLANTED.milestone.hazardRatio), p, carriedBy },
    standing: rows
      .filter((row) => decoys.includes(row.candidate) && row.verdict === 'holds' && row.carriedBy === null)
      .map((row) => `${row.candidate} at ${row.windowDays} days`),
    naive: survivor?.naive ?? null,
  };
}

/**
 * Asks a world for its threshold, its lead time and its job, as `evidence thresholds`, `divergence` and `jobs` do, and holds
 * each beside the truth.
 */
export async function askCalendar(world: PlantedWorld): Promise<CalendarSaid> {
  const { weekly, dealings } = await world.openCalendar();
  const past = { ...world, panel: weekly };
  const monthly = { ...world, panel: thinPanel(weekly, MONTHLY) };
  return {
    threshold: askThreshold(monthly),
    leadTime: askLeadTime(past, world.truth),
    job: askJob(monthly, dealings),
  };
}

/** A cut parts alike up to the next value that was seen: so far the interval reaches. */
function askThreshold(past: Past): Said {
  const { signal, atMost } = PLANTED.threshold;
  const { rows } = askThresholds(past, { ...STANDARD.thresholds, splitMs: null, seed: SEED });
  const row = rows.find((one) => one.signal === signal);
  if (row === undefined) throw new Error(`${signal} was not searched`);
  const { verdict, cut: estimate, cutInterval } = row;
  const above = (cut: number): number =>
    past.panel.rows.reduce((least, { index }) => {
      const value = past.panel.numbers(signal)[index] ?? Number.NaN;
      return value > cut && value < least ? value : least;
    }, Number.POSITIVE_INFINITY);
  const interval: Pair | null = cutInterval === null ? null : [cutInterval[0], above(cutInterval[1])];
  return beside({ verdict, estimate, interval }, atMost);
}

function askLeadTime(past: Past, truth: Truth): Said {
  const { rows } = askDivergence(past, { ...STANDARD.divergence, seed: SEED });
  const row = rows.find(({ signal }) => signal === truth.lead_time.signal);
  if (row === undefined) throw new Error(`${truth.lead_time.signal} was not looked at`);
  const { verdict, half } = row;
  return beside({ verdict, estimate: half?.days ?? null, interval: half?.interval ?? null }, truth.lead_time.half_days);
}

function askJob(past: Past, dealings: PlantedCalendar['dealings']): Said {
  const rows = askJobs(past, dealings, { ...STANDARD.groups, ...STANDARD.jobs, seed: SEED });
  const row = rows.find(({ job }) => job === PLANTED.job.good);
  if (row === undefined) throw new Error(`nobody is coded with ${PLANTED.job.good}`);
  const { verdict, hazardRatio: estimate, hazardInterval: interval } = row;
  return beside({ verdict, estimate, interval }, PLANTED.job.hazardRatio);
}

function beside(said: Pick<Said, 'verdict' | 'estimate' | 'interval'>, truth: number | null): Said {
  const { interval } = said;
  const isInside = interval !== null && truth !== null && interval[0] <= truth && truth <= interval[1];
  return { ...said, truth, isInside };
}
