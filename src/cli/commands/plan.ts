import { z } from 'zod';
import { baseModel } from '../../pipeline/model-in-force.ts';
import { type Plan, planOf } from '../../pipeline/plan.ts';
import { readText } from '../../pipeline/publication.ts';
import { resolveAsOf } from '../../pipeline/run.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { instantText, readOptions } from '../arguments.ts';
import type { Command, Paper } from '../command.ts';
import { readDraft } from '../draft.ts';
import { type Cell, writeCount, writeMoney, writeTable } from '../table.ts';

const OPTIONS = z.object({ asOf: instantText.optional() });
const SHOWN_MOVES = 20;

/** `bellwether plan`: what a model would change, before it does. */
export const planCommand: Command = {
  name: 'plan',
  summary: 'tell what a model would change against the one in force: in words, who would move with ARR, load, alerts',
  arguments: [{ syntax: '[FILE]', meaning: 'the draft (default: the workspace’s bellwether.yaml)' }],
  options: [{ syntax: '--as-of <DAY>', meaning: 'day (00:00 UTC) or instant (default: the end of your events)' }],
  examples: [
    { syntax: 'bellwether plan', meaning: 'what the edited file would change' },
    { syntax: 'bellwether plan draft.yaml --json', meaning: 'of another file, for machines' },
  ],
  json: '{asOf, base, draft, changes: [{path, words}], unmeasured, rules: [{segment, signals, dimensions}], customers, moves: [{account_id, name, from, to, arr}], flows: [{from, to, accounts, arr, arr_unknown}], segments: [{name, before, after, people_before, people_after}], alerts: [{segment, name, before, after}], unknown: [{name, before, after}]}',
  run: async (context, [file], options) => {
    const { asOf: asked = null } = readOptions(options, OPTIONS);
    const { directory, engines, run } = context;
    const draft = await readDraft(context, file);
    const { model } = readText(draft.text, draft.name, `in ${draft.path}`);
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    const base = (await baseModel(workspace.ledger, workspace)) ?? workspace;
    const plan = await planOf({ ...workspace, ...base }, model, await resolveAsOf(workspace, asked));
    const again = file === undefined ? '' : ` ${file}`;
    return { status: 0, json: plan, text: (paper) => writePlan(paper, plan, model.currency, again) };
  },
};

function writePlan(paper: Paper, plan: Plan, currency: string, file: string): string {
  if (plan.base === plan.draft && plan.changes.length === 0) return 'Nothing changes: it means what is in force.';
  const expected = `${plan.base.slice(0, 12)}..${plan.draft.slice(0, 12)}`;
  return [
    ['It changes:', ...plan.changes.map(({ words }) => `  ${words}`)].join('\n'),
    writeMoves(paper, plan, currency),
    writeSegments(paper, plan, currency),
    writeRest(plan),
    `By the rules alone as of ${plan.asOf}: dwell and overrides may keep accounts back.\nTo publish it: bellwether apply${file} --expect ${expected} --note "what it is for"`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function writeMoves(paper: Paper, { moves, customers }: Plan, currency: string): string {
  if (moves.length === 0) return `Nobody of ${writeCount(customers, 'customer')} would move.`;
  const rest = moves.length - SHOWN_MOVES;
  const table = writeTable(
    paper,
    ['account', 'from', 'to', 'ARR'],
    moves
      .slice(0, SHOWN_MOVES)
      .map(({ account_id, name, from, to, arr }): Cell[] => [name ?? account_id, from, to, writeMoney(arr, currency)]),
  );
  const more = rest > 0 ? `\nand ${rest} more; --json has all of them` : '';
  return `${moves.length} of ${writeCount(customers, 'customer')} would move:\n${table}${more}`;
}

function writeSegments(paper: Paper, { segments }: Plan, currency: string): string {
  return writeTable(
    paper,
    ['segment', 'accounts', 'then', 'ARR', 'then', 'people', 'then'],
    segments.map(({ name, before, after, people_before, people_after }) => [
      name,
      before?.accounts,
      after?.accounts,
      writeMoney(before?.arr ?? null, currency),
      writeMoney(after?.arr ?? null, currency),
      people_before,
      people_after,
    ]),
  );
}

function writeRest({ alerts, unknown, rules }: Plan): string {
  const otherwise = <T extends { readonly before: number; readonly after: number }>(rows: readonly T[]) =>
    rows.filter(({ before, after }) => before !== after);
  return [
    ...otherwise(alerts).map(
      ({ segment, name, before, after }) => `${name} of ${segment} would hold for ${after} instead of ${before}.`,
    ),
    ...otherwise(unknown).map(
      ({ name, before, after }) => `${name} is read of ${after} that have no data for it, instead of ${before}.`,
    ),
    ...rules.map(
      ({ segment, signals, dimensions }) => `${segment} reads ${signals.join(', ')} (${dimensions.join(', ')}).`,
    ),
  ].join('\n');
}
