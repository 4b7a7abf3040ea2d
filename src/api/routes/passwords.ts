import { noteFindings } from '../audit.ts';
import type { PeopleSide } from '../people-side.ts';
import { type Route, route } from '../route.ts';
import { passwordChange, resetByLink, resetWish } from '../schema/people.ts';
import { askerOf, refuseForeignPage } from '../sessions.ts';
import { sessionOf, tellWait } from './session.ts';

/** New passwords: by a link, or by the one before. */
export const PASSWORD_ROUTES: readonly Route<PeopleSide>[] = [
  route({
    name: 'password.ask',
    method: 'POST',
    path: '/api/v1/password-resets',
    group: 'people',
    summary: 'Asks for a link to a new password; the answer is the same for every address',
    may: 'anything',
    load: 'guess',
    changes: () => '',
    body: resetWish,
    answers: { 202: { description: 'If the address is one’s who may sign in, a link is under way', type: null } },
    refuses: ['foreign-page'],
    handle: async ({ body, request, reply }, { signIn, publicOrigin }: PeopleSide) => {
      refuseForeignPage(request, publicOrigin);
      const { operatorId } = await signIn.askForReset(body.email);
      noteFindings(request, { subject: operatorId ?? '' });
      return reply.code(202).send();
    },
  }),
  route({
    name: 'password.reset',
    method: 'PUT',
    path: '/api/v1/password-resets',
    group: 'people',
    summary: 'Sets a new password by a link; every session of the operator ends',
    may: 'anything',
    load: 'guess',
    changes: () => '',
    body: resetByLink,
    answers: { 204: { description: 'The password is set; sign in with it', type: null } },
    refuses: ['spent-link', 'weak-password', 'foreign-page'],
    handle: async ({ body, request, reply }, { signIn, publicOrigin, tellChanged }: PeopleSide) => {
      refuseForeignPage(request, publicOrigin);
      const operator = await signIn.reset(body);
      tellChanged(operator.email);
      noteFindings(request, { by: 'operator', who: operator.email, subject: operator.operatorId });
      return reply.code(204).send();
    },
  }),
  route({
    name: 'password.change',
    method: 'POST',
    path: '/api/v1/password',
    group: 'people',
    summary: "Changes one's own password; every other session ends, and this one goes on under another cookie",
    may: 'self.manage',
    load: 'guess',
    changes: ({ actor }) => actor?.id ?? '',
    body: passwordChange,
    answers: { 204: { description: 'The password is changed', type: null } },
    refuses: ['weak-password', 'wrong-password', 'no-password', 'sign-in-locked', 'foreign-page'],
    handle: async ({ body, request, reply }, { signIn, tellChanged }: PeopleSide) => {
      const session = sessionOf(request);
      const change = signIn.changePassword(session, body, askerOf(request));
      request.cookiesToSet = await change.catch(tellWait(reply));
      tellChanged(session.email);
      return reply.code(204).send();
    },
  }),
];
