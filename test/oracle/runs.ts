import type { Workflow } from '../../src/definition/model.ts';
import { type Answer, known, MISSING, NONE } from './answer.ts';
import { DAY, inWindow } from './instants.ts';
import { byCodePoint, distinct } from './numbers.ts';
import type { AccountView, Activity, View } from './view.ts';
import { withoutUsers } from './windows.ts';

/** One user's passage through a workflow. */
export interface Run {
  readonly workflow: string;
  readonly user: string;
  readonly start: number;
  /** Start + `within_days`: the first instant at which it is too late. */
  readonly deadline: number;
  /** Null while it is not completed. */
  readonly completed: number | null;
  /** The step after the last one reached, null for a completed run. */
  readonly next: { readonly name: string; readonly position: number } | null;
}

/** How far a run that starts at `start` gets. */
function runFrom(workflow: Workflow, user: string, activity: readonly Activity[], start: number): Run {
  const deadline = start + workflow.withinDays * DAY;
  let reached = start;
  for (let position = 1; position < workflow.steps.length; position++) {
    const name = workflow.steps[position] ?? '';
    const times = activity
      .filter((event) => event.name === name && event.time >= reached && event.time < deadline)
      .map((event) => event.time);
    if (times.length === 0) {
      return { workflow: workflow.name, user, start, deadline, completed: null, next: { name, position } };
    }
    reached = Math.min(...times);
  }
  return { workflow: workflow.name, user, start, deadline, completed: reached, next: null };
}

/** The runs of one user through one workflow, cut from the user's whole history in the account. */
export function runsThrough(workflow: Workflow, user: string, activity: readonly Activity[]): Run[] {
  const own = activity.filter((event) => event.user === user);
  const starts = own
    .filter((event) => event.name === workflow.steps[0])
    .map((event) => event.time)
    .sort((a, b) => a - b);
  const runs: Run[] = [];
  for (const start of starts) {
    const last = runs[runs.length - 1];
    const isOpen = last !== undefined && (last.completed === null ? start < last.deadline : start <= last.completed);
    if (!isOpen) runs.push(runFrom(workflow, user, own, start));
  }
  return runs;
}

/** The runs of one user through all workflows. */
export function runsOfUser(view: View, account: AccountView, user: string): Run[] {
  return view.world.model.taxonomy.workflows.flatMap((workflow) => runsThrough(workflow, user, account.activity));
}

/** The runs of all users of the account. */
export function runsOf(view: View, account: AccountView): Run[] {
  return distinct(account.activity.map((event) => event.user)).flatMap((user) => runsOfUser(view, account, user));
}

/** Runs started in the window that are closed at T: completed, or their window passed. */
function closedRuns(view: View, runs: readonly Run[], days: number, to: number): Run[] {
  return runs.filter(
    (run) => inWindow(run.start, view.at, days, to) && (run.completed !== null || run.deadline <= view.at),
  );
}

/** MISSING without a workflow, or where no source whose events carry users covers the window. */
function withoutWorkflow(view: View, days: number): Answer | null {
  return view.world.model.taxonomy.workflows.length === 0 ? MISSING : withoutUsers(view, days);
}

/** `workflow_runs_30d`; with `to` the runs of an earlier window, as known at T. */
export function workflowRuns(view: View, runs: readonly Run[], days: number, to = 0): Answer {
  return withoutWorkflow(view, days) ?? known(closedRuns(view, runs, days, to).length);
}

/** `workflow_completion_30d`; with `to` of an earlier window, as known at T. */
export function workflowCompletion(view: View, runs: readonly Run[], days: number, to = 0): Answer {
  const gap = withoutWorkflow(view, days);
  if (gap !== null) return gap;
  const closed = closedRuns(view, runs, days, to);
  if (closed.length === 0) return NONE;
  return known(closed.filter((run) => run.completed !== null).length / closed.length);
}

/** `drop_off_step`: the most frequent drop-off step of the runs started in 60d that have lapsed by T. */
export function dropOffStep(view: View, runs: readonly Run[]): Answer {
  const gap = withoutWorkflow(view, 60);
  if (gap !== null) return gap;
  const steps = closedRuns(view, runs, 60, 0)
    .map((run) => run.next)
    .filter((step) => step !== null);
  const count = (name: string): number => steps.filter((step) => step.name === name).length;
  const position = (name: string): number =>
    Math.min(...steps.filter((step) => step.name === name).map((step) => step.position));
  const names = distinct(steps.map((step) => step.name)).sort(
    (a, b) => count(b) - count(a) || position(a) - position(b) || byCodePoint(a, b),
  );
  const first = names[0];
  return first === undefined ? NONE : known(first);
}
