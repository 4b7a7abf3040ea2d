import { wilsonInterval } from '../stats/proportion.ts';
import { counted, spoken, spokenFirst } from './wording.ts';

/** Runs that were started this many days before the as-of are looked at. */
export const RUN_DAYS = 60;

/** One step of a workflow: runs that came to it, and those that stopped before it. */
interface WorkflowStep {
  readonly step: string;
  /** Closed runs that took the step before; of the first step: all of them. */
  readonly entered: number;
  readonly reached: number;
  /** Entered and not reached within the workflow's days: the drop-off. */
  readonly dropped: number;
}

/** How the runs of a workflow ended that were started in 60 days. */
export interface WorkflowFunnel {
  readonly workflow: string;
  readonly withinDays: number;
  /** Runs that are completed, or whose window has passed. */
  readonly closed: number;
  /** Runs that may still be completed; they are in no other number. */
  readonly open: number;
  readonly users: number;
  readonly completed: number;
  /** Of closed runs; null where none is. */
  readonly completion: number | null;
  readonly interval: readonly [number, number] | null;
  /** Median of the days from start to completion; null where none was completed. */
  readonly medianDays: number | null;
  readonly steps: readonly WorkflowStep[];
  /** The step before which most runs stop; null where none does. */
  readonly largest: string | null;
  readonly sentence: string;
}

/** What was counted of a workflow. */
export interface WorkflowCounts {
  readonly workflow: string;
  readonly withinDays: number;
  readonly steps: readonly string[];
  readonly open: number;
  readonly users: number;
  /** At place k - 1: closed runs that took exactly k steps. */
  readonly taken: readonly number[];
  readonly medianDays: number | null;
}

/** Where runs of a workflow stop (R049). Pure. Ties of a drop-off go to the earlier step. */
export function workflowFunnel(counts: WorkflowCounts): WorkflowFunnel {
  const { workflow, withinDays, steps: names, open, users, taken, medianDays } = counts;
  const from = (place: number): number => taken.slice(place).reduce((sum, count) => sum + count, 0);
  const closed = from(0);
  const steps = names.map((step, place): WorkflowStep => {
    const entered = from(Math.max(0, place - 1));
    const reached = from(place);
    return { step, entered, reached, dropped: entered - reached };
  });
  const completed = from(names.length - 1);
  const largest = steps.reduce<WorkflowStep | null>(
    (best, step) => (step.dropped > (best?.dropped ?? 0) ? step : best),
    null,
  );
  return {
    ...{ workflow, withinDays, closed, open, users, completed },
    completion: closed === 0 ? null : completed / closed,
    interval: wilsonInterval({ successes: completed, trials: closed }),
    ...{ medianDays, steps, largest: largest?.step ?? null },
    sentence: sentenceOf(workflow, closed, completed, largest),
  };
}

function sentenceOf(workflow: string, closed: number, completed: number, largest: WorkflowStep | null): string {
  const name = spokenFirst(workflow);
  if (closed === 0) return `${name}: no run has ended in ${RUN_DAYS} days`;
  const done = `${name}: ${counted(completed)} of ${counted(closed)} ${closed === 1 ? 'run was' : 'runs were'} completed`;
  return largest === null ? done : `${done}; most of the others stop before ${spoken(largest.step)}`;
}
