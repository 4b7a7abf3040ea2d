import type { HealthComponent } from '../../src/definition/model.ts';
import { type Answer, type Answers, known, numberOf, reasonOf } from './answer.ts';
import { sum } from './numbers.ts';
import type { AccountRow } from './rows.ts';
import type { World } from './world.ts';

/** `health_score`: weighted mean of components clipped from poor (0) to good (1), null with fewer than two of them. */
export function healthScore(signals: Answers, components: readonly HealthComponent[]): Answer {
  const measured = components.flatMap(({ signal, poor, good, weight }) => {
    const value = numberOf(signals[signal]);
    if (value === null) return [];
    return [{ weight, share: Math.min(1, Math.max(0, (value - poor) / (good - poor))) }];
  });
  if (measured.length < 2) {
    return reasonOf(...components.map(({ signal }) => signals[signal]).filter((answer) => answer !== undefined));
  }
  const weighted = sum(measured.map(({ weight, share }) => weight * share));
  return known((100 * weighted) / sum(measured.map(({ weight }) => weight)));
}

/** Whether the account is eligible by the ICP; null where unknown, true where there is no ICP. */
export function isEligible(world: World, row: AccountRow | null): boolean | null {
  const truths = world.predicates.icp.map((condition) => (row === null ? null : condition(row)));
  if (truths.some((truth) => truth === false)) return false;
  return truths.some((truth) => truth === null) ? null : true;
}

/** Share of the ICP's top-level conditions that hold among those that are known; null where none is. */
function icpShare(world: World, row: AccountRow | null): number | null {
  const truths = world.predicates.icp
    .map((condition) => (row === null ? null : condition(row)))
    .filter((truth) => truth !== null);
  return truths.length === 0 ? null : truths.filter((truth) => truth).length / truths.length;
}

/** `composite_score`: weighted mean of the dimensions that are known; null without the behavioural one. */
export function compositeScore(
  world: World,
  row: AccountRow | null,
  health: Answer,
  valueShare: number | null,
  realised: Answer | undefined,
): Answer {
  const behavioural = numberOf(health);
  if (behavioural === null) return health;
  const { composite } = world.model;
  const needs = numberOf(realised);
  const firmographic = icpShare(world, row);
  const dimensions: [number | null, number][] = [
    [behavioural, composite.behavioural],
    [valueShare === null ? null : 100 * (1 - valueShare), composite.value],
    [needs === null ? null : 100 * needs, composite.needs],
    [firmographic === null ? null : 100 * firmographic, composite.firmographic],
  ];
  const known_ = dimensions.flatMap(([value, weight]) => (value === null ? [] : [{ value, weight }]));
  const total = sum(known_.map(({ value, weight }) => value * weight));
  return known(total / sum(known_.map(({ weight }) => weight)));
}
