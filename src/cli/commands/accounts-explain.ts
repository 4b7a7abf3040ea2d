import { z } from 'zod';
import { type AccountExplanation, explainAccount, type RuleExplanation } from '../../pipeline/explain.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import type { Explanation } from '../../rule/explain.ts';
import { instantText, readOptions } from '../arguments.ts';
import type { Command, Paper } from '../command.ts';
import { type Cell, writeCell, writeMoney, writeTable } from '../table.ts';

const OPTIONS = z.object({ asOf: instantText.optional() });

/** `bellwether accounts explain`: why an account is where it is, and what would move it. */
export const accountsExplainCommand: Command = {
  name: 'accounts explain',
  summary: 'tell why an account is in its segment, what changed last, and what would move it',
  arguments: [{ syntax: '<ID>', meaning: 'identifier of the account' }],
  options: [{ syntax: '--as-of <DAY>', meaning: 'day (00:00 UTC) or instant (default: the end of your events)' }],
  examples: [
    { syntax: 'bellwether accounts explain a1', meaning: 'as of the end of the data' },
    { syntax: 'bellwether accounts explain a1 --as-of 2026-03-01', meaning: 'as it was then' },
  ],
  json: '{account, because, rules: [{segment, decides, text, english, truth, inputs, children}], cohortRules, values: [{name, value, reason}], changedLast, smallestChange}',
  run: async (context, [accountId = ''], options) => {
    const { asOf = null } = readOptions(options, OPTIONS);
    const { directory, engines, now, run } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    const explanation = await explainAccount(workspace, { accountId, asOf, now });
    return {
      status: 0,
      json: explanation,
      text: (paper) => writeExplanation(paper, explanation, workspace.model.currency),
    };
  },
};

function writeExplanation(paper: Paper, explanation: AccountExplanation, currency: string): string {
  const { account, values } = explanation;
  const place = account.segment ?? `no segment (${account.relationship})`;
  const known = values.filter(({ value }) => value !== null);
  const unknown = values.filter(({ value }) => value === null);
  const parts = [
    `${account.name ?? account.account_id} (${account.account_id}) is in ${place}${account.since === null ? '' : ` since ${account.since.slice(0, 10)}`}, as of ${account.as_of.slice(0, 10)}.`,
    explanation.because,
    writeStanding(account, currency).join('\n'),
    ...explanation.rules.map((rule) => writeRule(rule)),
    ...explanation.cohortRules.filter(({ decides }) => decides).map((rule) => writeRule(rule)),
    writeLastChange(explanation),
    writeSmallestChange(explanation),
    writeTable(
      paper,
      ['value', 'is'],
      known.map(({ name, value }) => [name, cellOf(value)]),
    ),
    unknown.length === 0
      ? ''
      : writeTable(
          paper,
          ['unknown', 'because'],
          unknown.map(({ name, reason }) => [name, reason]),
        ),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function writeStanding(account: AccountExplanation['account'], currency: string): readonly string[] {
  const { waiting } = account;
  return [
    `cohort ${account.cohort ?? 'unknown'}, value tier ${account.value_tier ?? 'unknown'}, ARR ${writeMoney(account.arr, currency)}, health ${writeCell(account.health)}`,
    ...(account.home === null || account.home === account.segment ? [] : [`home segment ${account.home}`]),
    ...(account.coverage === null || account.coverage.segment === account.segment
      ? []
      : [`looked after as ${account.coverage.segment} (${account.coverage.model})`]),
    ...(waiting === null ? [] : [`would move to ${waiting.segment} on ${waiting.moveOn.slice(0, 10)}`]),
  ];
}

const MARKS: Readonly<Record<string, string>> = { true: '+', false: '-', null: '?' };

function writeRule(rule: RuleExplanation): string {
  const lines = (node: Explanation, depth: number): readonly string[] => {
    const inputs = node.inputs.map(({ name, value }) => `${name} is ${writeCell(cellOf(value))}`).join(', ');
    const own = `${'  '.repeat(depth)}${MARKS[String(node.truth)] ?? '?'} ${node.text}`;
    const isLeaf = node.children.length === 0;
    return [isLeaf ? `${own}    (${inputs})` : own, ...node.children.flatMap((child) => lines(child, depth + 1))];
  };
  const verdict = rule.truth === null ? 'unknown' : rule.truth ? 'holds' : 'does not hold';
  return [`${rule.segment}: ${verdict}${rule.decides ? ', and decides' : ''}`, ...lines(rule, 1)].join('\n');
}

function writeLastChange({ changedLast }: AccountExplanation): string {
  if (changedLast === null) return '';
  const inputs = changedLast.inputs.map(
    ({ name, before, after }) => `${name} went from ${writeCell(cellOf(before))} to ${writeCell(cellOf(after))}`,
  );
  return `Changed last, on ${changedLast.on}: ${changedLast.condition} (${inputs.join(', ')})`;
}

function writeSmallestChange({ smallestChange }: AccountExplanation): string {
  if (smallestChange === null) return '';
  const changes = smallestChange.changes.map(
    ({ name, from, to }) => `${name} from ${writeCell(cellOf(from))} to ${writeCell(cellOf(to))}`,
  );
  return `The smallest change that would move it to ${smallestChange.to ?? 'no segment'}: ${changes.join(', and ')}`;
}

function cellOf(value: unknown): Cell {
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' ? value : null;
}
