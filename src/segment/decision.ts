import type { Class, Model } from '../definition/model.ts';
import type { Condition, Scope, Truth, Value } from '../rule/condition.ts';
import { holding } from '../rule/hold.ts';
import type { Holding } from '../rule/kind.ts';

/** Reads the value of a name for one account. */
export type Values = Pick<ReadonlyMap<string, Value>, 'get'>;

/** What decides the segment of an account: its values and the model they are read by. */
export interface Situation {
  readonly model: Model;
  readonly typeOf: Scope['typeOf'];
  readonly asOf: Date;
}

/** The rules' own answer in memory, and which rule gave it. */
export interface Decision {
  readonly home: string | null;
  readonly raw: string | null;
  /** Condition that decided the home segment; null where the fallback's last rung did. */
  readonly homeBy: { readonly kind: 'rule' | 'fallback'; readonly condition: Condition | null } | null;
  /** Name of the rule or indicator that laid the overlay over it; null where none did. */
  readonly overlayBy: { readonly name: string; readonly condition: Condition } | null;
}

/** Evaluations by the values that they read: many rules are held against the same account. */
const evaluations = new WeakMap<Values, { readonly situation: Situation; readonly holding: Holding }>();

/** Whether a condition holds for these values. */
export function holds(condition: Condition, values: Values, situation: Situation): Truth {
  const known = evaluations.get(values);
  if (known?.situation === situation) return known.holding.truth(condition.expression);
  const { asOf, typeOf } = situation;
  const evaluation = holding((name) => values.get(name) ?? null, asOf.toISOString().slice(0, 10), typeOf);
  evaluations.set(values, { situation, holding: evaluation });
  return evaluation.truth(condition.expression);
}

function firstClass(classes: readonly Class[], values: Values, situation: Situation): string | null {
  return classes.find(({ when }) => when === null || holds(when, values, situation) === true)?.name ?? null;
}

/** Values of which some are told anew; all others are those below. */
class Reclassified implements Values {
  readonly #below: Values;
  readonly #told = new Map<string, Value>();

  constructor(below: Values) {
    this.#below = below;
  }

  get(name: string): Value | undefined {
    return this.#told.has(name) ? this.#told.get(name) : this.#below.get(name);
  }

  set(name: string, value: Value): void {
    this.#told.set(name, value);
  }
}

/** Values of which some are others. */
export function changed(values: Values, changes: readonly { readonly name: string; readonly to: Value }[]): Values {
  const next = new Reclassified(values);
  for (const { name, to } of changes) next.set(name, to);
  return next;
}

/** Values with the classes that rest on them decided anew: bands, cohort and archetype. */
export function reclassify(values: Values, situation: Situation): Values {
  return reclassified(values, situation, false);
}

/** The same for a whole profile: eligibility and lifecycle are decided anew too. */
export function reclassifyWhole(values: Values, situation: Situation): Values {
  return reclassified(values, situation, true);
}

function reclassified(values: Values, situation: Situation, isWhole: boolean): Values {
  const { model } = situation;
  const next = new Reclassified(values);
  for (const band of model.bands) next.set(band.name, firstClass(band.bands, next, situation));
  if (isWhole) {
    const isInside = model.icp === null ? true : holds(model.icp, next, situation);
    next.set('eligible', isInside === null ? null : Number(isInside));
  }
  const age = next.get('account_age_days') ?? null;
  const isNew = typeof age === 'number' && age < 30 && next.get('activated') === 0;
  const isMeasured =
    (next.get('active_users_30d') ?? null) !== null && !isNew && next.get('relationship') !== 'churned';
  next.set('cohort', isMeasured ? firstClass(model.cohorts, next, situation) : null);
  if (isWhole) next.set('lifecycle', lifecycleOf(next, isNew));
  next.set('archetype', firstClass(model.archetypes, next, situation));
  return next;
}

const OF_COHORT: Readonly<Record<string, string>> = { Dormant: 'dormant', 'At Risk': 'at_risk' };

/** The lifecycle of an account whose cohort is known, as `lifecycleSql` has it; who was a prospect stays one. */
function lifecycleOf(values: Values, isNew: boolean): Value {
  const before = values.get('lifecycle') ?? null;
  const cohort = values.get('cohort') ?? null;
  if (values.get('relationship') === 'churned') return 'churned';
  if (before === 'prospect') return before;
  if (isNew) return 'new';
  if (typeof cohort !== 'string') return null;
  const fallen = OF_COHORT[cohort];
  if (fallen !== undefined) return fallen;
  if (values.get('activated') === 0) return 'activating';
  return cohort === 'Power User' ? 'power' : 'active';
}

/** The answer of a model for one customer, in memory: the meaning that `answerSql` has in SQL. */
export function decide(values: Values, situation: Situation): Decision {
  const { model } = situation;
  const rule = model.segments.find((segment) => !segment.isOverlay && holds(segment.when, values, situation) === true);
  const rung = model.fallback.find(({ when }) => when === null || holds(when, values, situation) === true);
  const home = rule?.name ?? rung?.segment ?? null;
  const homeBy: Decision['homeBy'] =
    rule !== undefined
      ? { kind: 'rule', condition: rule.when }
      : rung === undefined
        ? null
        : { kind: 'fallback', condition: rung.when };
  const overlay = model.segments.find((segment) => segment.isOverlay);
  const overlayBy = overlay === undefined ? null : overlayReason(overlay.name, home, values, situation);
  return { home, raw: overlayBy === null ? home : (overlay?.name ?? home), homeBy, overlayBy };
}

function overlayReason(
  overlay: string,
  home: string | null,
  values: Values,
  situation: Situation,
): Decision['overlayBy'] {
  const own = situation.model.segments.find(
    (segment) => segment.isOverlay && holds(segment.when, values, situation) === true,
  );
  if (own !== undefined) return { name: overlay, condition: own.when };
  const indicators = situation.model.segments.find((segment) => segment.name === home)?.motion.churnIndicators ?? [];
  const fired = indicators.find(
    (indicator) => indicator.entersAtRisk && holds(indicator.when, values, situation) === true,
  );
  return fired === undefined ? null : { name: fired.name, condition: fired.when };
}
