import type { Model } from '../definition/model.ts';
import type { Condition } from '../rule/condition.ts';
import { type Expression, walk } from '../rule/expression.ts';

/** What a rule is for: it names who may leave, it names who does well, or it has nothing to do with leaving. */
type RuleAim = 'risk' | 'health' | 'other';

/** A rule of the model: its dotted path as in the file, its condition, and what it is for. */
export interface ModelRule {
  readonly path: string;
  readonly condition: Condition;
  readonly aim: RuleAim;
}

/** A number in a rule that a signal is compared with. */
export interface ModelThreshold {
  readonly path: string;
  readonly signal: string;
  readonly operator: string;
  readonly value: number;
  readonly aim: RuleAim;
  /** Offsets of the number in the condition's text. */
  readonly start: number;
  readonly end: number;
  readonly condition: Condition;
}

const RISK_CLASSES: ReadonlySet<string> = new Set(['At Risk', 'Dormant']);
const HEALTH_CLASSES: ReadonlySet<string> = new Set(['Power User', 'Steady State']);
const MIRRORED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** Every rule over accounts, in the order of the file. */
export function modelRules(model: Model): readonly ModelRule[] {
  const aimOf = (name: string): RuleAim =>
    RISK_CLASSES.has(name) ? 'risk' : HEALTH_CLASSES.has(name) ? 'health' : 'other';
  const classes = (path: string, list: readonly { readonly name: string; readonly when: Condition | null }[]) =>
    list.map(({ name, when }) => ({ path: `${path}.${name}`, condition: when, aim: aimOf(name) }));
  const all: readonly (Omit<ModelRule, 'condition'> & { readonly condition: Condition | null })[] = [
    ...model.bands.flatMap((band) => classes(`bands.${band.name}`, band.bands)),
    ...classes('cohorts', model.cohorts),
    ...classes('archetypes', model.archetypes),
    ...model.segments.flatMap(({ name, when, isOverlay, motion }) => [
      { path: `segments.${name}.when`, condition: when, aim: isOverlay ? ('risk' as const) : ('other' as const) },
      ...motion.expansionTriggers.map((trigger) => ({
        path: `segments.${name}.motion.expansion_triggers.${trigger.name}`,
        condition: trigger.when,
        aim: 'other' as const,
      })),
      ...motion.churnIndicators.map((trigger) => ({
        path: `segments.${name}.motion.churn_indicators.${trigger.name}`,
        condition: trigger.when,
        aim: 'risk' as const,
      })),
    ]),
    ...model.fallback.map(({ segment, when }) => ({
      path: `fallback.${segment}`,
      condition: when,
      aim: 'other' as const,
    })),
  ];
  return all.flatMap((rule) => (rule.condition === null ? [] : [{ ...rule, condition: rule.condition }]));
}

/** The numbers that rules compare signals with: `signal op number`, either way round, and both ends of `between`. */
export function modelThresholds(model: Model): readonly ModelThreshold[] {
  return modelRules(model).flatMap((rule) => [...walk(rule.condition.expression)].flatMap((node) => found(node, rule)));
}

function found(node: Expression, { path, condition, aim }: ModelRule): readonly ModelThreshold[] {
  const at = (name: Expression | undefined, number: Expression | undefined, operator: string) => {
    if (name?.kind !== 'name' || number?.kind !== 'literal' || typeof number.value !== 'number') return [];
    const { start, end, value } = number;
    return [{ path, signal: name.word, operator, value, aim, start, end, condition }];
  };
  const [first, second, third] = node.parts;
  if (node.kind === 'compare') {
    return [...at(first, second, node.word), ...at(second, first, MIRRORED[node.word] ?? node.word)];
  }
  return node.kind === 'between' && !node.isNegated ? [...at(first, second, '>='), ...at(first, third, '<=')] : [];
}
