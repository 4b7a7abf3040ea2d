import type { Model, OwnSignal } from '../definition/model.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { buildAccountDepartments, buildAccountPeople, buildAccountSessions, buildAccountUse } from './account_base.ts';
import { buildActivity } from './activity.ts';
import { readsProperties } from './area.ts';
import { buildChurnRate } from './churn_rate.ts';
import { buildContracts } from './contract.ts';
import { buildIntegrations } from './integration.ts';
import { after, allOf } from './lane.ts';
import { buildMembers, buildPersonRows } from './member.ts';
import { buildNeeds } from './need.ts';
import { buildOwnSignal, ownReads } from './own_signal.ts';
import { buildPathways } from './pathway.ts';
import type { Plan } from './plan.ts';
import { buildPopulation } from './population.ts';
import { buildAccountProgress, buildMilestones, buildUserProgress } from './progress.ts';
import type { Resolution } from './resolved.ts';
import { buildSessions } from './session.ts';
import { buildSponsors } from './sponsor.ts';
import {
  buildCosts,
  buildMeters,
  buildNps,
  buildPulses,
  buildSales,
  buildTickets,
  buildTouches,
  buildUserTickets,
} from './stream.ts';
import { buildEvents, buildReadEvents, withEvents } from './touched_events.ts';
import { buildUserRuns } from './user_base.ts';
import { buildRuns } from './workflow_run.ts';

/** A step of a computation: the scratch tables that it builds, and those that must be there before. */
export interface Part {
  readonly builds: readonly string[];
  readonly reads: readonly string[];
  readonly build: (warehouse: Warehouse, plan: Plan, resolution: Resolution) => Promise<void>;
}

const part = (builds: string, reads: string, build: Part['build']): Part => ({
  builds: builds.split(' '),
  reads: reads.split(' ').filter((name) => name !== ''),
  build,
});

/**
 * Every step that all models share, by what it reads: areas and milestones may read properties of events. The way to the
 * users' signals is the longest: its steps stand first.
 */
function sharedParts(model: Model): readonly Part[] {
  const areas = readsProperties(model) ? 'events read_events' : 'events';
  const milestones = model.activation.milestones.some(({ where }) => where !== null) ? 'events read_events' : areas;
  return [
    part('events', '', buildEvents),
    part('read_events', '', buildReadEvents),
    part('person_rows', '', buildPersonRows),
    part('births population', '', buildPopulation),
    part('user_window last_seen user_history', areas, buildActivity),
    part('runs', 'events', buildRuns),
    part('sessions', 'events', buildSessions),
    part('user_progress', 'events', buildUserProgress),
    part('members', 'population user_history person_rows', buildMembers),
    part('user_tickets', '', buildUserTickets),
    part('tickets', '', buildTickets),
    part('user_runs', 'runs', buildUserRuns),
    part('terms standing', 'population', buildContracts),
    part('pathways', 'terms standing user_history person_rows events', buildPathways),
    part('account_progress', `births ${areas}`, buildAccountProgress),
    part('milestones', `births runs ${milestones}`, buildMilestones),
    part('sponsors', 'person_rows user_window last_seen user_history', buildSponsors),
    part('nps', 'births', buildNps),
    part('touches', '', buildTouches),
    part('costs', '', buildCosts),
    part('meters', 'standing', buildMeters),
    part('sales', '', buildSales),
    part('pulses', '', buildPulses),
    part('churn_rate', 'standing', buildChurnRate),
    part('account_use', 'user_window', buildAccountUse),
    part('account_sessions', 'sessions', buildAccountSessions),
    part('integrations', 'events read_events', buildIntegrations),
    part('needs', '', buildNeeds),
    part('account_departments', 'user_base', buildAccountDepartments),
  ];
}

/** The step that measures an own signal. */
export function ownPart(signal: OwnSignal): Part {
  return part(
    `own_${signal.name}`,
    ['events read_events', ...ownReads(signal)].join(' '),
    (warehouse, plan, resolution) => buildOwnSignal(warehouse, plan, resolution, signal),
  );
}

/** The step that tallies an account's users, over the table of their signals. */
export function peoplePart(users: string): Part {
  return part('account_people', 'signals_user', (warehouse, plan) => buildAccountPeople(warehouse, plan, users));
}

/** The steps without which some tables cannot be built, in the order of the list. */
function neededParts(parts: readonly Part[], tables: readonly string[]): readonly Part[] {
  const needed = new Set<Part>();
  const open = [...tables];
  for (let table = open.pop(); table !== undefined; table = open.pop()) {
    const found = parts.find(({ builds }) => builds.includes(table));
    if (found === undefined) throw new Error(`nothing builds ${table}`);
    if (needed.has(found)) continue;
    needed.add(found);
    open.push(...found.reads);
  }
  return parts.filter((candidate) => needed.has(candidate));
}

/** Builds some tables and what they need, each step as soon as what it reads is there. */
export async function buildParts(
  warehouse: Warehouse,
  plan: Plan,
  raw: Resolution,
  own: readonly Part[],
  tables: readonly string[],
): Promise<void> {
  const listed = withEvents(plan, raw);
  const begun = new Map<string, Promise<void>>();
  const start = ({ builds, reads, build }: Part): Promise<void> => {
    const needed = reads.flatMap((name) => begun.get(name) ?? []);
    const done = after(needed, () => build(warehouse, plan, reads.includes('events') ? listed : raw));
    for (const name of builds) begun.set(name, done);
    return done;
  };
  await allOf(inOrder(neededParts([...sharedParts(plan.model), ...own], tables)).map(start));
}

/** Steps with each behind those that build what it reads, else as listed. */
function inOrder(parts: readonly Part[]): readonly Part[] {
  const ordered: Part[] = [];
  const place = (candidate: Part): void => {
    if (ordered.includes(candidate)) return;
    for (const name of candidate.reads) {
      const before = parts.find(({ builds }) => builds.includes(name));
      if (before !== undefined) place(before);
    }
    ordered.push(candidate);
  };
  for (const candidate of parts) place(candidate);
  return ordered;
}
