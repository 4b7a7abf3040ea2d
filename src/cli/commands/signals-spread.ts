import { z } from 'zod';
import { baseModel } from '../../pipeline/model-in-force.ts';
import { readText } from '../../pipeline/publication.ts';
import { resolveAsOf } from '../../pipeline/run.ts';
import type { Spread } from '../../pipeline/signal-spread.ts';
import { draftReport, measureSide, type SpreadReport, standingReport } from '../../pipeline/spread-report.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { instantText, readOptions } from '../arguments.ts';
import type { Command, Paper } from '../command.ts';
import { readDraft } from '../draft.ts';
import { type Cell, writeCount, writeTable } from '../table.ts';

const QUANTILES = ['least', 'p10', 'p25', 'median', 'p75', 'p90', 'most'] as const;
const SHOWN_VALUES = 4;
const OPTIONS = z.object({ asOf: instantText.optional() });

/** `bellwether signals spread`: how signals lie among customers, now or under a draft. */
export const signalsSpreadCommand: Command = {
  name: 'signals spread',
  summary: 'tell how every signal spreads among customers, and who is left out; of a draft, what spreads otherwise',
  arguments: [{ syntax: '[FILE]', meaning: 'a draft of the model (default: none; what is in force)' }],
  options: [{ syntax: '--as-of <DAY>', meaning: 'day (00:00 UTC) or instant (default: the end of your events)' }],
  examples: [
    { syntax: 'bellwether signals spread', meaning: 'known, unknown and quantiles of every signal' },
    { syntax: 'bellwether signals spread draft.yaml --json', meaning: 'before and after a draft, for machines' },
  ],
  json: '{asOf, base, draft, customers: {before, after}, users: {before, after}, signals: [{name, entity, unit, type, meaning, inputs, requirement, definition, before: {of, known, unknown: {missing, not_yet, none}, quantiles: {least, p10, p25, median, p75, p90, most}, bins: {low, high, counts, above}, values}, after}], exclude: {users, accounts}, excluded: {before: {users, accounts, events}, after, out: {account: {count, first: [{id, name, events}]}, user}, back}, unmeasured}',
  run: async (context, [file], options) => {
    const { asOf: asked = null } = readOptions(options, OPTIONS);
    const { directory, engines, run } = context;
    const draft = file === undefined ? null : await readDraft(context, file);
    const model = draft === null ? null : readText(draft.text, draft.name, `in ${draft.path}`).model;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    const base = { ...workspace, ...((await baseModel(workspace.ledger, workspace)) ?? {}) };
    const side = await measureSide(base, base.model, await resolveAsOf(workspace, asked));
    const report =
      model === null
        ? await standingReport(base, side)
        : await draftReport(base, side, model, { isMeasured: true, renamed: {} });
    return { status: 0, json: report, text: (paper) => writeReport(paper, report) };
  },
};

function writeReport(paper: Paper, report: SpreadReport): string {
  const { signals, draft, asOf, customers, users } = report;
  const ofWhom = `Of ${writeCount(customers.before, 'customer')} and ${writeCount(users.before, 'user')} of theirs, as of ${asOf}.`;
  const sides = draft === null ? (['before'] as const) : (['before', 'after'] as const);
  const rows = signals.flatMap(({ name, entity, before, after }) =>
    sides.map((side): Cell[] => [name, entity, ...(draft === null ? [] : [side]), ...cellsOf({ before, after }[side])]),
  );
  const heads = ['known', 'unknown', ...QUANTILES, 'values'];
  const table = writeTable(paper, ['signal', 'of', ...(draft === null ? [] : ['model']), ...heads], rows);
  const told = draft !== null && signals.length === 0 ? 'No signal spreads otherwise.' : table;
  return [told, writeExcluded(report), ofWhom].join('\n\n');
}

function cellsOf(spread: Spread | null): Cell[] {
  if (spread === null) return ['not there'];
  const { known, unknown, quantiles, values } = spread;
  const missing = unknown.missing + unknown.not_yet + unknown.none;
  if (values !== null) {
    const told = values.slice(0, SHOWN_VALUES).map(({ value, count }) => `${value} (${count})`);
    return [known, missing, ...QUANTILES.map(() => null), told.join(', ')];
  }
  if (quantiles === null) return [known, missing];
  return [known, missing, ...QUANTILES.map((name) => Math.round(quantiles[name] * 100) / 100)];
}

function writeExcluded({ excluded: { before, after, out, back }, draft }: SpreadReport): string {
  const count = ({ users, accounts, events }: SpreadReport['excluded']['before']): string =>
    `${writeCount(users, 'user')}, ${writeCount(accounts, 'account')} and ${writeCount(events, 'event')}`;
  if (draft === null) return `Left out of all signals: ${count(after)}.`;
  const changes = [
    ...[out.user, out.account].map((list, place) => ({ list, what: place === 0 ? 'user' : 'account', how: 'more' })),
    ...[back.user, back.account].map((list, place) => ({ list, what: place === 0 ? 'user' : 'account', how: 'fewer' })),
  ].flatMap(({ list, what, how }) =>
    list.count === 0
      ? []
      : [`  ${writeCount(list.count, what)} ${how}: ${list.first.map(({ id, name }) => name ?? id).join(', ')}`],
  );
  return [`Left out of all signals: ${count(after)}, instead of ${count(before)}.`, ...changes].join('\n');
}
