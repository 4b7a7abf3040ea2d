import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { accessTo } from '../../src/api/access.ts';
import { KeyRing } from '../../src/api/key.ts';
import { isJson, type Route } from '../../src/api/route.ts';
import { ROUTES } from '../../src/api/routes.ts';
import { SCOPES, type Scope } from '../../src/api/scope.ts';
import { changeOperator } from '../../src/people/operator.ts';
import type { Role } from '../../src/people/role.ts';
import { documentSchema, generateRequest, operationsOf } from './generated.ts';
import { Browser, hire, refusalOf } from './operators.ts';
import { type OpenEngines, openEngines, type Serving, serve, until } from './serving.ts';

/** As DESIGN has them, beside the table of the code: who may do all that another may. */
const RANK: Readonly<Record<Role, number>> = { viewer: 1, csm: 2, editor: 3, admin: 4 };
const PEOPLE = Object.keys(RANK) as Role[];
const KEYS = SCOPES;

/** Somebody who asks, and what they are: null is nobody. */
interface Asker {
  readonly name: string;
  readonly is: { readonly role: Role } | { readonly scope: Scope } | null;
  readonly headers: () => Promise<Record<string, string>>;
}

let engines: OpenEngines;
let service: Serving;
const askers: Asker[] = [];

beforeAll(async () => {
  engines = await openEngines();
  const limits = { answer: 1e6, read: 1e6, write: 1e6, heavy: 1e6, guess: 1e6 };
  service = await serve(engines, Date.now, { limits });
  const ring = new KeyRing(engines.ledger, Date.now);
  for (const scope of KEYS) {
    const { key } = await ring.create(`walker ${scope}`, scope, 'test');
    askers.push({ name: `key ${scope}`, is: { scope }, headers: async () => ({ authorization: `Bearer ${key}` }) });
  }
  const gone = await ring.create('revoked', 'admin', 'test');
  await ring.revoke(gone.entry.keyId);
  askers.push({ name: 'revoked key', is: null, headers: async () => ({ 'x-api-key': gone.key }) });
  askers.push({ name: 'nobody', is: null, headers: async () => ({}) });
  for (const role of PEOPLE) {
    await hire(engines, `${role}@acme.example`, role);
    const browser = new Browser(service.address);
    const headers = async (): Promise<Record<string, string>> => {
      if ((await browser.ask('GET', '/api/v1/session')).status === 401) await browser.signIn(`${role}@acme.example`);
      return { cookie: browser.cookie, 'sec-fetch-site': 'same-origin' };
    };
    askers.push({ name: role, is: { role }, headers });
  }
  askers.push(await expired(), await disabled(), {
    name: 'forged session',
    is: null,
    headers: async () => ({ cookie: 'bellwether.session_token=made-up.c2lnbmF0dXJl', 'sec-fetch-site': 'same-origin' }),
  });
});

afterAll(async () => {
  await service.close();
  await engines.close();
});

/** Nothing told this process that the session ended: it may remember it for five seconds. */
async function untilRefused(browser: Browser): Promise<void> {
  const begun = performance.now();
  await until(
    async () => (await fetch(`${service.address}/api/v1/keys`, { headers: { cookie: browser.cookie } })).status,
    (status) => status === 401,
  );
  expect(performance.now() - begun).toBeLessThan(8_000);
}

/** A browser whose session ended by time. */
async function expired(): Promise<Asker> {
  await hire(engines, 'expired@acme.example', 'admin');
  const browser = new Browser(service.address);
  expect(await browser.signIn('expired@acme.example')).toBe(200);
  const { cookie } = browser;
  await engines.ledger.command(
    `UPDATE operator_sessions SET expires_at = now() - interval '1 second' WHERE operator_id = (SELECT id FROM operators WHERE email = $1)`,
    ['expired@acme.example'],
  );
  await untilRefused(browser);
  return { name: 'expired session', is: null, headers: async () => ({ cookie, 'sec-fetch-site': 'same-origin' }) };
}

/** A browser of somebody who was let in and is not any more. */
async function disabled(): Promise<Asker> {
  const { operatorId } = await hire(engines, 'disabled@acme.example', 'admin');
  const browser = new Browser(service.address);
  expect(await browser.signIn('disabled@acme.example')).toBe(200);
  const { cookie } = browser;
  await changeOperator(engines.ledger, operatorId, { role: null, isDisabled: true }, new Date());
  await untilRefused(browser);
  return { name: 'disabled operator', is: null, headers: async () => ({ cookie, 'sec-fetch-site': 'same-origin' }) };
}

/** What the table says: null where the request is let through. */
function expectation({ may }: Route<never>, { is }: Asker): 'no-key' | 'not-allowed' | null {
  const { role, scopes, keys, isOpen } = accessTo(may);
  if (isOpen === true) return null;
  if (is === null) return 'no-key';
  if ('scope' in is)
    return keys !== 'nobody' && (is.scope === 'admin' || scopes.includes(is.scope)) ? null : 'not-allowed';
  return role !== null && RANK[is.role] >= RANK[role] ? null : 'not-allowed';
}

const isRefusal = (code: string | null): code is 'no-key' | 'not-allowed' =>
  code === 'no-key' || code === 'not-allowed';

/** Asks with a body that no schema takes, and names of nothing: whoever is let through changes nothing. */
async function call({ path, body }: Route<never>, method: string, headers: Record<string, string>) {
  const url = path.replace(':action', 'release').replace(/:\w+/g, '999999999');
  const hasBody = body !== undefined && method !== 'GET' && method !== 'HEAD';
  const sent = hasBody ? { body: '"nothing"' } : {};
  const type = hasBody ? { 'content-type': 'application/json' } : {};
  const end = new AbortController();
  const answer = await fetch(`${service.address}${url}`, {
    ...{ method, redirect: 'manual', signal: end.signal, ...sent },
    headers: { ...headers, ...type },
  });
  const { status } = answer;
  const code = await refusalOf(answer);
  end.abort();
  return { status, code };
}

const NAMED = ROUTES.map((route) => [`${route.method} ${route.path}`, route as Route<never>] as const);

describe('who may call what', () => {
  test.each(NAMED)('%s', async (_, route) => {
    const found: Record<string, string | null> = {};
    const wanted: Record<string, string | null> = {};
    for (const asker of askers) {
      const { status, code } = await call(route, route.method, await asker.headers());
      expect(status, `${asker.name}: ${code}`).not.toBe(500);
      found[asker.name] = isRefusal(code) ? code : null;
      wanted[asker.name] = expectation(route, asker);
    }
    expect(found).toEqual(wanted);
  });

  const READ = ROUTES.filter(
    (route) =>
      route.method === 'GET' &&
      !Object.values(route.answers).some((answer) => !isJson(answer) && answer.type === 'text/event-stream'),
  );
  test.each(READ.map((route) => [route.path, route as Route<never>] as const))(
    'HEAD %s tells as little',
    async (_, route) => {
      for (const asker of askers) {
        const { status } = await call(route, 'HEAD', await asker.headers());
        const expected = expectation(route, asker);
        if (expected === null) expect([401, 403], asker.name).not.toContain(status);
        else expect(status, asker.name).toBe(expected === 'no-key' ? 401 : 403);
      }
    },
  );

  test('no other method of a path does anything, whoever asks', async () => {
    const admin = await askers.find(({ name }) => name === 'key admin')?.headers();
    for (const path of new Set(ROUTES.map((route) => route.path))) {
      const methods = ROUTES.filter((route) => route.path === path).map(({ method }) => method as string);
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((each) => !methods.includes(each))) {
        const one = ROUTES.find((route) => route.path === path) as Route<never>;
        const { status } = await call(one, method, admin ?? {});
        // A path may also be read as one with a name in it, which no number is.
        expect(path.includes('accept') ? [400, 404] : [404], `${method} ${path}`).toContain(status);
      }
      const url = path.replace(/:\w+/g, '1');
      const options = await fetch(`${service.address}${url}`, { method: 'OPTIONS' });
      expect([204, 400, 404], `OPTIONS ${path}`).toContain(options.status);
    }
  });

  test('every route of the server is in the list, so that none is outside the table', () => {
    const listed = new Set(ROUTES.map(({ method, path }) => `${method} ${path}`));
    const strays = registered(service.app.printRoutes({ commonPrefix: false })).filter(
      (each) => !listed.has(each) && !each.startsWith('HEAD ') && !each.startsWith('OPTIONS '),
    );
    expect(strays).toEqual([]);
    expect(registered('└── /a (GET)\n    └── /:b (POST, HEAD)\n')).toEqual(['GET /a', 'POST /a/:b', 'HEAD /a/:b']);
  });

  test('what must never be anybody’s but an administrator’s is not, whatever the table says', () => {
    const guarded = ROUTES.filter(({ path }) => /^\/api\/v1\/(?:keys|people|invitations(?!\/accept)|audit)/.test(path));
    expect(guarded.length).toBeGreaterThanOrEqual(10);
    for (const route of guarded) {
      for (const asker of askers) {
        const isAdmin = asker.is !== null && Object.values(asker.is).includes('admin');
        expect(expectation(route as Route<never>, asker) === null, `${asker.name} ${route.path}`).toBe(isAdmin);
      }
    }
  });
});

/** `METHOD /path` of every line of a printed tree of routes. */
function registered(tree: string): readonly string[] {
  const stack: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const at = line.search(/[├└]── /);
    if (at === -1) return [];
    const [, part = '', methods = ''] = /── (\S*?)(?: \(([A-Z, ]+)\))?$/.exec(line.trimEnd()) ?? [];
    stack.length = at / 4;
    stack.push(part);
    return methods === '' ? [] : methods.split(', ').map((method) => `${method} ${stack.join('')}`);
  });
}

describe('what is written down', () => {
  const rows = () =>
    engines.ledger.query(
      `SELECT l.action, l.by, l.who, o.outcome FROM audit_log l LEFT JOIN audit_outcomes o USING (entry_id) ORDER BY entry_id`,
      [],
      z.object({ action: z.string(), by: z.string(), who: z.string(), outcome: z.string().nullable() }),
    );

  const CHANGING = ROUTES.filter(({ changes }) => changes != null).map(
    (route) => [route.name, route as Route<never>] as const,
  );
  test.each(CHANGING)('%s by somebody who may not', async (name, route) => {
    if (accessTo(route.may).isOpen === true || accessTo(route.may).role === 'viewer') return;
    const viewer = askers.find((asker) => asker.name === 'viewer');
    const before = (await rows()).length;
    await call(route, route.method, (await viewer?.headers()) ?? {});
    const added = (await rows()).slice(before).filter(({ action }) => action !== 'session.create');
    expect(added).toEqual([{ action: name, by: 'operator', who: 'viewer@acme.example', outcome: 'refused' }]);
  });

  test('whatever was done is in the log as often as it was done, for every route that changes something', async () => {
    const document = documentSchema.parse(await (await fetch(`${service.address}/api/v1/openapi.json`)).json());
    const admin = await askers.find((asker) => asker.name === 'key admin')?.headers();
    const operations = operationsOf(document).filter(
      ({ operationId }) => operationId !== 'setup.use' && CHANGING.some(([name]) => name === operationId),
    );
    expect(operations.length).toBe(CHANGING.length - 1);
    const before = (await rows()).length;
    const done = new Map<string, number>();
    for (const operation of operations) {
      for (let seed = 1; seed <= 5; seed += 1) {
        const { url, method, headers, body } = generateRequest(document, operation, 'valid', seed);
        const sent = body === null ? {} : { body };
        const answer = await fetch(`${service.address}${url}`, { method, headers: { ...admin, ...headers }, ...sent });
        await answer.text();
        if (answer.status < 300) done.set(operation.operationId, (done.get(operation.operationId) ?? 0) + 1);
      }
    }
    const written = new Map<string, number>();
    for (const { action, outcome } of (await rows()).slice(before))
      if (outcome === 'done') written.set(action, (written.get(action) ?? 0) + 1);
    expect(done.get('keys.create')).toBeGreaterThan(0);
    expect(Object.fromEntries(written)).toEqual(Object.fromEntries(done));
  });

  test('what changes something says what, and what changes nothing says so', () => {
    for (const { method, name, changes } of ROUTES) {
      expect(changes === undefined, name).toBe(method === 'GET');
    }
  });

  test('every entry of the walk has its outcome', async () => {
    const all = await rows();
    expect(all.length).toBeGreaterThan(20);
    expect(all.filter(({ outcome }) => outcome === null)).toEqual([]);
  });
});
