import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../../model/failure.ts';
import { audited } from '../../people/audit-log.ts';
import { operatorByEmail } from '../../people/operator.ts';
import { type Asker, cookieHeaderOf, type Opened, type Session } from '../../people/session.ts';
import { SignInLocked } from '../../people/sign-in.ts';
import { ACCESS, type Action, mayDo } from '../access.ts';
import { noteFindings } from '../audit.ts';
import type { PeopleSide } from '../people-side.ts';
import { type Route, route } from '../route.ts';
import { credentials, waysBody, whoBody } from '../schema/people.ts';
import { askerOf, refuseForeignPage } from '../sessions.ts';

/** Who is signed in, as the wire says it. */
function whoOf({ operatorId, name, email, role, startedAt, expiresAt }: Session) {
  const actor = { kind: 'operator', id: operatorId, name, email, role } as const;
  const may = (Object.keys(ACCESS) as Action[]).filter((action) => mayDo(action, actor));
  return { operatorId, name, email, role, may, startedAt, expiresAt };
}

/** The session of a request on a route that only somebody signed in may call. */
export function sessionOf(request: FastifyRequest): Session {
  if (request.session === null) throw new Error('a route for people was called without a session');
  return request.session;
}

/** Tells whoever must wait how long, in the words of HTTP. */
export function tellWait(reply: FastifyReply) {
  return (error: unknown): never => {
    if (error instanceof SignInLocked) reply.header('retry-after', error.seconds);
    throw error;
  };
}

/** Answers a sign-in: the cookies, who it is, and the entry of the audit log names them. */
export function welcome(request: FastifyRequest, { session, cookies }: Opened) {
  request.cookiesToSet = cookies;
  noteFindings(request, { by: 'operator', who: session.email, subject: session.operatorId });
  return whoOf(session);
}

/** Signing in, who one is, and signing out. */
export const SESSION_ROUTES: readonly Route<PeopleSide>[] = [
  route({
    name: 'session.create',
    method: 'POST',
    path: '/api/v1/session',
    group: 'people',
    summary: 'Signs in with an address and a password; the answer sets a cookie',
    description:
      'A session that the browser had before ends. What is refused reads the same whoever the address belongs to.',
    may: 'anything',
    load: 'guess',
    changes: () => '',
    body: credentials,
    answers: { 200: whoBody },
    refuses: ['sign-in-refused', 'sign-in-locked', 'foreign-page'],
    handle: async ({ body, request, reply }, { signIn, ledger, publicOrigin }: PeopleSide) => {
      refuseForeignPage(request, publicOrigin);
      reply.header('cache-control', 'no-store');
      const known = await operatorByEmail(ledger, body.email.trim());
      noteFindings(request, { subject: known?.operatorId ?? '' });
      const opened = await signIn.signIn(body, askerOf(request)).catch((error: unknown) => {
        const code = error instanceof Failure ? error.code : 'internal';
        noteFindings(request, { details: { reason: code } });
        return tellWait(reply)(error);
      });
      return welcome(request, opened);
    },
  }),
  route({
    name: 'session.read',
    method: 'GET',
    path: '/api/v1/session',
    group: 'people',
    summary: 'Who is signed in, and what they may do',
    may: 'self.manage',
    load: 'read',
    isTagged: false,
    answers: { 200: whoBody },
    refuses: [],
    handle: async ({ request, reply }) => {
      reply.header('cache-control', 'no-store');
      return whoOf(sessionOf(request));
    },
  }),
  route({
    name: 'session.delete',
    method: 'DELETE',
    path: '/api/v1/session',
    group: 'people',
    summary: 'Signs out: the session ends at once, on every process within five seconds',
    may: 'self.manage',
    load: 'write',
    changes: ({ actor }) => actor?.id ?? '',
    answers: { 204: { description: 'Signed out', type: null } },
    refuses: ['foreign-page'],
    handle: async ({ request, reply }, { signIn }: PeopleSide) => {
      request.cookiesToSet = await signIn.signOut(sessionOf(request).sessionId);
      return reply.code(204).send();
    },
  }),
  route({
    name: 'session.ways',
    method: 'GET',
    path: '/api/v1/sign-in',
    group: 'people',
    summary: 'How one may sign in here: with a password always, with a provider where one is configured',
    may: 'anything',
    load: 'read',
    answers: { 200: waysBody },
    refuses: [],
    handle: async (_, { oidc, isMailed }: PeopleSide) => ({ provider: oidc !== null, mail: isMailed }),
  }),
  route({
    name: 'session.provider',
    method: 'GET',
    path: '/api/v1/sign-in/oidc',
    group: 'people',
    summary: 'Sends the browser to the provider that people sign in with',
    may: 'anything',
    load: 'guess',
    answers: { 302: { description: 'On to the provider', type: null } },
    refuses: ['no-oidc', 'provider-away'],
    handle: async ({ request, reply }, { oidc }: PeopleSide) => {
      reply.header('cache-control', 'no-store');
      const onward = await doorOf(oidc)
        .start(askerOf(request))
        .catch((error: unknown) => {
          // Whoever comes by the button of a page is told on a page.
          const isAway = error instanceof Failure && error.code === 'provider-away';
          if (!isAway || request.headers.accept?.includes('text/html') !== true) throw error;
          return { location: '/sign-in?error=provider_away', cookies: [] };
        });
      request.cookiesToSet = onward.cookies;
      return reply.redirect(onward.location, 302);
    },
  }),
  route({
    name: 'session.return',
    method: 'GET',
    path: '/api/v1/sign-in/callback/oidc',
    group: 'people',
    summary: 'Takes the browser back from the provider, with a session or with what was refused',
    may: 'anything',
    load: 'guess',
    answers: { 302: { description: 'On to the pages', type: null } },
    refuses: ['no-oidc'],
    handle: async ({ request, reply }, side: PeopleSide) => {
      const location = await comeBack(request, side);
      return reply.header('cache-control', 'no-store').redirect(location, 302);
    },
  }),
];

function doorOf(oidc: PeopleSide['oidc']): NonNullable<PeopleSide['oidc']> {
  if (oidc === null) throw new Failure('no-oidc', 'No provider is configured to sign in with.');
  return oidc;
}

class NotLetIn extends Error {}

/** A sign-in by a GET: it is written down here, since the hook looks at requests that say that they change something. */
async function comeBack(request: FastifyRequest, { ledger, clock, signIn, oidc }: PeopleSide): Promise<string> {
  const door = doorOf(oidc);
  const asker: Asker = askerOf(request);
  const act = { by: 'nobody', who: '', action: 'session.return', subject: '', ipAddress: request.ip } as const;
  let location = '/';
  const finish = audited(
    { ledger, clock },
    act,
    async (note) => {
      const onward = await door.finish(request.url.split('?').slice(1).join('?'), asker);
      ({ location } = onward);
      request.cookiesToSet = onward.cookies;
      const opened = await signIn.find({ ...asker, cookie: cookieHeaderOf(onward.cookies) });
      const reason = new URL(location, 'http://localhost').searchParams.get('error');
      if (opened === null) {
        note({ details: { reason: (reason ?? 'refused').slice(0, 60) } });
        throw new NotLetIn();
      }
      const { email: who, operatorId: subject } = opened.session;
      note({ by: 'operator', who, subject });
    },
    (error) => (error instanceof NotLetIn ? 'refused' : 'failed'),
  );
  await finish.catch((error: unknown) => {
    if (!(error instanceof NotLetIn)) throw error;
  });
  return location;
}
