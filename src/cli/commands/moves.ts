import { z } from 'zod';
import { listMoves, type MoveRow } from '../../pipeline/moves.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { countText, instantText, readOptions } from '../arguments.ts';
import type { Command, Paper } from '../command.ts';
import { writeCount, writeTable } from '../table.ts';

const OPTIONS = z.object({
  since: instantText.optional(),
  until: instantText.optional(),
  account: z.string().optional(),
  segment: z.string().optional(),
  limit: countText.default(40),
});

/** `bellwether moves`: what was recorded, and by what cause. */
export const movesCommand: Command = {
  name: 'moves',
  summary: 'list recorded moves between segments with their causes',
  options: [
    { syntax: '--since <DAY>', meaning: 'moves from this day on' },
    { syntax: '--until <DAY>', meaning: 'moves before this day' },
    { syntax: '--account <ID>', meaning: 'moves of this account' },
    { syntax: '--segment <NAME>', meaning: 'moves into this segment or out of it' },
    { syntax: '--limit <ROWS>', meaning: 'rows of the table, the latest (default: 40; --json has all of them)' },
  ],
  examples: [
    { syntax: 'bellwether moves --segment At-Risk', meaning: 'who came to be at risk, and who recovered' },
    { syntax: 'bellwether moves --since 2026-03-01 --json', meaning: 'for machines' },
  ],
  json: '[{move_id, account_id, at, from, to, home, cause, recorded_at, run_id, model_version}], sorted by at, account_id',
  run: async (context, _, options) => {
    const { since, until, account, segment, limit } = readOptions(options, OPTIONS);
    const { directory, engines, run } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    const moves = await listMoves(workspace, { since, until, accountId: account, segment });
    return { status: 0, json: moves, text: (paper) => writeMoves(paper, moves, limit) };
  },
};

function writeMoves(paper: Paper, moves: readonly MoveRow[], limit: number): string {
  if (moves.length === 0) return 'No move is recorded. `bellwether run` records them.';
  const flows = new Map<string, number>();
  for (const { from, to, cause } of moves) {
    const flow = `${from ?? 'none'} -> ${to ?? 'none'} by ${cause}`;
    flows.set(flow, (flows.get(flow) ?? 0) + 1);
  }
  const table = writeTable(
    paper,
    ['on', 'account', 'from', 'to', 'cause'],
    moves.slice(-limit).map(({ at, account_id, from, to, cause }) => [at.slice(0, 10), account_id, from, to, cause]),
  );
  const summary = writeTable(
    paper,
    ['flow', 'moves'],
    [...flows].toSorted(([, a], [, b]) => b - a),
  );
  return `${writeCount(moves.length, 'move')}\n\n${summary}\n\n${table}`;
}
