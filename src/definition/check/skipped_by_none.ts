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
 * Why only some comparisons: "never" is longer than any number of days and less than any level, so `days <= 14` and
 * `level >= 0.5` skip the accounts that they should, and `days > 14` and `level < 0.5` skip those that they mean.
 */
export const skippedByNone: ModelCheck = {
  name: 'skipped_by_none',
  find: (subject) => {
    const { model } = subject;
    const classes = [
      ...model.cohorts,
      ...model.archetypes,
      ...model.bands.flatMap((band) => band.bands),
      ...model.segments,
    ];
    const triggers = model.segments.flatMap(({ motion }) => [...motion.expansionTriggers, ...motion.churnIndicators]);
    const conditions = [...classes, ...triggers, ...model.fallback].map((rule) => rule.when);
    return conditions.flatMap((condition) => (condition === null ? [] : findIn(condition, subject)));
  },
};

function findIn(condition: Condition, { catalogue }: Subject): readonly Finding[] {
  const entries = catalogue.filter((entry) => entry.entity === 'account' && entry.nulls.includes('none'));
  const guarded = new Set(
    namesUnder(condition.expression, (node) => node.kind === 'null_test' || node.kind === 'call'),
  );
  return testsOf(condition.expression, false, false).flatMap(({ node, isTurned, hasAlternative }) => {
    const name = node.parts[0]?.kind === 'name' ? node.parts[0].word : null;
    const entry = entries.find((candidate) => candidate.name === name);
    if (entry === undefined || hasAlternative || guarded.has(entry.name) || !meansNever(node, isTurned, entry))
      return [];
    const guard = GUARDS[entry.name];
    if (guard !== undefined && condition.names.includes(guard.reads)) return [];
    const who = guard?.who ?? `accounts for which \`${entry.name}\` has nothing to measure`;
    const place = placeAt(condition.place, condition.marks, node.start);
    return [
      finding(
        SKIPPED,
        place,
        `${who} are skipped by \`${condition.text.slice(node.start, node.end)}\``,
        `If you mean them too, add \`or ${guard?.guard ?? `${entry.name} is null`}\`.`,
      ),
    ];
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

/** Comparisons that hold of what is very large, and of what is very small. */
const HOLDS_OF_MUCH: ReadonlySet<string> = new Set(['>', '>=', '!=']);
const HOLDS_OF_LITTLE: ReadonlySet<string> = new Set(['<', '<=', '!=']);
const OPPOSITE: Readonly<Record<string, string>> = { '=': '!=', '!=': '=', '<': '>=', '<=': '>', '>': '<=', '>=': '<' };

function meansNever(node: Expression, isTurned: boolean, entry: SignalEntry): boolean {
  if (node.kind === 'between' || node.kind === 'in' || node.kind === 'like') return node.isNegated !== isTurned;
  if (node.kind !== 'compare') return false;
  const word = isTurned ? (OPPOSITE[node.word] ?? node.word) : node.word;
  const isNeverLong = /\bdays?\b/.test(entry.unit) || /(^|_)days(_|$)/.test(entry.name);
  if (entry.type === 'text') return word === '!=';
  return (isNeverLong ? HOLDS_OF_MUCH : HOLDS_OF_LITTLE).has(word);
}
