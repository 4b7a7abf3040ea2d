import type { SignalEntry } from '../../model/signal.ts';
import type { Condition } from '../../rule/condition.ts';
import { type Expression, walk } from '../../rule/expression.ts';
import { placeAt } from '../../rule/place.ts';
import { type Finding, type FindingHead, finding, type ModelCheck, type Subject } from './check.ts';

const SKIPPED: FindingHead = {
  code: 'skipped-by-none',
  kind: 'operationalisation',
  requirement: 'D12',
  severity: 'warning',
};

/** Signals that are null because nothing ever happened, with a rule that says the same of the account out loud. */
const GUARDS: Readonly<Record<string, { readonly who: string; readonly guard: string; readonly reads: string }>> = {
  activation_days: { who: 'accounts that never activated', guard: 'activated = 0', reads: 'activated' },
  sequence_days: {
    who: 'accounts that never completed the sequence',
    guard: 'activation_depth < 1',
    reads: 'activation_depth',
  },
  days_since_last_activity: {
    who: 'accounts that were never active',
    guard: 'active_users_30d = 0',
    reads: 'active_users_30d',
  },
  days_since_last_event: { who: 'accounts without any event', guard: 'events_30d = 0', reads: 'events_30d' },
  stalled_step: {
    who: 'accounts that completed the sequence',
    guard: 'activation_depth = 1',
    reads: 'activation_depth',
  },
};

/** One test of a signal inside a rule, and whether a `not` above turns it round. */
interface Test {
  readonly node: Expression;
  readonly isTurned: boolean;
  readonly hasAlternative: boolean;
}

/**
 * Rules that skip accounts for which a signal is null by NONE although the rule means them.
 *
 * Why only some comparisons: "never" is longer than any number of days, and where there is nobody to measure there is
 * none of a level. So `days <= 14`, `level >= 0.5` and `change <= -0.5` skip the accounts that they should, while
 * `days > 14` and `level < 0.5` skip those that they mean. Levels are judged in classes only: a trigger starts work for
 * accounts that have something to measure.
 */
export const skippedByNone: ModelCheck = {
  name: 'skipped_by_none',
  find: (subject) => {
    const { model } = subject;
    const bands = model.bands.flatMap((band) => band.bands);
    const classes = [...model.cohorts, ...model.archetypes, ...bands, ...model.segments, ...model.fallback];
    const triggers = model.segments.flatMap(({ motion }) => [...motion.expansionTriggers, ...motion.churnIndicators]);
    const find = (areLevelsJudged: boolean) => (rule: { readonly when: Condition | null }) =>
      rule.when === null ? [] : findIn(rule.when, areLevelsJudged, subject);
    return [...classes.flatMap(find(true)), ...triggers.flatMap(find(false))];
  },
};

function findIn(condition: Condition, areLevelsJudged: boolean, { catalogue }: Subject): readonly Finding[] {
  const entries = catalogue.filter((entry) => entry.entity === 'account' && entry.nulls.includes('none'));
  const guarded = new Set(
    namesUnder(condition.expression, (node) => node.kind === 'null_test' || node.kind === 'call'),
  );
  return testsOf(condition.expression, false, false).flatMap(({ node, isTurned, hasAlternative }) => {
    const name = node.parts[0]?.kind === 'name' ? node.parts[0].word : null;
    const entry = entries.find((candidate) => candidate.name === name);
    if (entry === undefined || hasAlternative || guarded.has(entry.name)) return [];
    if (isLevel(entry) && !areLevelsJudged) return [];
    if (holdsOfNever(node, entry) === isTurned) return [];
    const guard = GUARDS[entry.name];
    if (guard !== undefined && condition.names.includes(guard.reads)) return [];
    const text = condition.text.slice(node.start, node.end);
    const who = guard?.who ?? `accounts for which \`${entry.name}\` has nothing to measure`;
    const advice = `If you mean them too, add \`or ${guard?.guard ?? `${entry.name} is null`}\`.`;
    const place = placeAt(condition.place, condition.marks, node.start);
    return [finding(SKIPPED, place, `${who} are skipped by \`${text}\``, advice)];
  });
}

function* namesUnder(expression: Expression, isGuard: (node: Expression) => boolean): Generator<string> {
  for (const node of walk(expression)) {
    if (!isGuard(node)) continue;
    for (const inner of walk(node)) if (inner.kind === 'name') yield inner.word;
  }
}

function testsOf(node: Expression, isTurned: boolean, hasAlternative: boolean): readonly Test[] {
  if (node.kind === 'not') return node.parts.flatMap((part) => testsOf(part, !isTurned, hasAlternative));
  if (node.kind === 'and' || node.kind === 'or') {
    const isOr = (node.kind === 'or') !== isTurned;
    return node.parts.flatMap((part) => testsOf(part, isTurned, hasAlternative || isOr));
  }
  return [{ node, isTurned, hasAlternative }];
}

function isLevel(entry: SignalEntry): boolean {
  return entry.type !== 'text' && !isTimeLike(entry);
}

function isTimeLike(entry: SignalEntry): boolean {
  return /\bdays?\b/.test(entry.unit) || /(?:^|_)days(?:_|$)/.test(entry.name);
}

/** Whether a test would hold of "never": of a time without end, of a level of 0, of a text that is none. */
function holdsOfNever(node: Expression, entry: SignalEntry): boolean {
  const never = isTimeLike(entry) ? Number.POSITIVE_INFINITY : 0;
  const values = node.parts.slice(1).map((part) => part.value);
  if (entry.type === 'text') return node.word === '!=' || (node.isNegated && node.kind !== 'null_test');
  if (node.kind === 'in') return values.includes(never) !== node.isNegated;
  const [first, second] = values.map((value) => (typeof value === 'number' ? value : Number.NaN));
  if (node.kind === 'between') return (never >= (first ?? 0) && never <= (second ?? 0)) !== node.isNegated;
  return node.kind === 'compare' && (COMPARISONS[node.word]?.(never, first ?? Number.NaN) ?? false);
}

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};
