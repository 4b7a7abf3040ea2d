import { acceptInvitation, invite, openInvitations, withdrawInvitation } from '../../people/invitation.ts';
import { doerOf, noteFindings } from '../audit.ts';
import type { PeopleSide } from '../people-side.ts';
import { type Route, route } from '../route.ts';
import { acceptance, invitationsBody, sentInvitationBody, whoBody, wishToInvite } from '../schema/people.ts';
import { ofNumber } from '../schema/words.ts';
import { askerOf, refuseForeignPage } from '../sessions.ts';
import { welcome } from './session.ts';

/** Invitations: the one way in for somebody new, besides a provider. */
export const INVITATION_ROUTES: readonly Route<PeopleSide>[] = [
  route({
    name: 'invitations.list',
    method: 'GET',
    path: '/api/v1/invitations',
    group: 'people',
    summary: 'Invitations that may still be accepted, the latest first',
    may: 'people.manage',
    load: 'read',
    answers: { 200: invitationsBody },
    refuses: [],
    handle: async (_, { ledger, clock }: PeopleSide) => ({
      invitations: await openInvitations(ledger, new Date(clock())),
    }),
  }),
  route({
    name: 'invitations.create',
    isSecret: true,
    method: 'POST',
    path: '/api/v1/invitations',
    group: 'people',
    summary: 'Invites somebody, in a role; the link is good once within seven days',
    may: 'people.manage',
    load: 'write',
    changes: () => '',
    body: wishToInvite,
    answers: { 201: sentInvitationBody },
    refuses: ['bad-email', 'known-operator', 'foreign-page'],
    handle: async ({ body, actor, request, reply }, { ledger, clock, sendInvitation }: PeopleSide) => {
      const { who: by } = doerOf(actor);
      const { token, invitation } = await invite(ledger, { ...body, by, now: new Date(clock()) });
      noteFindings(request, { subject: `invitation ${invitation.invitationId}`, details: { role: body.role } });
      const link = await sendInvitation(invitation.email, actor?.name ?? by, token);
      reply.code(201).header('cache-control', 'no-store');
      return { ...invitation, link };
    },
  }),
  route({
    name: 'invitations.withdraw',
    method: 'DELETE',
    path: '/api/v1/invitations/:id',
    group: 'people',
    summary: 'Withdraws an invitation: its link is worth nothing any more',
    may: 'people.manage',
    load: 'write',
    changes: ({ params }) => `invitation ${params.id}`,
    params: ofNumber,
    answers: { 204: { description: 'It was withdrawn', type: null } },
    refuses: ['unknown-invitation', 'foreign-page'],
    handle: async ({ params, reply }, { ledger, clock }: PeopleSide) => {
      await withdrawInvitation(ledger, params.id, new Date(clock()));
      return reply.code(204).send();
    },
  }),
  route({
    name: 'invitations.accept',
    method: 'POST',
    path: '/api/v1/invitations/accept',
    group: 'people',
    summary: 'Accepts an invitation with a name and a password; the answer signs in',
    may: 'anything',
    load: 'guess',
    changes: () => '',
    body: acceptance,
    answers: { 201: whoBody },
    refuses: ['spent-link', 'weak-password', 'known-operator', 'no-name', 'foreign-page'],
    handle: async ({ body, request, reply }, { ledger, hasher, clock, signIn, publicOrigin }: PeopleSide) => {
      refuseForeignPage(request, publicOrigin);
      const { email, operatorId } = await acceptInvitation({ ledger, hasher }, body, new Date(clock()));
      noteFindings(request, { by: 'operator', who: email, subject: operatorId });
      const opened = await signIn.signIn({ email, password: body.password }, askerOf(request));
      reply.code(201).header('cache-control', 'no-store');
      return welcome(request, opened);
    },
  }),
];
