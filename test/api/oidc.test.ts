import { createServer, type Server } from 'node:http';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { invite } from '../../src/people/invitation.ts';
import { OIDC_CALLBACK_PATH } from '../../src/people/oidc.ts';
import { changeOperator, listOperators } from '../../src/people/operator.ts';
import { Browser, hire, PASSWORD, refusalOf } from './operators.ts';
import { type OpenEngines, openEngines, PEOPLE, type Serving, serve } from './serving.ts';

/** Where people reach the server, by a name that only this test resolves. */
const ORIGIN = 'http://bellwether.acme.example';

interface Person {
  readonly email: string;
  readonly email_verified: boolean;
  readonly name: string;
}

/** Everybody whom the provider knows, and who sits before it now. */
const KNOWN = new Map<string, Person>();
let present = '';

let provider: Provider;
let server: Server;
let issuer = '';
let engines: OpenEngines;
let service: Serving;

beforeAll(async () => {
  server = createServer();
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', () => settle()));
  const { port } = server.address() as { port: number };
  issuer = `http://127.0.0.1:${port}`;
  provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'bellwether',
        client_secret: 'a secret of the provider and of us',
        redirect_uris: [`${ORIGIN}${OIDC_CALLBACK_PATH}`],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true },
    cookies: { keys: ['a key of the provider'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, sub) => {
      const person = KNOWN.get(sub);
      return person === undefined ? undefined : { accountId: sub, claims: async () => ({ sub, ...person }) };
    },
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/interaction/') !== true) return void answer(request, response);
    void (async () => {
      const { prompt, params, session } = await provider.interactionDetails(request, response);
      if (prompt.name === 'login') {
        return provider.interactionFinished(request, response, { login: { accountId: present } });
      }
      const grant = new provider.Grant({ accountId: session?.accountId ?? '', clientId: String(params['client_id']) });
      grant.addOIDCScope(String(params['scope']));
      return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
    })();
  });
  engines = await openEngines();
  await hire(engines, 'root@acme.example', 'admin');
  service = await serve(engines, Date.now, {
    limits: { guess: 1e6 },
    people: {
      ...{ ...PEOPLE, origin: ORIGIN },
      oidc: {
        discoveryUrl: `${issuer}/.well-known/openid-configuration`,
        clientId: 'bellwether',
        clientSecret: 'a secret of the provider and of us',
        role: 'csm',
        domains: ['welcome.example'],
      },
    },
  });
});

afterAll(async () => {
  await service.close();
  await engines.close();
  server.closeAllConnections();
  await new Promise<void>((settle) => server.close(() => settle()));
});

/** Two browsers in one: cookies of the server and of the provider are kept apart. */
interface Visitor {
  readonly here: Browser;
  readonly there: Browser;
  /** Every address that the browser was sent to, in order. */
  readonly path: string[];
}

const visitor = (): Visitor => ({ here: new Browser(service.address), there: new Browser(issuer), path: [] });

/** Signs somebody in by the provider, following every redirect as a browser does; answers where it ended. */
async function comeIn(sub: string, person: Person, who: Visitor = visitor()): Promise<Visitor & { readonly end: URL }> {
  KNOWN.set(sub, person);
  present = sub;
  let at = new URL('/api/v1/sign-in/oidc', ORIGIN);
  for (let hop = 0; hop < 12; hop += 1) {
    who.path.push(at.href);
    const isHere = at.origin === ORIGIN;
    if (isHere && !at.pathname.startsWith('/api/')) return { ...who, end: at };
    const browser = isHere ? who.here : who.there;
    const answer = await browser.ask('GET', `${at.pathname}${at.search}`, undefined, { 'sec-fetch-site': 'none' });
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`${at.href} answered ${answer.status}: ${await answer.text()}`);
    await answer.body?.cancel();
    at = new URL(location, at);
  }
  throw new Error(`it never ended: ${who.path.join('\n')}`);
}

const whoIs = async ({ here }: Visitor): Promise<unknown> => {
  const answer = await here.ask('GET', '/api/v1/session');
  return answer.status === 200 ? answer.json() : answer.status;
};

const lastEntry = async () => {
  const [row] = await engines.ledger.query(
    `SELECT coalesce(o.who, l.who) AS who, o.outcome, o.details FROM audit_log l LEFT JOIN audit_outcomes o USING (entry_id)
    WHERE action = 'session.return' ORDER BY entry_id DESC LIMIT 1`,
    [],
    z.object({ who: z.string(), outcome: z.string().nullable(), details: z.record(z.string(), z.unknown()) }),
  );
  return row;
};

test('somebody of a domain that may comes in with the role that is configured, by code, PKCE, state and nonce', async () => {
  const person = { email: 'New@Welcome.example', email_verified: true, name: 'Nova' };
  const came = await comeIn('sub-nova', person);
  expect(came.end.pathname).toBe('/');
  expect(await whoIs(came)).toMatchObject({ email: 'new@welcome.example', role: 'csm', name: 'Nova' });
  const asked = new URL(came.path[1] ?? '');
  expect(asked.origin).toBe(issuer);
  for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.searchParams.get(name)).toMatch(/.{32,}/);
  expect(asked.searchParams.get('code_challenge_method')).toBe('S256');
  expect(asked.searchParams.get('redirect_uri')).toBe(`${ORIGIN}${OIDC_CALLBACK_PATH}`);
  expect(await lastEntry()).toMatchObject({ who: 'new@welcome.example', outcome: 'done' });
});

test('nothing of the provider’s tokens is kept', async () => {
  const rows = await engines.ledger.query(
    `SELECT access_token, refresh_token, id_token FROM operator_credentials WHERE provider = 'oidc'`,
    [],
    z.record(z.string(), z.unknown()),
  );
  expect(rows).toEqual([{ access_token: null, refresh_token: null, id_token: null }]);
});

test('somebody who was invited comes in with the role of the invitation, which is used up', async () => {
  const now = new Date();
  await invite(engines.ledger, { email: 'guest@other.example', role: 'editor', by: 'root', now });
  const came = await comeIn('sub-guest', { email: 'guest@other.example', email_verified: true, name: 'Guest' });
  expect(await whoIs(came)).toMatchObject({ email: 'guest@other.example', role: 'editor' });
  const [invitation] = await engines.ledger.query(
    `SELECT accepted_at FROM invitations WHERE email = 'guest@other.example'`,
    [],
    z.object({ accepted_at: z.date().nullable() }),
  );
  expect(invitation?.accepted_at).not.toBeNull();
});

test('an operator comes in by both ways, and keeps their role', async () => {
  const came = await comeIn('sub-root', { email: 'root@acme.example', email_verified: true, name: 'Another name' });
  expect(await whoIs(came)).toMatchObject({ email: 'root@acme.example', role: 'admin', name: 'root@acme.example' });
  expect(
    await new Browser(service.address).ask(
      'POST',
      '/api/v1/session',
      { email: 'root@acme.example', password: PASSWORD },
      { origin: ORIGIN },
    ),
  ).toMatchObject({ status: 200 });
  const root = (await listOperators(engines.ledger, new Date())).find(({ email }) => email === 'root@acme.example');
  expect(root?.ways).toEqual(['oidc', 'password']);
});

test.each([
  [
    'an address that nobody invited',
    { email: 'stranger@other.example', email_verified: true, name: 'S' },
    'not_invited',
  ],
  [
    'an address that is not proved',
    { email: 'mallory@welcome.example', email_verified: false, name: 'M' },
    'email_not_verified',
  ],
  ['an operator’s address that is not proved', { email: 'root@acme.example', email_verified: false, name: 'M' }, null],
  ['a domain that only ends alike', { email: 'x@notwelcome.example', email_verified: true, name: 'X' }, 'not_invited'],
])('%s is not let in, and makes nobody', async (name, person, error) => {
  const before = await listOperators(engines.ledger, new Date());
  const came = await comeIn(`sub of ${name}`, person);
  expect(came.end.pathname).toBe('/sign-in');
  if (error !== null) expect(came.end.searchParams.get('error')).toBe(error);
  expect(await whoIs(came)).toBe(401);
  const after = await listOperators(engines.ledger, new Date());
  expect(after.map(({ email, ways }) => ({ email, ways }))).toEqual(before.map(({ email, ways }) => ({ email, ways })));
  expect(await lastEntry()).toMatchObject({ who: '', outcome: 'refused' });
});

test('who is disabled here is not let in by the provider', async () => {
  const person = { email: 'leaver@welcome.example', email_verified: true, name: 'Leaver' };
  const came = await comeIn('sub-leaver', person);
  const { operatorId } = z.object({ operatorId: z.string() }).parse(await whoIs(came));
  await changeOperator(engines.ledger, operatorId, { role: null, isDisabled: true }, new Date());
  const again = await comeIn('sub-leaver', person);
  expect(again.end.pathname).toBe('/sign-in');
  expect(await whoIs(again)).toBe(401);
});

test('a way back is good once, in the browser that began it alone', async () => {
  const person = { email: 'replay@welcome.example', email_verified: true, name: 'Replay' };
  const came = await comeIn('sub-replay', person);
  const back = new URL(came.path.find((each) => each.includes(OIDC_CALLBACK_PATH)) ?? '');
  for (const browser of [came.here, new Browser(service.address)]) {
    const answer = await browser.ask('GET', `${back.pathname}${back.search}`);
    expect(new URL(answer.headers.get('location') ?? '', ORIGIN).pathname).toBe('/sign-in');
    expect(answer.headers.getSetCookie().filter((line) => line.includes('session_token='))).toEqual([]);
  }
  const begun = await new Browser(service.address).ask('GET', '/api/v1/sign-in/oidc');
  const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state');
  const stolen = await new Browser(service.address).ask('GET', `${OIDC_CALLBACK_PATH}?code=made-up&state=${state}`);
  expect(stolen.headers.get('location')).toMatch(/^\/sign-in\?error=state_mismatch/);
});

test('a provider that does not answer keeps nobody from signing in with a password', async () => {
  const people = {
    ...{ ...PEOPLE, origin: ORIGIN },
    oidc: { discoveryUrl: 'http://127.0.0.1:9/none', clientId: 'x', clientSecret: 'y', role: 'viewer', domains: [] },
  } as const;
  const other = await serve(engines, Date.now, { people });
  const browser = new Browser(other.address);
  const signIn = await browser.ask('POST', '/api/v1/session', { email: 'root@acme.example', password: PASSWORD });
  expect(signIn.status).toBe(200);
  const start = await browser.ask('GET', '/api/v1/sign-in/oidc');
  expect(await refusalOf(start)).toBe('provider-away');
  await other.close();
});

test('without a provider there is no such door', async () => {
  const other = await serve(engines, Date.now);
  for (const path of ['/api/v1/sign-in/oidc', `${OIDC_CALLBACK_PATH}?code=a&state=b`]) {
    expect((await fetch(`${other.address}${path}`, { redirect: 'manual' })).status).toBe(404);
  }
  await other.close();
});
