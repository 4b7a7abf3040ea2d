import { z } from 'zod';
import { listAccounts } from '../../pipeline/accounts.ts';
import { type Home, homeAccount, homeOf } from '../../pipeline/home.ts';
import { resolveAsOf } from '../../pipeline/run.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { instantText, readOptions } from '../arguments.ts';
import type { Command, Paper } from '../command.ts';
import { writeCount, writeInstant, writeMoney, writeTable } from '../table.ts';

const OPTIONS = z.object({ asOf: instantText.optional() });

/** `bellwether home`: who the best customers are, who is most at risk, and who there should be more of. */
export const homeCommand: Command = {
  name: 'home',
  summary: 'answer the three questions: your best customers, who is most at risk, who you want more of',
  options: [{ syntax: '--as-of <DAY>', meaning: 'day (00:00 UTC) or instant (default: the end of your events)' }],
  examples: [
    { syntax: 'bellwether home', meaning: 'as of the end of the data' },
    { syntax: 'bellwether home --json', meaning: 'for machines' },
  ],
  json: '{asOf, best: {accounts, total, arr, arrUnknown}, atRisk, more: {kinds: [{dimension, value, customers, best, share, interval, elsewhere, q, verdict, open}], tried, customers}, segments: [{name, isOverlay, accounts, arr, arrUnknown, came, left, net}], flowDays, changes: {since, moves: [{accountId, name, at, from, to, cause}]}}',
  run: async (context, _, options) => {
    const { directory, engines, now, run } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    const asOf = await resolveAsOf(workspace, readOptions(options, OPTIONS).asOf ?? null);
    const accounts = await listAccounts(workspace, { asOf, now });
    const home = await homeOf(workspace, accounts.map(homeAccount), asOf);
    return {
      status: 0,
      json: { asOf: new Date(asOf).toISOString(), ...home },
      text: (paper) => writeHome(paper, home, asOf, workspace.model.currency),
    };
  },
};

function writeHome(
  paper: Paper,
  { best, atRisk, more, segments, changes, flowDays }: Home,
  asOf: number,
  currency: string,
): string {
  const rows = (list: Home['best']) =>
    list.accounts.map(({ accountId, name, segment, arr, health }) => [
      accountId,
      name,
      segment,
      writeMoney(arr, currency),
      health === null ? null : Math.round(health),
    ]);
  const head = ['account', 'name', 'segment', 'ARR', 'health'];
  const kinds = more.kinds.map((kind) => [
    `${kind.dimension} ${kind.value}`,
    `${kind.best} of ${kind.customers}`,
    kind.verdict === 'holds' ? 'holds' : 'too little data',
    kind.open,
  ]);
  return [
    `As of ${writeInstant(new Date(asOf))}`,
    `Best customers, by value (${writeCount(best.total, 'customer')}, ${writeMoney(best.arr, currency)}):\n${writeTable(paper, head, rows(best))}`,
    `Most at risk, by ARR (${writeCount(atRisk.total, 'customer')}, ${writeMoney(atRisk.arr, currency)}):\n${writeTable(paper, head, rows(atRisk))}`,
    `Who you want more of (${writeCount(more.tried, 'kind')} tried):\n${writeTable(paper, ['kind', 'in the two highest value tiers', 'verdict', 'open'], kinds)}`,
    writeTable(
      paper,
      ['segment', 'accounts', 'ARR', `net of ${flowDays} days`],
      segments.map(({ name, accounts, arr, net }) => [name, accounts, writeMoney(arr, currency), net]),
    ),
    `${writeCount(changes.moves.length, 'move')} since ${writeInstant(new Date(changes.since))}.`,
  ].join('\n\n');
}
