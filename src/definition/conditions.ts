import type { Diagnostic } from '../model/diagnostic.ts';
import type { SignalEntry } from '../model/signal.ts';
import { checkCondition } from '../rule/check.ts';
import type { Condition, Scope } from '../rule/condition.ts';
import { didYouMean } from '../rule/nearest.ts';
import type { Class, HealthComponent, Model } from './model.ts';
import { SHIPPED_MARK } from './reader.ts';
import { type Standing, scopeOf } from './scopes.ts';

/** A condition of a model, and where it stands. */
export interface PlacedCondition {
  readonly condition: Condition;
  readonly standing: Standing;
}

/** Every condition of a model. */
export function conditionsOf(model: Model): readonly PlacedCondition[] {
  const at = (standing: Standing, conditions: readonly (Condition | null)[]) =>
    conditions.filter((condition) => condition !== null).map((condition) => ({ condition, standing }));
  const whens = (list: readonly Class[]) => list.map((item) => item.when);
  const triggers = model.segments.flatMap(({ motion }) => [...motion.expansionTriggers, ...motion.churnIndicators]);
  return [
    ...at('account', [
      model.icp,
      ...model.bands.flatMap((band) => whens(band.bands)),
      ...whens(model.cohorts),
      ...whens(model.archetypes),
      ...model.segments.map((segment) => segment.when),
      ...triggers.map((trigger) => trigger.when),
      ...model.fallback.map((rung) => rung.when),
      ...whens(model.experience.suppress),
    ]),
    ...at('user', whens(model.users.tiers)),
    ...at('event', [
      ...model.taxonomy.features.map((area) => area.where),
      ...model.activation.milestones.map((milestone) => milestone.where),
      ...model.signals.map((signal) => signal.where),
    ]),
    ...at('account_attributes', [model.exclude.accounts]),
    ...at('user_attributes', [model.exclude.users]),
  ];
}

/** What is wrong with the names and types of a model's conditions and health components. */
export function checkConditions(model: Model, catalogue: readonly SignalEntry[]): readonly Diagnostic[] {
  const scopes = new Map<Standing, Scope>();
  const scopeAt = (standing: Standing): Scope => {
    const scope = scopes.get(standing) ?? scopeOf(standing, model, catalogue);
    scopes.set(standing, scope);
    return scope;
  };
  const faults = conditionsOf(model).flatMap(({ condition, standing }) =>
    checkCondition(condition, scopeAt(standing)).map(softenShipped),
  );
  const components = [...model.health, ...model.segments.flatMap((segment) => segment.health ?? [])];
  return [...faults, ...components.flatMap((component) => checkComponent(component, scopeAt('account')))];
}

/** A shipped rule that names a class which the model has replaced never applies; its author is not to blame. */
function softenShipped(fault: Diagnostic): Diagnostic {
  const isShipped = fault.place.field?.endsWith(SHIPPED_MARK) === true;
  if (!isShipped || fault.code !== 'unknown-value') return fault;
  const suggestion = 'This shipped rule never applies as it is: write the part anew, with your own names.';
  return { ...fault, severity: 'warning', suggestion };
}

function checkComponent({ signal, place }: HealthComponent, scope: Scope): readonly Diagnostic[] {
  const type = scope.typeOf(signal);
  if (type === 'number' || type === 'flag') return [];
  const numeric = scope.names.filter((name) => scope.typeOf(name) === 'number');
  const suggestion = didYouMean(signal, numeric);
  const message =
    type === undefined
      ? `nothing is called \`${signal}\``
      : `\`${signal}\` is no number and cannot count towards health`;
  const code = type === undefined ? 'unknown-name' : 'type-mismatch';
  return [{ code, severity: 'error', message, place, ...(suggestion === undefined ? {} : { suggestion }) }];
}
