import { homeClasses } from '../definition/home.ts';
import type { Model, Segment } from '../definition/model.ts';
import { decide, holds, reclassifyWhole, type Situation, type Values } from './decision.ts';
import { type Frame, valuesAt } from './frame.ts';

/** Where a model puts one customer, by its rules alone: no dwell, no override, no hold. */
export interface Placed {
  readonly accountId: string;
  readonly name: string | null;
  readonly arr: number | null;
  /** Inside the market; null: unknown. */
  readonly eligible: boolean | null;
  readonly home: string | null;
  readonly raw: string | null;
  /** Names that the deciding rules read and of which there is no data. */
  readonly missing: readonly string[];
  /** Expansion triggers and churn indicators of its home segment that hold. */
  readonly alerts: readonly string[];
}

/** Accounts and what they pay. */
interface Share {
  readonly accounts: number;
  /** Null where there are accounts and the ARR of none is known. */
  readonly arr: number | null;
  readonly arr_unknown: number;
}

/** What another model would change, by the rules alone: who moves, who is looked after by whom, what would be told. */
export interface WhatIf {
  readonly customers: number;
  /** Customers whose segment would be another, those with the most ARR first. */
  readonly moves: readonly {
    readonly account_id: string;
    readonly name: string | null;
    readonly from: string | null;
    readonly to: string | null;
    readonly arr: number | null;
  }[];
  readonly flows: readonly (Share & { readonly from: string | null; readonly to: string | null })[];
  /** Members before and after, and the people needed for those whose home it is, at the ratio of its coverage. */
  readonly segments: readonly {
    readonly name: string;
    readonly before: Share | null;
    readonly after: Share | null;
    readonly people_before: number | null;
    readonly people_after: number | null;
  }[];
  /** Triggers and indicators, and for how many customers each holds. */
  readonly alerts: readonly {
    readonly segment: string;
    readonly name: string;
    readonly before: number;
    readonly after: number;
  }[];
  /** Inputs without data, and for how many customers a deciding rule reads each. */
  readonly unknown: readonly { readonly name: string; readonly before: number; readonly after: number }[];
}

/** Names that are decided from others: without data are those. */
const DECIDED: ReadonlySet<string> = new Set([
  ...['cohort', 'archetype', 'lifecycle', 'direction', 'value_tier', 'relationship', 'eligible', 'as_of'],
  ...['health_score', 'composite_score'],
]);

/** Names that the rules of a model read to decide a segment, through its bands. */
function decidingNames(model: Model): readonly string[] {
  const conditions = [...homeClasses(model), ...model.segments, ...model.cohorts].flatMap(({ when }) => when ?? []);
  const names = new Set(conditions.flatMap((condition) => condition.names));
  for (const { name, bands } of model.bands) {
    if (names.delete(name)) for (const { when } of bands) for (const inner of when?.names ?? []) names.add(inner);
  }
  return [...names].filter((name) => !DECIDED.has(name)).sort();
}

/** Where a model puts every customer of a frame that was measured by it, or by one that measures alike. */
export function placeAll(frame: Frame, situation: Situation): readonly Placed[] {
  const names = decidingNames(situation.model);
  const relationships = frame.column('relationship') ?? [];
  return frame.accountIds.flatMap((accountId, place): readonly Placed[] => {
    if (relationships[place] !== 'customer') return [];
    const values = reclassifyWhole(valuesAt(frame, place), situation);
    const { home, raw } = decide(values, situation);
    const segment = situation.model.segments.find((candidate) => candidate.name === home);
    const [name, arr, eligible] = [values.get('name'), values.get('arr'), values.get('eligible')];
    const placed: Placed = {
      ...{ accountId, home, raw },
      name: typeof name === 'string' && name !== '' ? name : null,
      arr: typeof arr === 'number' ? arr : null,
      eligible: typeof eligible === 'number' ? eligible === 1 : null,
      missing: names.filter((each) => isMissing(frame, each, place)),
      alerts: segment === undefined ? [] : alertsOf(segment, values, situation),
    };
    return [placed];
  });
}

function isMissing({ column, reasons }: Frame, name: string, place: number): boolean {
  const codes = reasons(name);
  if (codes !== null) return codes[place] === 1;
  return (column(name)?.[place] ?? null) === null;
}

const triggersOf = ({ motion }: Segment) => [...motion.expansionTriggers, ...motion.churnIndicators];

function alertsOf(segment: Segment, values: Values, situation: Situation): readonly string[] {
  return triggersOf(segment).flatMap(({ name, when }) => (holds(when, values, situation) === true ? [name] : []));
}

/** What is otherwise after than before. Both are of the same customers; one that only one side knows moves out of none. */
export function compareWhatIf(
  before: { readonly model: Model; readonly placed: readonly Placed[] },
  after: { readonly model: Model; readonly placed: readonly Placed[] },
): WhatIf {
  const then = new Map(before.placed.map((placed) => [placed.accountId, placed]));
  const moves = after.placed
    .map((placed) => ({ placed, from: then.get(placed.accountId)?.raw ?? null }))
    .filter(({ placed, from }) => placed.raw !== from)
    .map(({ placed: { accountId, name, raw, arr }, from }) => ({ account_id: accountId, name, from, to: raw, arr }))
    .sort((a, b) => (b.arr ?? -1) - (a.arr ?? -1) || (a.account_id < b.account_id ? -1 : 1));
  const flows = [...grouped(moves, ({ from, to }) => JSON.stringify([from, to])).values()].map((of) => {
    const [{ from, to } = { from: null, to: null }] = of;
    return { from, to, ...shareOf(of.map(({ arr }) => arr)) };
  });
  return {
    customers: after.placed.length,
    moves,
    flows: flows.sort((a, b) => b.accounts - a.accounts),
    segments: segmentsOf(before, after),
    alerts: alertCounts(before, after),
    unknown: unknownCounts(before.placed, after.placed),
  };
}

type Side = Parameters<typeof compareWhatIf>[0];

function segmentsOf(before: Side, after: Side): WhatIf['segments'] {
  const of = ({ model, placed }: Side, name: string) => {
    const segment = model.segments.find((candidate) => candidate.name === name);
    if (segment === undefined) return { share: null, people: null };
    const ratio = segment.motion.coverage?.ratio ?? null;
    const covered = placed.filter(({ home }) => home === name).length;
    return {
      share: shareOf(placed.filter(({ raw }) => raw === name).map(({ arr }) => arr)),
      people: ratio === null ? null : Math.ceil(covered / ratio),
    };
  };
  return namesOfBoth(before, after).map((name) => {
    const [then, next] = [of(before, name), of(after, name)];
    return { name, before: then.share, after: next.share, people_before: then.people, people_after: next.people };
  });
}

/** Segments of the model after, in its order, then those that it has no more. */
function namesOfBoth(before: Side, after: Side): readonly string[] {
  return [...new Set([...after.model.segments, ...before.model.segments].map(({ name }) => name))];
}

function alertCounts(before: Side, after: Side): WhatIf['alerts'] {
  const count = ({ placed }: Side, segment: string, name: string): number =>
    placed.filter(({ home, alerts }) => home === segment && alerts.includes(name)).length;
  const listed = [...after.model.segments, ...before.model.segments].flatMap((segment) =>
    triggersOf(segment).map(({ name }) => ({ segment: segment.name, name })),
  );
  const distinct = new Map(listed.map((each) => [JSON.stringify(each), each]));
  return [...distinct.values()].map(({ segment, name }) => ({
    ...{ segment, name },
    before: count(before, segment, name),
    after: count(after, segment, name),
  }));
}

function unknownCounts(before: readonly Placed[], after: readonly Placed[]): WhatIf['unknown'] {
  const names = new Set([...before, ...after].flatMap(({ missing }) => missing));
  const count = (placed: readonly Placed[], name: string) =>
    placed.filter(({ missing }) => missing.includes(name)).length;
  return [...names].sort().map((name) => ({ name, before: count(before, name), after: count(after, name) }));
}

function shareOf(arrs: readonly (number | null)[]): Share {
  const known = arrs.filter((arr) => arr !== null);
  const arr = arrs.length > 0 && known.length === 0 ? null : known.reduce((sum, each) => sum + each, 0);
  return { accounts: arrs.length, arr, arr_unknown: arrs.length - known.length };
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
