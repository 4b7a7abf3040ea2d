import type { PastAccount, Reach } from './history.ts';

/** Something that could be a milestone: done so many times, by so many different users where that is asked. */
export interface Candidate {
  readonly kind: Reach['kind'];
  readonly name: string;
  /** What `count` counts: how often it was done, or by how many different users. */
  readonly measure: 'times' | 'users';
  readonly count: number;
  readonly isProxy: boolean;
  /** Events that it is made of: candidates that share one are no rivals. */
  readonly events: ReadonlySet<string>;
}

/** A declared milestone, as far as candidates need to know it. */
interface DeclaredMilestone {
  readonly name: string;
  readonly event: string | null;
  readonly workflow: string | null;
  readonly isPrimary: boolean;
  readonly withinDays: number | null;
}

/** What names of a taxonomy are made of, and the milestones that a model declares. */
export interface Vocabulary {
  readonly areas: readonly { readonly name: string; readonly events: readonly string[] }[];
  readonly workflows: readonly { readonly name: string; readonly steps: readonly string[] }[];
  readonly declared: readonly DeclaredMilestone[];
}

/** How often, and by how many different users, candidates are asked to have been done. */
export interface Counts {
  readonly times: readonly number[];
  readonly users: readonly number[];
}

/** Names that are asked about by users, those of the most accounts first: more would drown what is found. */
const MOST_BY_USERS = 20;

/**
 * Every event, feature area and workflow of a history with each count, and the declared milestones: in a fixed order.
 *
 * A count of times above 1 is asked of events alone, a count of users of the 20 events and areas, proxies aside, that most
 * accounts with a second user have done. A declared milestone counts once, since its own definition counts already.
 */
export function candidatesOf(
  accounts: readonly PastAccount[],
  { times, users }: Counts,
  vocabulary: Vocabulary,
): readonly Candidate[] {
  const found = new Map<string, Candidate>();
  const second = new Map<string, { readonly reach: Reach; accounts: number }>();
  const add = ({ kind, name, isProxy }: Reach, measure: Candidate['measure'], count: number): void => {
    const key = `${kind} ${name} ${count}${measure === 'users' ? ' users' : ''}`;
    if (found.has(key)) return;
    found.set(key, { kind, name, measure, count, isProxy, events: eventsOf(kind, name, vocabulary) });
  };
  for (const { reaches } of accounts) {
    for (const reach of reaches) {
      for (const count of reach.kind === 'event' ? times : [1]) add(reach, 'times', count);
      const isAsked = !reach.isProxy && (reach.kind === 'event' || reach.kind === 'area');
      if (!isAsked || reach.userTimes.length < 2) continue;
      const key = `${reach.kind} ${reach.name}`;
      const seen = second.get(key);
      if (seen === undefined) second.set(key, { reach, accounts: 1 });
      else seen.accounts += 1;
    }
  }
  const shared = [...second.entries()].sort(([a, one], [b, two]) => two.accounts - one.accounts || (a < b ? -1 : 1));
  for (const [, { reach }] of shared.slice(0, MOST_BY_USERS)) for (const count of users) add(reach, 'users', count);
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, candidate]) => candidate);
}

function eventsOf(kind: Reach['kind'], name: string, { areas, workflows, declared }: Vocabulary): ReadonlySet<string> {
  const stepsOf = (workflow: string) => workflows.find((candidate) => candidate.name === workflow)?.steps ?? [];
  if (kind === 'event') return new Set([name]);
  if (kind === 'area') return new Set(areas.find((area) => area.name === name)?.events ?? []);
  if (kind === 'workflow') return new Set(stepsOf(name));
  const milestone = declared.find((candidate) => candidate.name === name);
  return new Set(milestone?.event != null ? [milestone.event] : stepsOf(milestone?.workflow ?? ''));
}

/** How a candidate is written: `report_exported`, `report_exported x3`, or `report_exported by 3 users`. */
export function nameOf({ name, measure, count }: Candidate): string {
  if (measure === 'users') return `${name} by ${count} users`;
  return count === 1 ? name : `${name} x${count}`;
}

/** When an account first fulfilled a candidate, milliseconds; null: never. */
export function reachedAt(
  account: PastAccount,
  { kind, name, measure, count }: Pick<Candidate, 'kind' | 'name' | 'measure' | 'count'>,
): number | null {
  const reach = account.reaches.find((candidate) => candidate.kind === kind && candidate.name === name);
  return (measure === 'users' ? reach?.userTimes : reach?.times)?.[count - 1] ?? null;
}
