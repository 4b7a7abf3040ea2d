import type { ValueType } from '../../src/model/signal.ts';
import type { Condition, Scope } from '../../src/rule/condition.ts';
import { parseCondition } from '../../src/rule/parse.ts';

const TYPES: Readonly<Record<string, ValueType>> = {
  employees: 'number',
  revenue: 'number',
  seat_breadth: 'number',
  feature_breadth_30d: 'number',
  activation_days: 'number',
  account_age_days: 'number',
  activated: 'flag',
  sponsor_engaged: 'flag',
  industry: 'text',
  name: 'text',
  cohort: 'text',
  tech_stack: 'list',
  created_on: 'day',
};

const COHORTS = ['Power User', 'Steady State', 'At Risk', 'Dormant'];

/** A small scope for tests of the language. */
export const SCOPE: Scope = {
  typeOf: (name) => (name.startsWith('properties.') ? 'property' : TYPES[name]),
  names: Object.keys(TYPES),
  valuesOf: (name) => (name === 'cohort' ? COHORTS : undefined),
  whyNot: (name) => (name === 'segment' ? 'A segment cannot read segments.' : undefined),
};

/** Parses a condition that must be free of faults. */
export function condition(text: string): Condition {
  const parsed = parseCondition(text, { file: 'test.yaml', line: 1, column: 1 });
  if (parsed.condition === null)
    throw new Error(`${text}: ${parsed.diagnostics.map((fault) => fault.message).join('; ')}`);
  return parsed.condition;
}
