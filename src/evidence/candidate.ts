import type { PastAccount, Reach } from './history.ts';

/** Something that could be a milestone: done so many times, by so many different users where that is asked. */
export interface Candidate {
  readonly kind: Reach['kind'];
  readonly name: string;
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

/**
 * Every event, feature area and workflow of a history with each count, and the declared milestones: in a fixed order.
 *
 * A count above 1 is asked of events alone. A declared milestone counts once, since its own definition counts already.
 */
export function candidatesOf(
  accounts: readonly PastAccount[],
  counts: readonly number[],
  vocabulary: Vocabulary,
): readonly Candidate[] {
  const found = new Map<string, Candidate>();
  for (const { reaches } of accounts) {
    for (const { kind, name, isProxy } of reaches) {
      for (const count of kind === 'event' ? counts : [1]) {
        const key = `${kind} ${name} ${count}`;
        if (!found.has(key)) found.set(key, { kind, name, count, isProxy, events: eventsOf(kind, name, vocabulary) });
      }
    }
  }
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

/** How a candidate is written: `report_exported`, or `report_exported x3`. */
export function nameOf({ name, count }: Candidate): string {
  return count === 1 ? name : `${name} x${count}`;
}

/** When an account first fulfilled a candidate, milliseconds; null: never. */
export function reachedAt(
  account: PastAccount,
  { kind, name, count }: Pick<Candidate, 'kind' | 'name' | 'count'>,
): number | null {
  const reach = account.reaches.find((candidate) => candidate.kind === kind && candidate.name === name);
  return reach?.times[count - 1] ?? null;
}
