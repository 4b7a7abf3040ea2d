import type { Condition, Value } from '../rule/condition.ts';
import type { Flip, Target } from '../rule/flip.ts';
import { flips } from '../rule/flips.ts';
import { changed, decide, reclassify, type Situation, type Values } from './decision.ts';

/** One value that would have to be another. */
interface ValueChange {
  readonly name: string;
  readonly from: Value;
  readonly to: Value;
  /** Size of the change in interquartile ranges among customers; null where that has no meaning. */
  readonly size: number | null;
}

/** The smallest change that would move an account: what would have to change, and where it would go. */
export interface SmallestChange {
  readonly changes: readonly ValueChange[];
  readonly to: string | null;
}

/** What a person can move, and how widely each measure spreads among customers. */
export interface Levers {
  readonly isMovable: (name: string) => boolean;
  /** Interquartile range among customers; null or 0 where it says nothing. */
  readonly spreadOf: (name: string) => number | null;
}

const MOST_TOGETHER = 3;
const MOST_LEVERS = 40;

/**
 * The smallest change that would give the account another raw segment: the fewest values, then the least total size.
 *
 * Every rule is asked what would make it true or false; each such value is tried alone, then in twos and threes, and a
 * set counts only if the whole decision (classes included) comes out otherwise. Null where nothing within reach does.
 */
export function smallestChange(values: Values, situation: Situation, levers: Levers): SmallestChange | null {
  const present = decide(values, situation).raw;
  const candidates = leversOf(values, situation, levers).slice(0, MOST_LEVERS);
  for (let together = 1; together <= MOST_TOGETHER; together++) {
    const found = combinations(candidates, together)
      .map((changes) => ({ changes, to: outcome(values, situation, changes) }))
      .filter(({ to }) => to !== present)
      .sort((a, b) => total(a.changes) - total(b.changes));
    if (found[0] !== undefined) return found[0];
  }
  return null;
}

function outcome(values: Values, situation: Situation, changes: readonly ValueChange[]): string | null {
  return decide(reclassify(changed(values, changes), situation), situation).raw;
}

function total(changes: readonly ValueChange[]): number {
  return changes.reduce((sum, change) => sum + (change.size ?? 1), 0);
}

/** Every condition that has a say in the decision. */
function rulesOf({ model }: Situation): readonly Condition[] {
  return [
    ...model.segments.map((segment) => segment.when),
    ...model.segments.flatMap((s) => s.motion.churnIndicators.filter((i) => i.entersAtRisk).map((i) => i.when)),
    ...model.fallback.flatMap(({ when }) => (when === null ? [] : [when])),
    ...model.cohorts.flatMap(({ when }) => (when === null ? [] : [when])),
    ...model.archetypes.flatMap(({ when }) => (when === null ? [] : [when])),
  ];
}

function leversOf(values: Values, situation: Situation, levers: Levers): readonly ValueChange[] {
  const read = (name: string) => values.get(name) ?? null;
  const found = new Map<string, ValueChange>();
  for (const condition of rulesOf(situation)) {
    for (const aim of [true, false]) {
      const tree = flips(condition, { read, asOf: situation.asOf, typeOf: situation.typeOf, aim });
      for (const goal of goalsOf(tree)) {
        const to = levers.isMovable(goal.name) ? targetOf(goal, read(goal.name)) : null;
        if (to === null || to === read(goal.name)) continue;
        const change = {
          name: goal.name,
          from: read(goal.name),
          to,
          size: sizeOf(read(goal.name), to, levers.spreadOf(goal.name)),
        };
        found.set(`${goal.name}=${String(to)}`, change);
      }
    }
  }
  return [...found.values()].sort((a, b) => (a.size ?? 1) - (b.size ?? 1));
}

function goalsOf(flip: Flip): readonly Target[] {
  return [...(flip.isReached ? [] : flip.targets), ...flip.parts.flatMap(goalsOf)];
}

/** The nearest value that meets a goal; null where only becoming unknown would. A whole number stays whole. */
function targetOf(goal: Target, present: Value): Value {
  if (goal.isNull === true) return null;
  const listed = goal.oneOf?.[0];
  if (listed !== undefined) return listed;
  const isWhole = typeof present === 'number' && Number.isInteger(present);
  if (goal.least !== null && (typeof present !== 'number' || present <= goal.least))
    return above(goal.least, goal.isLeastOpen, isWhole);
  if (goal.most !== null) return below(goal.most, goal.isMostOpen, isWhole);
  return goal.least;
}

function above(bound: number, isOpen: boolean, isWhole: boolean): number {
  if (isWhole) return isOpen ? Math.floor(bound) + 1 : Math.ceil(bound);
  return isOpen ? bound + Math.max(Math.abs(bound), 1) * 0.01 : bound;
}

function below(bound: number, isOpen: boolean, isWhole: boolean): number {
  if (isWhole) return isOpen ? Math.ceil(bound) - 1 : Math.floor(bound);
  return isOpen ? bound - Math.max(Math.abs(bound), 1) * 0.01 : bound;
}

function sizeOf(from: Value, to: Value, spread: number | null): number | null {
  if (typeof from !== 'number' || typeof to !== 'number' || spread === null || spread === 0) return null;
  return Math.abs(to - from) / spread;
}

/** All sets of `size` changes of different names. */
function combinations(changes: readonly ValueChange[], size: number): ValueChange[][] {
  if (size === 0) return [[]];
  return changes.flatMap((change, index) =>
    combinations(
      changes.slice(index + 1).filter((other) => other.name !== change.name),
      size - 1,
    ).map((rest) => [change, ...rest]),
  );
}
