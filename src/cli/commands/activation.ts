import { z } from 'zod';
import type { AreaGroup } from '../../activation/area-use.ts';
import type { Funnel } from '../../activation/funnel.ts';
import type { WorkflowFunnel } from '../../activation/workflow-funnel.ts';
import { listAccounts } from '../../pipeline/accounts.ts';
import { type Activation, activationOf } from '../../pipeline/activation.ts';
import { resolveAsOf } from '../../pipeline/run.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { instantText, readOptions } from '../arguments.ts';
import type { Command, Paper } from '../command.ts';
import { writeCount, writeInstant, writeMoney, writeTable } from '../table.ts';

const OPTIONS = z.object({ asOf: instantText.optional() });
const SHOWN = 10;

/** `bellwether activation`: where users and accounts stall on their way to first value, and what each segment uses. */
export const activationCommand: Command = {
  name: 'activation',
  summary: 'show where users and accounts stall, which workflows stop at which step, and what segments and tiers use',
  options: [{ syntax: '--as-of <DAY>', meaning: 'day (00:00 UTC) or instant (default: the end of your events)' }],
  examples: [
    { syntax: 'bellwether activation', meaning: 'as of the end of the data' },
    { syntax: 'bellwether activation --json', meaning: 'for machines: every stalled account too' },
  ],
  json: '{asOf, measuredAt, currency, users, accounts: {unit, begun, complete, unknown, whyUnknown, notBegun, steps: [{step, entered, reached, share, interval, stalled, onTheWay, medianDays}], largest, sentence}, stalledUsers: [{accountId, name, userId, step, tier, daysSinceLastActivity}], stalledAccounts: [{accountId, name, step, segment, relationship, csm, arr}], workflows: [{workflow, withinDays, closed, open, users, completed, completion, interval, medianDays, steps: [{step, entered, reached, dropped}], largest, sentence}], areas: {bySegment, byTier: [{name, users, areas: [{area, used, share, interval}]}], inNoSegment, segmentSentence, tierSentence}, order: {accounts, unknown, areas: [{area, places, shares, intervals, adopted, medianDays}], orders: [{order, accounts}], sentence}}',
  run: async (context, _, options) => {
    const { directory, engines, now, run } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    const asOf = await resolveAsOf(workspace, readOptions(options, OPTIONS).asOf ?? null);
    const found = await activationOf(workspace, await listAccounts(workspace, { asOf, now }), asOf);
    return { status: 0, json: found, text: (paper) => writeActivation(paper, found) };
  },
};

function writeActivation(paper: Paper, found: Activation): string {
  const { users, accounts, workflows, areas, order } = found;
  return [
    `As of ${writeInstant(new Date(found.asOf))}`,
    writeFunnel(paper, users),
    writeFunnel(paper, accounts),
    writeStalled(paper, found),
    ...workflows.map((workflow) => writeWorkflow(paper, workflow)),
    writeAreas(paper, areas.segmentSentence, areas.bySegment),
    writeAreas(paper, areas.tierSentence, areas.byTier),
    writeOrder(paper, order),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const percent = (share: number | null): string | null => (share === null ? null : `${Math.round(100 * share)}%`);
const within = (interval: readonly [number, number] | null): string | null =>
  interval === null ? null : `${percent(interval[0])} to ${percent(interval[1])}`;

function writeFunnel(paper: Paper, { sentence, steps, unknown, notBegun, whyUnknown }: Funnel): string {
  const head = ['step', 'came to it', 'took it', 'share', '95% interval', 'stall', 'on the way', 'median days'];
  const rows = steps.map((each) => [
    ...[each.step, each.entered, each.reached, percent(each.share), within(each.interval)],
    ...[each.stalled, each.onTheWay, each.medianDays],
  ]);
  const apart = [
    ...(unknown === 0 ? [] : [`${unknown} unknown. ${whyUnknown}`]),
    ...(notBegun === 0 ? [] : [`${notBegun} were never active.`]),
  ];
  const table = steps.length === 0 ? '' : `\n${writeTable(paper, head, rows)}`;
  return `${sentence}.${table}${apart.length === 0 ? '' : `\n${apart.join(' ')}`}`;
}

function writeStalled(paper: Paper, { stalledAccounts, currency }: Activation): string {
  if (stalledAccounts.length === 0) return '';
  const rows = stalledAccounts
    .slice(0, SHOWN)
    .map(({ accountId, name, step, segment, arr }) => [accountId, name, step, segment, writeMoney(arr, currency)]);
  const title = `${writeCount(stalledAccounts.length, 'account')} stall and have not left, by ARR:`;
  return `${title}\n${writeTable(paper, ['account', 'name', 'stalled at', 'segment', 'ARR'], rows)}`;
}

function writeWorkflow(paper: Paper, { sentence, steps, open }: WorkflowFunnel): string {
  const rows = steps.map(({ step, entered, reached, dropped }) => [step, entered, reached, dropped]);
  const table = writeTable(paper, ['step', 'runs that came to it', 'took it', 'stopped before it'], rows);
  return `${sentence}.${open === 0 ? '' : ` ${writeCount(open, 'run')} may still be completed.`}\n${table}`;
}

function writeAreas(paper: Paper, sentence: string, groups: readonly AreaGroup[]): string {
  const [first] = groups;
  if (first === undefined || first.areas.length === 0) return `${sentence}.`;
  const rows = first.areas.map(({ area }, place) => [
    area,
    ...groups.map(({ areas }) => percent(areas[place]?.share ?? null)),
  ]);
  const head = ['feature area', ...groups.map(({ name, users }) => `${name} (${users})`)];
  return `${sentence}.\n${writeTable(paper, head, rows)}`;
}

function writeOrder(paper: Paper, { sentence, areas, accounts, unknown }: Activation['order']): string {
  const rows = areas.map(({ area, shares, adopted, medianDays }) => [
    area,
    ...shares.map(percent),
    adopted,
    medianDays,
  ]);
  const head = ['feature area', ...['first', 'second', 'third'].map((place, at) => `${place} (${accounts[at] ?? 0})`)];
  const apart = unknown === 0 ? '' : `\n${writeCount(unknown, 'account')} of whom it is not known.`;
  return `${sentence}.\n${writeTable(paper, [...head, 'ever used', 'median days'], rows)}${apart}`;
}
