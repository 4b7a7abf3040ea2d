import type { Place } from '../../model/diagnostic.ts';
import type { Condition } from '../../rule/condition.ts';
import type { Expression } from '../../rule/expression.ts';
import { holdCondition } from '../../rule/hold.ts';
import type { Model } from '../model.ts';
import { meaningOf } from '../version.ts';
import { type Finding, type FindingHead, finding, type ModelCheck } from './check.ts';

const UNREACHABLE: FindingHead = {
  code: 'unreachable',
  kind: 'operationalisation',
  requirement: 'R012',
  severity: 'warning',
};

/** A rule of a list that is read first match wins. */
interface Rule {
  readonly name: string;
  readonly when: Condition | null;
  readonly place: Place;
}

/** Rules that can never be reached: what they ask for is always taken by a rule above. */
export const unreachable: ModelCheck = {
  name: 'unreachable',
  find: ({ model }) => listsOf(model).flatMap(findIn),
};

function listsOf(model: Model): readonly (readonly Rule[])[] {
  const home = model.segments.filter((segment) => !segment.isOverlay);
  const fallback = model.fallback.map((rung) => ({ ...rung, name: rung.segment }));
  return [model.users.tiers, model.cohorts, model.archetypes, ...model.bands.map((band) => band.bands), home, fallback];
}

function findIn(rules: readonly Rule[]): readonly Finding[] {
  return rules.flatMap((rule, index) => {
    const above = rules.slice(0, index).find((earlier) => takesAllOf(earlier.when, rule.when));
    if (above === undefined) return [];
    const message = `\`${rule.name}\` is never reached: \`${above.name}\` above it takes everything that it asks for`;
    return [finding(UNREACHABLE, rule.when?.place ?? rule.place, message, 'Put the narrower rule first.')];
  });
}

/** Whether whatever the later rule takes is taken by the earlier one: it asks for no more than a part of it. */
function takesAllOf(earlier: Condition | null, later: Condition | null): boolean {
  if (earlier === null || isAlwaysTrue(earlier)) return true;
  if (later === null) return false;
  const wanted = new Set(conjuncts(later.expression).map(meaning));
  return conjuncts(earlier.expression).every((conjunct) => wanted.has(meaning(conjunct)));
}

function isAlwaysTrue(condition: Condition): boolean {
  return (
    condition.names.length === 0 &&
    holdCondition(
      condition,
      () => null,
      new Date(0),
      () => undefined,
    ) === true
  );
}

function conjuncts(expression: Expression): readonly Expression[] {
  return expression.kind === 'and' ? expression.parts.flatMap(conjuncts) : [expression];
}

function meaning(expression: Expression): string {
  return meaningOf({ expression, names: [] });
}
