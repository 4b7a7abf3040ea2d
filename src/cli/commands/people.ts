import { openInvitations } from '../../people/invitation.ts';
import { listOperators } from '../../people/operator.ts';
import type { Command } from '../command.ts';
import { openPeople } from '../people.ts';
import { writeTable } from '../table.ts';

/** `bellwether people`: who signs in. */
export const peopleCommand: Command = {
  name: 'people',
  summary: 'list who signs in, and who is invited',
  examples: [{ syntax: 'bellwether people', meaning: 'everybody, with role and ways in' }],
  json: '{people: [{operatorId, name, email, role, createdAt, disabledAt, sessions, lastSeenAt, ways}], invitations: [{invitationId, email, role, invitedBy, createdAt, expiresAt}]}',
  run: async (context) => {
    const ledger = await openPeople(context);
    const people = await listOperators(ledger, context.now);
    const invitations = await openInvitations(ledger, context.now);
    const rows = [
      ...people.map((each) => [
        each.email,
        each.name,
        each.role,
        each.disabledAt === null ? each.ways.join(', ') : 'disabled',
        each.lastSeenAt?.slice(0, 16),
      ]),
      ...invitations.map((each) => [each.email, null, each.role, `invited until ${each.expiresAt.slice(0, 10)}`, null]),
    ];
    return {
      status: 0,
      json: { people, invitations },
      text: (paper) =>
        rows.length === 0
          ? 'Nobody yet. `bellwether serve` prints a link to set up with.'
          : writeTable(paper, ['address', 'name', 'role', 'signs in by', 'seen'], rows),
    };
  },
};
