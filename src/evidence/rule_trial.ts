import type { Model } from '../definition/model.ts';
import type { SignalEntry } from '../model/signal.ts';
import type { Condition } from '../rule/condition.ts';
import { parseCondition } from '../rule/parse.ts';
import { type Calendar, labels, watch } from './calendar.ts';
import { firingOver } from './indicator.ts';
import type { Panel } from './panel.ts';
import { hazardOf } from './threshold_test.ts';

type Pair = readonly [number, number];

/** A rule as a whole on the landmarks after the split: first as it is, then with the numbers proposed. */
export interface RuleTrial {
  /** Share of customers for whom it holds: what it costs in attention. */
  readonly share: Pair;
  /** How many times as often those it means leave. */
  readonly hazardRatio: readonly [number | null, number | null];
  readonly interval: readonly [Pair | null, Pair | null];
}

/** Tries a rule with another text; null where it cannot be tried. `aim` health: who it does not hold for is at risk. */
export type TryRule = (condition: Condition, text: string, aim: 'risk' | 'health') => RuleTrial | null;

/**
 * How a rule does as a whole after the split, as it is and as proposed.
 *
 * Why: numbers are found one at a time, and a rule joins several; one that looks better alone can make the whole fire for
 * everybody. Cox regression within landmarks, accounts clustered; unknown counts as not holding.
 */
export function rulesOn(
  panel: Panel,
  calendar: Calendar,
  model: Model,
  catalogue: readonly SignalEntry[],
  horizonDays: number,
): TryRule {
  const firing = firingOver(model, catalogue, panel);
  const after = calendar.rows.filter(({ landmarkMs }) => landmarkMs >= calendar.splitMs);
  const watched = watch(after, { fromMs: calendar.splitMs, untilMs: Number.POSITIVE_INFINITY, horizonDays });
  const strata = labels(watched.rows.map(({ landmarkMs }) => landmarkMs));
  const sideOf = (condition: Condition | null, aim: 'risk' | 'health') => {
    const fires = condition === null ? null : firing(condition);
    if (fires === null || watched.rows.length === 0) return null;
    const holds = Uint8Array.from(watched.rows, (row) => (fires(row) === true ? 1 : 0));
    const share = holds.reduce((sum, one) => sum + one, 0) / holds.length;
    const exposed = aim === 'risk' ? holds : holds.map((one) => 1 - one);
    return { share, ...hazardOf(watched, exposed, strata) };
  };
  return (condition, text, aim) => {
    const [from, to] = [sideOf(condition, aim), sideOf(parseCondition(text, condition.place).condition, aim)];
    if (from === null || to === null) return null;
    return {
      share: [from.share, to.share],
      hazardRatio: [from.hazardRatio, to.hazardRatio],
      interval: [from.interval, to.interval],
    };
  };
}
