import { z } from 'zod';
import { listQuarantine } from '../../pipeline/import-history.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { readOptions } from '../arguments.ts';
import type { Command } from '../command.ts';
import { writeTable } from '../table.ts';

const OPTIONS = z.object({
  table: z.string().optional(),
  reason: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(200),
});

/** `bellwether quarantine`: rows that were refused, with what was sent and why. */
export const quarantineCommand: Command = {
  name: 'quarantine',
  summary: 'list rows that were refused and not put right, with file, line, field and reason',
  options: [
    { syntax: '--table <TABLE>', meaning: 'only rows of one table' },
    { syntax: '--reason <REASON>', meaning: 'only rows refused for one reason' },
    { syntax: '--limit <N>', meaning: 'at most so many (default: 200)' },
  ],
  examples: [{ syntax: 'bellwether quarantine --table accounts', meaning: 'refused rows of accounts' }],
  json: '[{importId, table, source, file, line, field, reason, message, raw, receivedAt}]',
  run: async (context, _, options) => {
    const { directory, engines, run } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    const rows = await listQuarantine(workspace, { ...readOptions(options, OPTIONS), after: null });
    return {
      status: 0,
      json: rows,
      text: (paper) =>
        rows.length === 0
          ? 'No row waits: everything that came could be read, or was put right.'
          : writeTable(
              paper,
              ['table', 'file', 'line', 'field', 'reason', 'why'],
              rows.map(({ table, file, line, field, reason, message }) => [table, file, line, field, reason, message]),
            ),
    };
  },
};
