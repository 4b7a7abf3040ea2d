import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { PrintedLink } from '../../src/api/people-side.ts';
import type { Route } from '../../src/api/route.ts';
import { ROUTES } from '../../src/api/routes.ts';
import { Browser, hire, OWN_PAGE, PASSWORD, refusalOf } from './operators.ts';
import { type OpenEngines, openEngines, PEOPLE, type Serving, serve, until } from './serving.ts';

const LIMITS = { answer: 1e6, read: 1e6, write: 1e6, heavy: 1e6, guess: 1e6 };
const links: PrintedLink[] = [];
let engines: OpenEngines;
let service: Serving;

beforeAll(async () => {
  engines = await openEngines();
  service = await serve(engines, Date.now, { limits: LIMITS, onLink: (link) => void links.push(link) });
});
afterAll(async () => {
  await service.close();
  await engines.close();
});

const browse = (): Browser => new Browser(service.address);
const tokenOf = (link: string | undefined): string => link?.split('#')[1] ?? '';
const ROOT = 'root@acme.example';

/** Somebody new who is signed in. */
async function signedIn(email: string, role: Parameters<typeof hire>[2]): Promise<Browser> {
  await hire(engines, email, role);
  const browser = browse();
  expect(await browser.signIn(email)).toBe(200);
  return browser;
}

async function administrator(): Promise<Browser> {
  const browser = browse();
  expect(await browser.signIn(ROOT)).toBe(200);
  return browser;
}

const entriesSchema = z.object({
  entries: z.array(
    z.object({
      entryId: z.number(),
      action: z.string(),
      by: z.string(),
      who: z.string(),
      subject: z.string(),
      outcome: z.string().nullable(),
      ipAddress: z.string().nullable(),
      details: z.record(z.string(), z.unknown()),
    }),
  ),
  next: z.number().nullable(),
});

async function audit(query = ''): Promise<z.infer<typeof entriesSchema>> {
  const admin = await administrator();
  return entriesSchema.parse(await (await admin.ask('GET', `/api/v1/audit?${query}`)).json());
}

describe('the first start', () => {
  test('a link makes the first administrator, who is signed in; a password that is refused uses nothing up', async () => {
    const token = new URL(service.setup ?? '').hash.slice(1);
    const browser = browse();
    const use = (password: string) =>
      browser.ask('POST', '/api/v1/setup', { token, operator: { name: 'Root', email: ROOT, password } });
    expect(await refusalOf(await use('password1234'))).toBe('weak-password');
    const [first, second] = await Promise.all([use(PASSWORD), use(PASSWORD)]);
    expect([first.status, second.status].toSorted()).toEqual([200, 403]);
    const who = z
      .object({ email: z.string(), role: z.string(), may: z.array(z.string()) })
      .parse(await (await browser.ask('GET', '/api/v1/session')).json());
    expect(who).toMatchObject({ email: ROOT, role: 'admin' });
    expect(who.may).toContain('people.manage');
    expect(await refusalOf(await use(PASSWORD))).toBe('setup-link');
  });

  test('once somebody administers, the next start prints no link', async () => {
    const again = await serve(engines, Date.now);
    expect(again.setup).toBeNull();
    await again.close();
  });
});

describe('sessions over HTTP', () => {
  test('a wrong password, an unknown address and one that is disabled are answered alike, to the header', async () => {
    await hire(engines, 'known@acme.example', 'viewer');
    const { operatorId } = await hire(engines, 'gone@acme.example', 'viewer');
    const admin = await administrator();
    expect((await admin.ask('PATCH', `/api/v1/people/${operatorId}`, { disabled: true })).status).toBe(200);
    const answers = [];
    for (const [email, password] of [
      ['known@acme.example', 'not the password'],
      ['unknown@acme.example', 'not the password'],
      ['gone@acme.example', PASSWORD],
    ]) {
      const answer = await browse().ask('POST', '/api/v1/session', { email, password });
      const headers = [...answer.headers].filter(
        ([name]) => !/^(?:date|ratelimit|x-ratelimit|x-request-id)/.test(name),
      );
      answers.push({ status: answer.status, headers, body: await answer.text() });
    }
    expect(answers[0]?.status).toBe(401);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  test('a cookie that was planted or stolen is worth nothing after the sign-in and after the sign-out', async () => {
    const email = 'victim@acme.example';
    const victim = await signedIn(email, 'viewer');
    const planted = victim.cookie;
    await victim.signIn(email);
    const stolen = victim.cookie;
    expect(stolen).not.toBe(planted);
    const thief = (cookie: string) => fetch(`${service.address}/api/v1/session`, { headers: { cookie } });
    expect((await thief(planted)).status).toBe(401);
    expect((await thief(stolen)).status).toBe(200);
    expect((await victim.ask('DELETE', '/api/v1/session')).status).toBe(204);
    expect((await thief(stolen)).status).toBe(401);
    expect(victim.cookie).toBe('');
  });

  test('guesses from one place are answered 429 with how long to wait, and so is one at an unknown address', async () => {
    for (const email of ['brute@acme.example', 'stranger@acme.example']) {
      if (email.startsWith('brute')) await hire(engines, email, 'viewer');
      for (let guess = 0; guess < 5; guess += 1)
        expect(await browse().signIn(email, `guess number ${guess}`)).toBe(401);
      const answer = await browse().ask('POST', '/api/v1/session', { email, password: PASSWORD });
      expect(answer.status, email).toBe(429);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(20);
      expect(await refusalOf(answer)).toBe('sign-in-locked');
    }
    await engines.ledger.command('DELETE FROM sign_in_failures');
  });

  test('a place that tries too often in a minute is refused before a password is looked at', async () => {
    const strict = await serve(engines, Date.now);
    const codes = [];
    for (let at = 0; at < 12; at += 1) {
      const answer = await fetch(`${strict.address}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: `spray${at}@acme.example`, password: PASSWORD }),
      });
      codes.push(await refusalOf(answer));
    }
    expect(codes.slice(0, 10)).toEqual(Array(10).fill('sign-in-refused'));
    expect(codes.slice(10)).toEqual(['too-many', 'too-many']);
    await strict.close();
    await engines.ledger.command('DELETE FROM sign_in_failures');
  });

  test('nobody is in another place by saying so', async () => {
    await hire(engines, 'proxied@acme.example', 'viewer');
    const codes = [];
    for (let guess = 0; guess < 6; guess += 1) {
      const headers = { 'x-forwarded-for': `203.0.113.${guess}`, 'x-real-ip': `203.0.113.${guess}` };
      const sent = { email: 'proxied@acme.example', password: `guess number ${guess}` };
      codes.push(await refusalOf(await browse().ask('POST', '/api/v1/session', sent, headers)));
    }
    expect(codes).toEqual([...Array(5).fill('sign-in-refused'), 'sign-in-locked']);
    const { entries } = await audit('action=session.create&outcome=refused&limit=6');
    expect(new Set(entries.map(({ ipAddress }) => ipAddress))).toEqual(new Set(['127.0.0.1']));
    await engines.ledger.command('DELETE FROM sign_in_failures');
  });

  test('a stream ends with the session that opened it', async () => {
    const viewer = await signedIn('watcher@acme.example', 'viewer');
    const stream = await fetch(`${service.address}/api/v1/data/calls/stream`, { headers: { cookie: viewer.cookie } });
    expect(stream.status).toBe(200);
    const ended = stream.text().catch(() => 'cut');
    await viewer.ask('DELETE', '/api/v1/session');
    const begun = performance.now();
    await ended;
    expect(performance.now() - begun).toBeLessThan(15_000);
  });
});

describe('requests that other pages send', () => {
  const EVIL = 'https://evil.example';
  const CHANGING = ROUTES.filter(
    ({ changes, may }) => changes != null && may !== 'anything',
  ) as readonly Route<never>[];
  const forged = (): readonly (readonly [string, Record<string, string>])[] => [
    ['another origin', { origin: EVIL }],
    ['no origin to speak of', { origin: 'null' }],
    ['an origin that begins like ours', { origin: `${service.address}.evil.example` }],
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a page of a neighbour', { 'sec-fetch-site': 'same-site' }],
    ['a page elsewhere that names our origin', { origin: service.address, 'sec-fetch-site': 'cross-site' }],
    ['nothing of a browser', {}],
  ];

  test.each(CHANGING.map((route) => [route.name, route] as const))(
    '%s is not done in anybody’s name',
    async (_, route) => {
      const admin = await administrator();
      const url = `${service.address}${route.path.replace(':action', 'release').replace(/:\w+/g, '1')}`;
      for (const [name, headers] of forged()) {
        const answer = await fetch(url, {
          method: route.method,
          headers: {
            cookie: admin.cookie,
            ...headers,
            ...(route.body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(route.body === undefined ? {} : { body: '{}' }),
        });
        expect(await refusalOf(answer), name).toBe('foreign-page');
      }
    },
  );

  test('our own pages may, by either word of the browser; a key needs none', async () => {
    const admin = await administrator();
    const make = (headers: Record<string, string>) =>
      fetch(`${service.address}/api/v1/keys`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ name: 'page', scope: 'read' }),
      });
    for (const headers of [OWN_PAGE, { origin: service.address }] as readonly Record<string, string>[]) {
      const made = await make({ cookie: admin.cookie, ...headers });
      expect(made.status).toBe(201);
      expect(await made.json()).toMatchObject({ createdBy: ROOT, scope: 'read' });
    }
    const { key } = z
      .object({ key: z.string() })
      .parse(await (await admin.ask('POST', '/api/v1/keys', { name: 'machine', scope: 'admin' })).json());
    const made = await make({ authorization: `Bearer ${key}`, origin: EVIL });
    expect(made.status).toBe(201);
    expect(await made.json()).toMatchObject({ createdBy: 'machine' });
  });

  test('nobody is signed in by a page elsewhere', async () => {
    for (const headers of [{ origin: EVIL }, { 'sec-fetch-site': 'cross-site' }] as readonly Record<string, string>[]) {
      const answer = await fetch(`${service.address}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ email: ROOT, password: PASSWORD }),
      });
      expect(answer.headers.getSetCookie()).toEqual([]);
      expect(await refusalOf(answer)).toBe('foreign-page');
    }
  });

  test('a form, which needs no leave to cross origins, is no JSON', async () => {
    const admin = await administrator();
    const answer = await fetch(`${service.address}/api/v1/keys`, {
      method: 'POST',
      headers: { cookie: admin.cookie, ...OWN_PAGE, 'content-type': 'text/plain' },
      body: JSON.stringify({ name: 'form', scope: 'admin' }),
    });
    expect(answer.status).toBe(400);
    expect(await (await admin.ask('GET', '/api/v1/keys')).text()).not.toContain('"name":"form"');
  });
});

describe('invitations and new passwords over HTTP', () => {
  test('an invitation makes an operator once, in the role of the invitation and no other', async () => {
    const admin = await administrator();
    const sent = await admin.ask('POST', '/api/v1/invitations', { email: 'grace@acme.example', role: 'csm' });
    expect(sent.status).toBe(201);
    const { link } = z.object({ link: z.string() }).parse(await sent.json());
    expect(link).toMatch(new RegExp(`^${service.address}/invitation#[\\w-]{32}$`));
    expect(links.at(-1)).toEqual({ kind: 'invitation', email: 'grace@acme.example', link });
    const said = { token: tokenOf(link), name: 'Grace', password: PASSWORD };
    const grace = browse();
    const accept = (body: object) => grace.ask('POST', '/api/v1/invitations/accept', body);
    expect(await refusalOf(await accept({ ...said, role: 'admin' }))).toBe('bad-request');
    expect(await refusalOf(await accept({ ...said, email: 'other@acme.example' }))).toBe('bad-request');
    expect(await refusalOf(await accept({ ...said, disabledAt: null }))).toBe('bad-request');
    expect(await (await accept(said)).json()).toMatchObject({
      email: 'grace@acme.example',
      role: 'csm',
      name: 'Grace',
    });
    expect(await refusalOf(await accept(said))).toBe('spent-link');
    expect((await grace.ask('GET', '/api/v1/people')).status).toBe(403);
    const own = z.object({ operatorId: z.string() }).parse(await (await grace.ask('GET', '/api/v1/session')).json());
    expect((await grace.ask('PATCH', `/api/v1/people/${own.operatorId}`, { role: 'admin' })).status).toBe(403);
  });

  test('an open invitation is listed without its link, and withdrawn', async () => {
    const admin = await administrator();
    const sent = await admin.ask('POST', '/api/v1/invitations', { email: 'late@acme.example', role: 'viewer' });
    const { link, invitationId } = z.object({ link: z.string(), invitationId: z.number() }).parse(await sent.json());
    const listed = await (await admin.ask('GET', '/api/v1/invitations')).text();
    expect(listed).toContain('late@acme.example');
    expect(listed).not.toContain(tokenOf(link));
    expect((await admin.ask('DELETE', `/api/v1/invitations/${invitationId}`)).status).toBe(204);
    const accepted = await browse().ask('POST', '/api/v1/invitations/accept', {
      ...{ token: tokenOf(link), name: 'Late', password: PASSWORD },
    });
    expect(await refusalOf(accepted)).toBe('spent-link');
  });

  test('a reset is good once, ends every session, and is answered alike for an address that nobody has', async () => {
    const email = 'forgetful@acme.example';
    const before = await signedIn(email, 'viewer');
    const count = links.length;
    const asked = await browse().ask('POST', '/api/v1/password-resets', { email });
    const other = await browse().ask('POST', '/api/v1/password-resets', { email: 'nobody@acme.example' });
    expect([asked.status, await asked.text()]).toEqual([202, '']);
    expect([other.status, await other.text()]).toEqual([202, '']);
    await until(
      () => links.length,
      (length) => length === count + 1,
    );
    const token = tokenOf(links.at(-1)?.link);
    const set = (password: string) => browse().ask('PUT', '/api/v1/password-resets', { token, password });
    expect(await refusalOf(await set('forgetful'))).toBe('weak-password');
    expect((await set('a phrase of my own')).status).toBe(204);
    expect(await refusalOf(await set('a phrase of mallory'))).toBe('spent-link');
    expect((await before.ask('GET', '/api/v1/session')).status).toBe(401);
    expect(await browse().signIn(email, 'a phrase of my own')).toBe(200);
  });

  test('a password is changed by who knows it; all other sessions end', async () => {
    const email = 'changing@acme.example';
    const here = await signedIn(email, 'viewer');
    const there = browse();
    await there.signIn(email);
    const change = (current: string, wanted: string) => here.ask('POST', '/api/v1/password', { current, wanted });
    expect(await refusalOf(await change('not my password', 'a phrase of my own'))).toBe('wrong-password');
    expect((await change(PASSWORD, 'a phrase of my own')).status).toBe(204);
    expect((await here.ask('GET', '/api/v1/session')).status).toBe(200);
    expect((await there.ask('GET', '/api/v1/session')).status).toBe(401);
  });

  test('links lead to the address that is configured, whatever a request says the host is', async () => {
    const printed: PrintedLink[] = [];
    const people = { ...PEOPLE, origin: 'https://bellwether.acme.example' };
    const server = await serve(engines, Date.now, {
      limits: LIMITS,
      people,
      onLink: (link) => void printed.push(link),
    });
    const headers = {
      ...{ host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
      ...{ forwarded: 'host=evil.example', 'content-type': 'application/json' },
    };
    const signIn = await server.app.inject({
      ...{ method: 'POST', url: '/api/v1/session', headers, payload: { email: ROOT, password: PASSWORD } },
    });
    expect(signIn.statusCode).toBe(200);
    const [cookie = ''] = [signIn.headers['set-cookie']].flat();
    expect(cookie).toMatch(/^__Host-bellwether\.session_token=.*Secure/);
    const own = { ...headers, cookie: cookie.split(';')[0] ?? '', origin: people.origin };
    const invited = await server.app.inject({
      ...{
        method: 'POST',
        url: '/api/v1/invitations',
        headers: own,
        payload: { email: 'host@acme.example', role: 'viewer' },
      },
    });
    expect(invited.json()).toMatchObject({
      link: expect.stringMatching(/^https:\/\/bellwether\.acme\.example\/invitation#/),
    });
    await server.app.inject({ method: 'POST', url: '/api/v1/password-resets', headers, payload: { email: ROOT } });
    await until(
      () => printed.length,
      (length) => length === 2,
    );
    expect(printed.map(({ link }) => new URL(link).origin)).toEqual([people.origin, people.origin]);
    const forged = await server.app.inject({
      ...{ method: 'POST', url: '/api/v1/keys', headers: { ...own, origin: 'https://evil.example' } },
      payload: { name: 'x', scope: 'admin' },
    });
    expect(forged.statusCode).toBe(403);
    await server.close();
  });

  test('letters go by the mail server that is set, and nobody else is shown their links', async () => {
    const letters: string[] = [];
    const mail = new SMTPServer({
      authOptional: true,
      onData: (stream, _session, done) => {
        let text = '';
        stream.on('data', (chunk: Buffer) => {
          text += chunk.toString('utf8');
        });
        stream.on('end', () => {
          letters.push(text);
          done();
        });
      },
    });
    await new Promise<void>((settle) => mail.listen(0, '127.0.0.1', () => settle()));
    const { port } = mail.server.address() as { port: number };
    const printed: PrintedLink[] = [];
    const server = await serve(engines, Date.now, {
      limits: LIMITS,
      onLink: (link) => void printed.push(link),
      people: {
        ...PEOPLE,
        mail: { url: `smtp://127.0.0.1:${port}?ignoreTLS=true`, from: 'Bellwether <bw@acme.example>' },
      },
    });
    const admin = new Browser(server.address);
    await admin.signIn(ROOT);
    const sent = await admin.ask('POST', '/api/v1/invitations', { email: 'mailed@acme.example', role: 'viewer' });
    expect(await sent.json()).toMatchObject({ link: null });
    await admin.ask('POST', '/api/v1/password-resets', { email: ROOT });
    await until(
      () => letters.length,
      (length) => length === 2,
    );
    const invitation = letters.find((text) => text.includes('To: mailed@acme.example')) ?? '';
    expect(invitation).toContain('From: Bellwether <bw@acme.example>');
    const [link = ''] = new RegExp(`${server.address}/invitation#[\\w-]+`).exec(invitation) ?? [];
    const accepted = await new Browser(server.address).ask('POST', '/api/v1/invitations/accept', {
      ...{ token: tokenOf(link), name: 'Mailed', password: PASSWORD },
    });
    expect(accepted.status).toBe(201);
    expect(printed).toEqual([]);
    const changed = await admin.ask('POST', '/api/v1/password', { current: PASSWORD, wanted: PASSWORD });
    expect(changed.status).toBe(204);
    await until(
      () => letters.length,
      (length) => length === 3,
    );
    expect(letters[2]).toContain('Subject: Your password for Bellwether was changed');
    await new Promise<void>((settle) => mail.close(() => settle()));
    const unsent = await admin.ask('POST', '/api/v1/invitations', { email: 'unmailed@acme.example', role: 'viewer' });
    expect(await unsent.json()).toMatchObject({ link: expect.stringContaining('/invitation#') });
    expect(server.failures).toHaveLength(1);
    await server.close();
  });
});

describe('people over HTTP', () => {
  test('an administrator sees sessions and ends them, one or all; the last one stays administrator', async () => {
    const admin = await administrator();
    const email = 'many@acme.example';
    const first = await signedIn(email, 'editor');
    const second = browse();
    await second.signIn(email);
    const { people } = z
      .object({ people: z.array(z.object({ operatorId: z.string(), email: z.string(), sessions: z.number() })) })
      .parse(await (await admin.ask('GET', '/api/v1/people')).json());
    const many = people.find((each) => each.email === email);
    expect(many?.sessions).toBe(2);
    const path = `/api/v1/people/${many?.operatorId}/sessions`;
    const { sessions } = z
      .object({ sessions: z.array(z.object({ sessionId: z.string(), ipAddress: z.string(), isThis: z.boolean() })) })
      .parse(await (await admin.ask('GET', path)).json());
    expect(sessions).toHaveLength(2);
    expect(sessions[0]).toMatchObject({ ipAddress: '127.0.0.1', isThis: false });
    expect((await admin.ask('DELETE', `${path}?session=${sessions[0]?.sessionId}`)).status).toBe(200);
    expect((await second.ask('GET', '/api/v1/session')).status).toBe(401);
    expect((await first.ask('GET', '/api/v1/session')).status).toBe(200);
    expect(await (await admin.ask('DELETE', path)).json()).toEqual({ ended: 1 });
    expect((await first.ask('GET', '/api/v1/session')).status).toBe(401);
    expect(await refusalOf(await admin.ask('DELETE', `${path}?session=none`))).toBe('unknown-session');
    const root = people.find((each) => each.email === ROOT);
    for (const change of [{ role: 'viewer' }, { disabled: true }]) {
      expect(await refusalOf(await admin.ask('PATCH', `/api/v1/people/${root?.operatorId}`, change))).toBe(
        'last-admin',
      );
    }
    expect((await admin.ask('GET', '/api/v1/session')).status).toBe(200);
    expect(await refusalOf(await admin.ask('PATCH', '/api/v1/people/none', { role: 'viewer' }))).toBe(
      'unknown-operator',
    );
    const wrong = await admin.ask('PATCH', `/api/v1/people/${many?.operatorId}`, { email: 'x@acme.example' });
    expect(await refusalOf(wrong)).toBe('bad-request');
  });

  test('what an operator decides of a hold is recorded under their name', async () => {
    const editor = await signedIn('decider@acme.example', 'editor');
    await engines.ledger.command(`INSERT INTO holds (opened_at, reason) VALUES (now(), 'many')`);
    const [hold] = await engines.ledger.query(
      'SELECT max(hold_id) AS id FROM holds',
      [],
      z.object({ id: z.coerce.number() }),
    );
    const answer = await editor.ask('POST', `/api/v1/holds/${hold?.id}/discard`, { reason: 'the tracker was down' });
    expect(answer.status).toBe(200);
    const [decided] = await engines.ledger.query(
      'SELECT decided_by FROM holds WHERE hold_id = $1',
      [hold?.id],
      z.object({ decided_by: z.string() }),
    );
    expect(decided?.decided_by).toBe('decider@acme.example');
    const { entries } = await audit('action=holds.decide');
    expect(entries[0]).toMatchObject({
      who: 'decider@acme.example',
      subject: `discard hold ${hold?.id}`,
      outcome: 'done',
    });
  });
});

describe('the audit log over HTTP', () => {
  test('tells sign-ins, refused ones and why, without a word of what was typed', async () => {
    const email = 'logged@acme.example';
    const { operatorId } = await hire(engines, email, 'viewer');
    await browse().signIn(email);
    await browse().signIn(email, 'a wrong password typed');
    await browse().signIn('typed-my-password-here@acme.example', PASSWORD);
    const { entries } = await audit(`action=session.create&subject=${operatorId}`);
    expect(entries.map(({ who, by, outcome, details }) => ({ who, by, outcome, ...details }))).toEqual([
      { who: '', by: 'nobody', outcome: 'refused', reason: 'sign-in-refused' },
      { who: email, by: 'operator', outcome: 'done' },
    ]);
    expect(entries[0]?.ipAddress).toBe('127.0.0.1');
    const everything = await engines.ledger.query(
      'SELECT row_to_json(l)::text || coalesce(row_to_json(o)::text, $1) AS line FROM audit_log l LEFT JOIN audit_outcomes o USING (entry_id)',
      [''],
      z.object({ line: z.string() }),
    );
    const text = everything.map(({ line }) => line).join('\n');
    for (const secret of [
      PASSWORD,
      'a wrong password typed',
      'typed-my-password',
      ...links.map(({ link }) => tokenOf(link)),
    ]) {
      expect(text).not.toContain(secret);
    }
    expect(text).not.toMatch(/bw_(?:read|write|admin)_/);
  });

  test('is read page by page, and by what is looked for', async () => {
    const whole = await audit('limit=20');
    const first = await audit('limit=5&outcome=done');
    expect(first.entries).toHaveLength(5);
    const second = await audit(`limit=5&outcome=done&cursor=${first.next}`);
    expect(second.entries[0]?.entryId).toBeLessThan(first.entries.at(-1)?.entryId ?? 0);
    expect(whole.entries.map(({ entryId }) => entryId)).toEqual(
      whole.entries.map(({ entryId }) => entryId).toSorted((a, b) => b - a),
    );
    expect((await audit('from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z')).entries).toEqual([]);
    expect((await audit(`who=${ROOT}&action=keys.create&limit=2`)).entries[0]).toMatchObject({ who: ROOT });
    const admin = await administrator();
    expect(await refusalOf(await admin.ask('GET', '/api/v1/audit?from=yesterday'))).toBe('bad-request');
  });

  test('a request that is sent again is in the log as one that was not done again', async () => {
    const admin = await administrator();
    const send = () =>
      admin.ask(
        'POST',
        '/api/v1/invitations',
        { email: 'twice@acme.example', role: 'viewer' },
        { 'idempotency-key': 'once' },
      );
    expect((await send()).status).toBe(201);
    expect(await refusalOf(await send())).toBe('answered-once');
    const { entries } = await audit('action=invitations.create&limit=2');
    expect(entries.map(({ outcome }) => outcome)).toEqual(['refused', 'done']);
  });

  test('what cannot be written down is not done, and what cannot be concluded is no success', async () => {
    const admin = await administrator();
    const keys = async () => {
      const rows = await engines.ledger.query(
        'SELECT count(*) AS n FROM api_keys',
        [],
        z.object({ n: z.coerce.number() }),
      );
      return rows[0]?.n;
    };
    const make = (name: string) => admin.ask('POST', '/api/v1/keys', { name, scope: 'read' });
    const before = await keys();
    await engines.ledger.command('ALTER TABLE audit_log RENAME TO audit_log_away');
    expect((await make('unwritten')).status).toBe(500);
    await engines.ledger.command('ALTER TABLE audit_log_away RENAME TO audit_log');
    expect(await keys()).toBe(before);
    await engines.ledger.command('ALTER TABLE audit_outcomes RENAME TO audit_outcomes_away');
    const answer = await make('unconcluded');
    await engines.ledger.command('ALTER TABLE audit_outcomes_away RENAME TO audit_outcomes');
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('bw_read_');
    const { entries } = await audit('action=keys.create&limit=1');
    expect(entries[0]).toMatchObject({ subject: 'read key unconcluded', outcome: null });
  });
});
