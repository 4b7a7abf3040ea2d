import { z } from 'zod';
import { listAccounts } from '../../pipeline/accounts.ts';
import { mixOf } from '../../pipeline/mix.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { instantText, readOptions } from '../arguments.ts';
import type { Command } from '../command.ts';
import { writeMoney, writeTable } from '../table.ts';

const OPTIONS = z.object({ asOf: instantText.optional() });

/** `bellwether segments mix`: who is really inside a firmographic band. */
export const segmentsMixCommand: Command = {
  name: 'segments mix',
  summary: 'show the mix of cohorts and segments inside each firmographic band: what an average of it would hide',
  options: [{ syntax: '--as-of <DAY>', meaning: 'day (00:00 UTC) or instant (default: the end of your events)' }],
  examples: [{ syntax: 'bellwether segments mix', meaning: 'of every band of the model' }],
  json: '[{band, value, customers, arr, arr_unknown, cohorts: {name: customers}, segments: {name: customers}}], in the order of the model',
  run: async (context, _, options) => {
    const { asOf = null } = readOptions(options, OPTIONS);
    const { directory, engines, now, run } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    const rows = mixOf(workspace.model, await listAccounts(workspace, { asOf, now }));
    const mix = (counts: Readonly<Record<string, number>>): string =>
      Object.entries(counts)
        .map(([name, count]) => `${count} ${name}`)
        .join(', ');
    return {
      status: 0,
      json: rows,
      text: (paper) =>
        writeTable(
          paper,
          ['band', 'value', 'customers', 'ARR', 'cohorts', 'segments'],
          rows.map((row) => [
            ...[row.band, row.value ?? 'unknown', row.customers, writeMoney(row.arr, workspace.model.currency)],
            ...[mix(row.cohorts), mix(row.segments)],
          ]),
        ),
    };
  },
};
