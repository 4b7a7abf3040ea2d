import { z } from 'zod';
import { endOverride, setOverride } from '../../pipeline/override.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { readOptions } from '../arguments.ts';
import type { Command } from '../command.ts';
import { doneHere } from '../people.ts';

const OPTIONS = z.object({
  reason: z.string().default(''),
  author: z.string().optional(),
  days: z.coerce.number().int().positive().optional(),
  end: z.boolean().default(false),
});

/** `bellwether accounts override`: a person's own word on an account, for a while. */
export const accountsOverrideCommand: Command = {
  name: 'accounts override',
  summary: 'set an account’s segment by hand for a while, or end that',
  arguments: [
    { syntax: '<ID>', meaning: 'identifier of the account' },
    { syntax: '[SEGMENT]', meaning: 'segment to set; not with --end' },
  ],
  options: [
    { syntax: '--reason <WORDS>', meaning: 'why; needed to set one' },
    { syntax: '--author <NAME>', meaning: 'who decided (default: the user of this machine)' },
    { syntax: '--days <N>', meaning: 'days until it expires (default: assignment.override_days of the model, 30)' },
    { syntax: '--end', meaning: 'end the override that is in force' },
  ],
  examples: [
    {
      syntax: 'bellwether accounts override a1 Strategic --reason "signed a pilot for 400 seats"',
      meaning: 'for 30 days',
    },
    { syntax: 'bellwether accounts override a1 --end', meaning: 'back to what the rules say' },
  ],
  json: '{account_id, segment, expires_at}',
  run: async (context, [accountId = '', segment = ''], options) => {
    const { reason, author, days, end } = readOptions(options, OPTIONS);
    const { directory, engines, now, run } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    context.onClose(workspace.close);
    if (end) {
      await doneHere(context, workspace.ledger, { action: 'overrides.end', subject: accountId }, () =>
        endOverride(workspace, accountId, now),
      );
      return {
        status: 0,
        json: { account_id: accountId, segment: null, expires_at: null },
        text: () => `The override of ${accountId} is ended. The next run says what the rules say.`,
      };
    }
    const request = { accountId, segment, reason, author: author ?? context.user, days: days ?? null, now };
    const { expiresAt } = await doneHere(
      context,
      workspace.ledger,
      { action: 'overrides.set', subject: accountId },
      () => setOverride(workspace, request),
    );
    return {
      status: 0,
      json: { account_id: accountId, segment, expires_at: expiresAt.toISOString() },
      text: () =>
        `${accountId} is ${segment} by hand until ${expiresAt.toISOString().slice(0, 10)}. What the rules say goes on being recorded beside it.`,
    };
  },
};
