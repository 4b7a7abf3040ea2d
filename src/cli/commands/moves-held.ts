import { z } from 'zod';
import { decideHold, openHolds } from '../../pipeline/hold.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { readOptions } from '../arguments.ts';
import type { Command } from '../command.ts';
import { doneHere } from '../people.ts';
import { writeCount, writeTable } from '../table.ts';

const LIST = z.string().transform((text) => text.split(',').map((word) => word.trim()));

const OPTIONS = z.object({
  release: z.coerce.number().int().optional(),
  discard: z.coerce.number().int().optional(),
  reason: z.string().default(''),
  author: z.string().optional(),
  causes: LIST.optional(),
  segments: LIST.optional(),
});

/** `bellwether moves held`: what the circuit breaker keeps back, for a person to release or discard. */
export const movesHeldCommand: Command = {
  name: 'moves held',
  summary: 'list moves that the circuit breaker keeps back, release them or discard them',
  options: [
    { syntax: '--release <HOLD>', meaning: 'let the moves of this hold happen' },
    { syntax: '--causes <LIST>', meaning: 'with --release: only moves by these causes, by commas' },
    { syntax: '--segments <LIST>', meaning: 'with --release: only moves into these segments, by commas' },
    { syntax: '--discard <HOLD>', meaning: 'they do not happen; the raw answers stay' },
    { syntax: '--reason <WORDS>', meaning: 'why; needed with --discard' },
    { syntax: '--author <NAME>', meaning: 'who decided (default: the user of this machine)' },
  ],
  examples: [
    { syntax: 'bellwether moves held', meaning: 'what waits, and why' },
    {
      syntax: 'bellwether moves held --discard 3 --reason "the tracker was down on Tuesday"',
      meaning: 'nothing of it happens',
    },
  ],
  json: '[{holdId, reason, openedAt, moves}], or {released, left}',
  run: async (context, _, options) => {
    const { release, discard, ...decision } = readOptions(options, OPTIONS);
    const { directory, engines, now, run } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    const holdId = release ?? discard;
    if (holdId !== undefined) {
      const action = release === undefined ? 'discard' : 'release';
      const { reason, author: by = context.user, causes, segments } = decision;
      const act = { action: 'holds.decide', subject: `${action} hold ${holdId}` };
      const outcome = await doneHere(context, workspace.ledger, act, () =>
        decideHold(workspace, { holdId, action, by, reason, now, causes, segments }),
      );
      const left = outcome.left === 0 ? '' : ` ${writeCount(outcome.left, 'move')} of it stay held.`;
      return {
        status: 0,
        json: outcome,
        text: () =>
          action === 'discard'
            ? 'Discarded: nothing of it happens.'
            : `Released ${writeCount(outcome.released, 'move')}.${left}`,
      };
    }
    const holds = await openHolds(workspace);
    return {
      status: holds.length === 0 ? 0 : 1,
      json: holds,
      text: (paper) =>
        holds.length === 0
          ? 'Nothing is held.'
          : writeTable(
              paper,
              ['hold', 'opened', 'moves', 'because'],
              holds.map(({ holdId: id, openedAt, moves, reason }) => [id, openedAt.slice(0, 16), moves.length, reason]),
            ),
    };
  },
};
