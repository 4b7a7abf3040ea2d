import type { Class, Model } from './model.ts';
import { meaningOf } from './version.ts';

/** A parameter of a model: its dotted path as in the file, and its value. */
interface Parameter {
  readonly path: string;
  readonly value: unknown;
}

/**
 * Dotted paths of the parameters that are still as shipped ("default, not yet calibrated").
 *
 * Why compared by meaning: the file that `init` writes says every default out loud, and none of them is calibrated.
 */
export function defaultedPaths(model: Model, shipped: Model): readonly string[] {
  const defaults = new Map(parametersOf(shipped).map(({ path, value }) => [path, meaningOf(value)]));
  return parametersOf(model)
    .filter(({ path, value }) => defaults.get(path) === meaningOf(value))
    .map(({ path }) => path);
}

function parametersOf(model: Model): readonly Parameter[] {
  return [
    ...model.bands.flatMap((band) => classes(`bands.${band.name}`, band.bands)),
    { path: 'users.executive_seniority', value: model.users.executiveSeniority },
    ...classes('users.tiers', model.users.tiers),
    ...numbers('decline', model.decline),
    ...classes('cohorts', model.cohorts),
    ...classes('archetypes', model.archetypes),
    ...numbers('value', model.value),
    ...model.health.map((component) => ({ path: `health.${component.signal}`, value: component })),
    ...numbers('composite', model.composite),
    ...model.segments.flatMap(segmentParameters),
    ...model.fallback.map((rung) => ({ path: `fallback.${rung.segment}`, value: rung.when })),
    ...numbers('assignment', model.assignment),
    ...numbers('breaker', model.breaker),
    ...numbers('outcomes', model.outcomes),
  ];
}

function classes(path: string, list: readonly Class[]): readonly Parameter[] {
  return list.map((item) => ({ path: `${path}.${item.name}`, value: item.when }));
}

function numbers(path: string, values: object): readonly Parameter[] {
  return Object.entries(values).map(([name, value]) => ({ path: `${path}.${snake(name)}`, value: value as unknown }));
}

/** `churnGraceDays` is `churn_grace_days` in the file. */
function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function segmentParameters(segment: Model['segments'][number]): readonly Parameter[] {
  const path = `segments.${segment.name}`;
  const { motion } = segment;
  return [
    { path: `${path}.when`, value: segment.when },
    { path: `${path}.dwell_days`, value: segment.dwellDays },
    { path: `${path}.motion.coverage`, value: motion.coverage },
    { path: `${path}.motion.renewal_cadence_days`, value: motion.renewalCadenceDays },
    { path: `${path}.motion.review_cadence`, value: motion.reviewCadence },
    ...motion.expansionTriggers.map((trigger) => ({
      path: `${path}.motion.expansion_triggers.${trigger.name}`,
      value: trigger.when,
    })),
    ...motion.churnIndicators.map((trigger) => ({
      path: `${path}.motion.churn_indicators.${trigger.name}`,
      value: trigger.when,
    })),
  ];
}
