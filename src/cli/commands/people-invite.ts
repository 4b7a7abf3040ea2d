import { z } from 'zod';
import { invite } from '../../people/invitation.ts';
import { ROLES } from '../../people/role.ts';
import { readOptions } from '../arguments.ts';
import type { Command } from '../command.ts';
import { doneHere, linkHere, openPeople } from '../people.ts';

const OPTIONS = z.object({ role: z.enum(ROLES).default('viewer') });

/** `bellwether people invite`: a link by which somebody becomes an operator. */
export const peopleInviteCommand: Command = {
  name: 'people invite',
  summary: 'invite somebody: prints a link that is good once within seven days',
  arguments: [{ syntax: '<EMAIL>', meaning: 'address of whom to invite' }],
  options: [{ syntax: '--role <ROLE>', meaning: `${ROLES.join(', ')} (default: viewer)` }],
  examples: [
    { syntax: 'bellwether people invite grace@example.com --role csm', meaning: 'send them the link yourself' },
  ],
  json: '{invitationId, email, role, invitedBy, createdAt, expiresAt, link}',
  run: async (context, [email = ''], options) => {
    const { role } = readOptions(options, OPTIONS);
    const ledger = await openPeople(context);
    const act = { action: 'invitations.create', subject: '' };
    const { token, invitation } = await doneHere(context, ledger, act, async (note) => {
      const sent = await invite(ledger, { email, role, by: context.user, now: context.clock() });
      note({ subject: `invitation ${sent.invitation.invitationId}`, details: { role } });
      return sent;
    });
    const link = linkHere(context, 'invitation', token);
    return {
      status: 0,
      json: { ...invitation, link },
      text: () =>
        `${invitation.email} is invited as ${role}. The link, once until ${invitation.expiresAt.slice(0, 10)}:\n${link}`,
    };
  },
};
