import { homeClasses } from '../definition/home.ts';
import type { Class, HealthComponent, Model } from '../definition/model.ts';
import { scopeOf } from '../definition/scopes.ts';
import type { Entity } from '../model/signal.ts';
import { compileCondition } from '../rule/compile.ts';
import type { Condition, Scope } from '../rule/condition.ts';
import { SIGNAL_CATALOGUE } from './catalogue.ts';
import { quote } from './plan.ts';

/** SQL: the day of `at`, for conditions that name `as_of`. */
const AS_OF_DAY = `toDate32(fromUnixTimestamp64Milli(at, 'UTC'))`;

type TypeOf = Scope['typeOf'];

/** Types of what a condition over an account, or over a user, may read. */
export function rowTypes(model: Model, entity: Entity): TypeOf {
  return scopeOf(entity, model, SIGNAL_CATALOGUE).typeOf;
}

/** Names, beside those of rules, that lifecycle, direction, value tier, composite score, cohort and tier are made of. */
const CLASS_NAMES = [
  ...['account_age_days', 'activated', 'active_users_30d', 'momentum_60d', 'momentum_t_60d', 'value_score'],
  ...['job_realised', 'first_seen_days', 'events_30d'],
];

/** Every name that the classes of a model, of accounts or of users, are made of; some are signals, some attributes. */
export function classNames(model: Model): readonly string[] {
  const classes = [...model.cohorts, ...model.archetypes, ...model.users.tiers, ...model.bands.flatMap((b) => b.bands)];
  const ofHealth = model.segments.flatMap(({ health }) => health ?? []);
  const conditions = [...classes, ...(ofHealth.length === 0 ? [] : homeClasses(model))].flatMap(
    ({ when }) => when ?? [],
  );
  return [
    ...CLASS_NAMES,
    ...[...conditions, ...(model.icp === null ? [] : [model.icp])].flatMap(({ names }) => names),
    ...[...model.health, ...ofHealth].map(({ signal }) => signal),
  ];
}

/** SQL: a condition over a row whose columns are the names themselves. */
function rowCondition(condition: Condition, types: TypeOf): string {
  return compileCondition(condition, { columnOf: (name) => name, typeOf: types, asOf: AS_OF_DAY });
}

/** SQL: name of the first class whose condition is true; null where none is. */
export function firstMatch(classes: readonly Class[], types: TypeOf): string {
  const arms = classes.map(({ name, when }) => {
    const test = when === null ? '1' : `ifNull(${rowCondition(when, types)}, 0)`;
    return `${test}, toNullable(${quote(name)})`;
  });
  return arms.length === 0 ? "CAST(NULL, 'Nullable(String)')" : `multiIf(${arms.join(', ')}, NULL)`;
}

/** SQL: a user's tier. Users never active have none, nor is there one where 30 days are not covered. */
export function tierSql(model: Model): string {
  return `if(isNull(first_seen_days) OR isNull(events_30d), NULL, ${firstMatch(model.users.tiers, rowTypes(model, 'user'))})`;
}

/** SQL: an account's cohort, null where nobody can be measured or the account is new and not activated. */
export function cohortSql(model: Model): string {
  const isNew = 'ifNull(account_age_days < 30 AND activated = 0, 0)';
  return `if(isNull(active_users_30d) OR ${isNew}, NULL, ${firstMatch(model.cohorts, rowTypes(model, 'account'))})`;
}

/** SQL: an account's lifecycle, from its computed cohort; null where that is null and nothing earlier matches. */
export function lifecycleSql(): string {
  return `multiIf(relationship = 'churned', toNullable('churned'),
    has_contracts AND was_paying = 0, 'prospect',
    ifNull(account_age_days < 30 AND activated = 0, 0), 'new',
    isNull(computed_cohort), NULL,
    computed_cohort = 'Dormant', 'dormant', computed_cohort = 'At Risk', 'at_risk',
    ifNull(activated = 0, 0), 'activating', computed_cohort = 'Power User', 'power', 'active')`;
}

/** SQL: whether an account's use grows, holds or declines; null without momentum. */
export function directionSql(): string {
  return `multiIf(isNull(momentum_60d), NULL,
    ifNull(momentum_60d >= 0.2 - 1e-9 AND momentum_t_60d >= 1.645 - 1e-9, 0), toNullable('growing'),
    ifNull(momentum_60d <= -0.2 + 1e-9 AND momentum_t_60d <= -1.645 + 1e-9, 0), 'declining', 'stable')`;
}

/** SQL: value tier from place and number ranked; null for who is not ranked. */
export function valueTierSql(model: Model): string {
  const share = '((place - 1) / ranked)';
  const arms = model.value.tiers.map(({ name, below }, index) =>
    index === model.value.tiers.length - 1
      ? `toNullable(${quote(name)})`
      : `${share} < ${below} - 1e-9, toNullable(${quote(name)})`,
  );
  return `if(ifNull(ranked, 0) = 0 OR isNull(value_score), NULL, ${arms.length === 1 ? arms[0] : `multiIf(${arms.join(', ')})`})`;
}

/** SQL: home segment of a row by the rules alone, whoever the row is; the health score of a segment's own reads it. */
export function homeSql(model: Model): string {
  return firstMatch(homeClasses(model), rowTypes(model, 'account'));
}

/**
 * SQL: health score, 0 to 100 (D13), over rows that carry `home_of_health`: by the components of that segment where it
 * sets its own, else by the model's.
 */
export function healthSql(model: Model): string {
  const arms = model.segments.flatMap(({ name, isOverlay, health }) =>
    isOverlay || health === null ? [] : [`home_of_health = ${quote(name)}, ${weightedHealthSql(health)}`],
  );
  const shipped = weightedHealthSql(model.health);
  return arms.length === 0 ? shipped : `multiIf(${arms.join(', ')}, ${shipped})`;
}

/** SQL: weighted mean of components, 0 to 100; null where fewer than two of them are known. */
function weightedHealthSql(components: readonly HealthComponent[]): string {
  const parts = components.map(({ signal, poor, good, weight }) => ({
    value: `if(isNull(${signal}), 0, greatest(0, least(1, (${signal} - ${poor}) / (${good - poor}))) * ${weight})`,
    weight: `if(isNull(${signal}), 0, ${weight})`,
    known: `isNotNull(${signal})`,
  }));
  if (parts.length === 0) return `CAST(NULL, 'Nullable(Float64)')`;
  const known = parts.map((part) => part.known).join(' + ');
  const sum = parts.map((part) => part.value).join(' + ');
  return `if(${known} < 2, NULL, 100 * (${sum}) / nullIf(${parts.map((part) => part.weight).join(' + ')}, 0))`;
}

/** SQL: composite score: weighted mean of the dimensions that are known; null without the behavioural one. */
export function compositeSql(model: Model): string {
  const { behavioural, value, needs, firmographic } = model.composite;
  const parts: readonly (readonly [sql: string, weight: number])[] = [
    ['health_score', behavioural],
    ['if(ifNull(ranked, 0) = 0 OR isNull(value_score), NULL, 100 * (1 - (place - 1) / ranked))', value],
    ['100 * job_realised', needs],
    [icpShareSql(model), firmographic],
  ];
  const sum = parts.map(([sql, weight]) => `ifNull((${sql}) * ${weight}, 0)`).join(' + ');
  const weights = parts.map(([sql, weight]) => `if(isNull(${sql}), 0, ${weight})`).join(' + ');
  return `if(isNull(health_score), NULL, (${sum}) / nullIf(${weights}, 0))`;
}

/** SQL: whether an account is inside the ICP: 1, 0, or null where that is unknown; all are where the model has none. */
export function eligibleSql(model: Model): string {
  return model.icp === null ? `toNullable(1)` : rowCondition(model.icp, rowTypes(model, 'account'));
}

/** SQL: 100 times the share of the ICP's known top-level conditions that hold; null where none is known. */
function icpShareSql(model: Model): string {
  const { icp } = model;
  if (icp === null) return `CAST(NULL, 'Nullable(Float64)')`;
  const tops = icp.expression.kind === 'and' ? icp.expression.parts : [icp.expression];
  const types = rowTypes(model, 'account');
  const truths = tops.map((expression) => rowCondition({ ...icp, expression }, types));
  const held = truths.map((truth) => `ifNull(${truth}, 0)`).join(' + ');
  const known = truths.map((truth) => `isNotNull(${truth})`).join(' + ');
  return `100 * (${held}) / nullIf(${known}, 0)`;
}
