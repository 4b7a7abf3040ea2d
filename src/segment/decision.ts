import type { Class, Model } from '../definition/model.ts';
import type { Condition, Scope, Truth, Value } from '../rule/condition.ts';
import { holdCondition } from '../rule/hold.ts';

/** Reads the value of a name for one account. */
export type Values = ReadonlyMap<string, Value>;

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

/** Whether a condition holds for these values. */
function holds(condition: Condition, values: Values, { asOf, typeOf }: Situation): Truth {
  return holdCondition(condition, (name) => values.get(name) ?? null, asOf, typeOf);
}

function firstClass(classes: readonly Class[], values: Values, situation: Situation): string | null {
  return classes.find(({ when }) => when === null || holds(when, values, situation) === true)?.name ?? null;
}

/** Values with the classes that rest on them decided anew: bands, cohort and archetype. */
export function reclassify(values: Values, situation: Situation): Values {
  const { model } = situation;
  const next = new Map(values);
  for (const band of model.bands) next.set(band.name, firstClass(band.bands, next, situation));
  const age = next.get('account_age_days') ?? null;
  const isNew = typeof age === 'number' && age < 30 && next.get('activated') === 0;
  const isMeasured =
    (next.get('active_users_30d') ?? null) !== null && !isNew && next.get('relationship') !== 'churned';
  next.set('cohort', isMeasured ? firstClass(model.cohorts, next, situation) : null);
  next.set('archetype', firstClass(model.archetypes, next, situation));
  return next;
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
