import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { countAttempt, placeOf } from '../../src/people/lockout.ts';
import { changeOperator } from '../../src/people/operator.ts';
import { codeOf, type Desk, openDesk, PASSWORD } from './desk.ts';

const MINUTE = 60_000;
let desk: Desk;

beforeAll(async () => {
  desk = await openDesk();
  await desk.hire('ada@acme.example', 'admin');
});
afterAll(() => desk.ledger.close());

const enter = (email: string, password: string, ipAddress: string) =>
  desk.signIn.signIn({ email, password }, desk.from(ipAddress));

describe('sessions', () => {
  test('a cookie is bound to the host, hidden from scripts, and sent over TLS alone', async () => {
    const { cookies, session } = await enter('Ada@Acme.example', PASSWORD, '10.0.0.1');
    expect(session).toMatchObject({ email: 'ada@acme.example', role: 'admin' });
    const [cookie] = cookies;
    expect(cookies).toHaveLength(1);
    expect(cookie).toMatch(/^__Host-bellwether\.session_token=[^;]{40,};/);
    for (const part of ['HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/']) expect(cookie).toContain(part);
    expect(cookie).not.toMatch(/domain=/i);
  });

  test('without TLS the cookie says so by its name, for a machine of one’s own', async () => {
    const plain = await openDesk('http://127.0.0.1:8321');
    await plain.hire('ada@acme.example');
    const { cookies } = await plain.signIn.signIn({ email: 'ada@acme.example', password: PASSWORD }, plain.from('::1'));
    expect(cookies[0]).toMatch(/^bellwether\.session_token=/);
    expect(cookies[0]).not.toContain('Secure');
    await plain.ledger.close();
  });

  test('a session that was planted before the sign-in is never the one after it, and ends', async () => {
    const planted = await enter('ada@acme.example', PASSWORD, '10.0.0.2');
    const after = await desk.signIn.signIn(
      { email: 'ada@acme.example', password: PASSWORD },
      desk.from('10.0.0.2', planted.cookies),
    );
    expect(after.session.sessionId).not.toBe(planted.session.sessionId);
    expect(after.cookies[0]).not.toBe(planted.cookies[0]);
    expect(await desk.signIn.find(desk.from('10.0.0.2', planted.cookies))).toBeNull();
    const made = 'attacker-chose-this-token-000000';
    expect(
      await desk.signIn.find(desk.from('10.0.0.2', [`${desk.signIn.cookieName}=${made}.c2lnbmF0dXJl`])),
    ).toBeNull();
  });

  test('what the ledger keeps is no cookie: a token without the signature opens nothing', async () => {
    await enter('ada@acme.example', PASSWORD, '10.0.0.3');
    const rows = await desk.ledger.query('SELECT token FROM operator_sessions', [], z.object({ token: z.string() }));
    expect(rows.length).toBeGreaterThan(0);
    for (const { token } of rows) {
      expect(await desk.signIn.find(desk.from('10.0.0.3', [`${desk.signIn.cookieName}=${token}`]))).toBeNull();
    }
  });

  test('signing out ends it in the ledger: a stolen copy of the cookie is worth nothing, here at once, elsewhere in five seconds', async () => {
    const elsewhere = desk.another();
    const { cookies, session } = await enter('ada@acme.example', PASSWORD, '10.0.0.4');
    const stolen = desk.from('10.9.9.9', cookies);
    expect((await elsewhere.find(stolen))?.session.sessionId).toBe(session.sessionId);
    const [gone] = await desk.signIn.signOut(session.sessionId);
    expect(gone).toContain('Max-Age=0');
    expect(await desk.signIn.find(stolen)).toBeNull();
    desk.ahead += 5_001;
    expect(await elsewhere.find(stolen)).toBeNull();
  });

  test('a session ends after half an hour without use, and after twelve hours with it', async () => {
    const { cookies, session } = await enter('ada@acme.example', PASSWORD, '10.0.0.5');
    const asker = desk.from('10.0.0.5', cookies);
    const before = desk.ahead;
    desk.ahead = before + 29 * MINUTE;
    expect(await desk.signIn.find(asker)).not.toBeNull();
    desk.ahead = before + 31 * MINUTE;
    expect(await desk.signIn.find(asker)).toBeNull();
    desk.ahead = before;
    const used = await enter('ada@acme.example', PASSWORD, '10.0.0.5');
    expect(used.session.sessionId).not.toBe(session.sessionId);
    await desk.ledger.command(`UPDATE operator_sessions SET created_at = now() - interval '12 hours' WHERE id = $1`, [
      used.session.sessionId,
    ]);
    desk.signIn.forget();
    expect(await desk.signIn.find(desk.from('10.0.0.5', used.cookies))).toBeNull();
  });

  test('use moves the end of a session on, and the browser is told', async () => {
    const { cookies, session } = await enter('ada@acme.example', PASSWORD, '10.0.0.6');
    await desk.ledger.command(
      `UPDATE operator_sessions SET expires_at = now() + interval '10 minutes', updated_at = now() WHERE id = $1`,
      [session.sessionId],
    );
    desk.signIn.forget();
    const found = await desk.signIn.find(desk.from('10.0.0.6', cookies));
    expect(found?.cookies[0]).toContain('__Host-bellwether.session_token=');
    expect(Date.parse(found?.session.expiresAt ?? '')).toBeGreaterThan(Date.now() + 25 * MINUTE);
  });

  test('whoever is disabled, or may less, loses every session at once and can open none', async () => {
    const grace = await desk.hire('grace@acme.example', 'editor');
    const first = await enter('grace@acme.example', PASSWORD, '10.0.0.7');
    const second = await enter('grace@acme.example', PASSWORD, '10.0.0.8');
    await changeOperator(desk.ledger, grace.operatorId, { role: 'viewer', isDisabled: null }, new Date(desk.clock()));
    desk.signIn.forget();
    expect(await desk.signIn.find(desk.from('10.0.0.7', first.cookies))).toBeNull();
    expect(await desk.signIn.find(desk.from('10.0.0.8', second.cookies))).toBeNull();
    const third = await enter('grace@acme.example', PASSWORD, '10.0.0.7');
    await changeOperator(desk.ledger, grace.operatorId, { role: null, isDisabled: true }, new Date(desk.clock()));
    desk.signIn.forget();
    expect(await desk.signIn.find(desk.from('10.0.0.7', third.cookies))).toBeNull();
    expect(await codeOf(enter('grace@acme.example', PASSWORD, '10.0.0.7'))).toBe('sign-in-refused');
  });

  test('a new password ends all other sessions, and the one that asked goes on under another cookie', async () => {
    await desk.hire('mary@acme.example');
    const here = await enter('mary@acme.example', PASSWORD, '10.0.0.9');
    const there = await enter('mary@acme.example', PASSWORD, '10.0.0.10');
    const change = (current: string, wanted: string) =>
      desk.signIn.changePassword(here.session, { current, wanted }, desk.from('10.0.0.9', here.cookies));
    expect(await codeOf(change('not the password', 'another good phrase'))).toBe('wrong-password');
    expect(await codeOf(change(PASSWORD, 'short'))).toBe('weak-password');
    const cookies = await change(PASSWORD, 'another good phrase');
    expect(await desk.signIn.find(desk.from('10.0.0.10', there.cookies))).toBeNull();
    expect(await desk.signIn.find(desk.from('10.0.0.9', here.cookies))).toBeNull();
    expect((await desk.signIn.find(desk.from('10.0.0.9', cookies)))?.session.email).toBe('mary@acme.example');
    expect(await codeOf(enter('mary@acme.example', PASSWORD, '10.0.0.9'))).toBe('sign-in-refused');
  });
});

describe('guessing', () => {
  beforeEach(async () => {
    desk.ahead = 0;
    await desk.ledger.command('DELETE FROM sign_in_failures');
  });

  test('an unknown address, one without a password and one that is disabled cost a hash and read the same', async () => {
    const off = await desk.hire('off@acme.example');
    await changeOperator(desk.ledger, off.operatorId, { role: null, isDisabled: true }, new Date(desk.clock()));
    const noPassword = await desk.hire('oidc@acme.example');
    await desk.ledger.command('DELETE FROM operator_credentials WHERE operator_id = $1', [noPassword.operatorId]);
    await desk.hire('known@acme.example');
    const told = new Set<string>();
    for (const [at, [email, password]] of [
      ['known@acme.example', 'wrong password here'],
      ['unknown@acme.example', 'wrong password here'],
      ['oidc@acme.example', 'wrong password here'],
      ['off@acme.example', PASSWORD],
    ].entries()) {
      const before = desk.hasher.calls.hash + desk.hasher.calls.verify;
      await enter(email ?? '', password ?? '', `10.1.0.${at}`).catch((error: Error) =>
        told.add(`${'code' in error ? error.code : ''} ${error.message}`),
      );
      expect(desk.hasher.calls.hash + desk.hasher.calls.verify - before, email).toBe(1);
    }
    expect([...told]).toEqual(['sign-in-refused This address and password do not go together, or may not sign in.']);
  });

  test('the time of an unknown address is that of a known one, within what a hash takes', async () => {
    const times = { known: [] as number[], unknown: [] as number[] };
    for (let round = 0; round < 15; round += 1) {
      for (const kind of ['known', 'unknown'] as const) {
        const begun = performance.now();
        await codeOf(enter(`${kind}@acme.example`, 'wrong password here', `10.2.${round}.${kind.length}`));
        times[kind].push(performance.now() - begun);
        await desk.ledger.command('DELETE FROM sign_in_failures');
      }
    }
    const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
    const ratio = median(times.known) / median(times.unknown);
    expect(ratio).toBeGreaterThan(1 / 3);
    expect(ratio).toBeLessThan(3);
  });

  test.each(['ada@acme.example', 'nobody@acme.example'])(
    'brute force at %s from one place is let through five times',
    async (email) => {
      await desk.ledger.command('DELETE FROM sign_in_failures');
      const before = desk.hasher.calls.hash + desk.hasher.calls.verify;
      const guesses = Array.from({ length: 40 }, (_, at) => codeOf(enter(email, `guess number ${at}`, '10.3.0.1')));
      const codes = await Promise.all(guesses);
      expect(codes.filter((code) => code === 'sign-in-refused')).toHaveLength(5);
      expect(codes.filter((code) => code === 'sign-in-locked')).toHaveLength(35);
      expect(desk.hasher.calls.hash + desk.hasher.calls.verify - before).toBe(5);
    },
  );

  test('the person themself comes in from elsewhere meanwhile, and from there when the wait is over; waits grow up to a quarter of an hour', async () => {
    for (let at = 0; at < 5; at += 1) await codeOf(enter('ada@acme.example', `guess number ${at}`, '10.3.0.1'));
    expect(await codeOf(enter('ada@acme.example', PASSWORD, '10.3.0.1'))).toBe('sign-in-locked');
    expect(await codeOf(enter('ada@acme.example', PASSWORD, '10.3.0.2'))).toBeNull();
    const waits: number[] = [];
    const attempt = { email: 'ada@acme.example', ipAddress: '10.3.0.1' };
    for (let round = 0; round < 8; round += 1) {
      const locked = await countAttempt(desk.ledger, { ...attempt, now: new Date(desk.clock()) });
      waits.push(locked?.seconds ?? 0);
      desk.ahead += ((locked?.seconds ?? 0) + 1) * 1_000;
      expect(await countAttempt(desk.ledger, { ...attempt, now: new Date(desk.clock()) })).toBeNull();
    }
    expect(waits.slice(1)).toEqual([60, 120, 240, 480, 900, 900, 900]);
    expect(waits[0]).toBeGreaterThan(20);
    desk.ahead += 901_000;
    expect(await countAttempt(desk.ledger, { ...attempt, now: new Date(desk.clock()) })).toBeNull();
  });

  test('one password tried on many addresses from one place is let through twenty times', async () => {
    const codes: (string | null)[] = [];
    for (let at = 0; at < 26; at += 1) codes.push(await codeOf(enter(`p${at}@acme.example`, PASSWORD, '10.4.0.1')));
    expect(codes.filter((code) => code === 'sign-in-refused')).toHaveLength(20);
    expect(codes.slice(20)).toEqual(Array(6).fill('sign-in-locked'));
    expect(await codeOf(enter('ada@acme.example', PASSWORD, '10.4.0.2'))).toBeNull();
  });

  test('many places that guess at one address are slowed down together, to fewer than a hundred guesses an hour', async () => {
    let guesses = 0;
    const begun = desk.clock();
    for (let at = 0; desk.clock() - begun < 3_600_000; at += 1) {
      const ipAddress = `10.${5 + (at >> 8)}.${at & 255}.1`;
      const locked = await countAttempt(desk.ledger, {
        email: 'ada@acme.example',
        ipAddress,
        now: new Date(desk.clock()),
      });
      if (locked === null) guesses += 1;
      else desk.ahead += locked.seconds * 1_000;
    }
    expect(guesses).toBeGreaterThan(24);
    expect(guesses).toBeLessThan(100);
  });

  test('a link to a new password ends every wait of its address, so that nobody is kept out for good', async () => {
    for (let at = 0; at < 30; at += 1) await codeOf(enter('ada@acme.example', `guess number ${at}`, `10.6.1.${at}`));
    expect(await codeOf(enter('ada@acme.example', PASSWORD, '10.6.0.1'))).toBe('sign-in-locked');
    await (await desk.signIn.askForReset('ADA@acme.example')).made;
    const link = desk.links.at(-1);
    await desk.signIn.reset({ token: link?.token ?? '', password: PASSWORD });
    expect(await codeOf(enter('ada@acme.example', PASSWORD, '10.6.0.1'))).toBeNull();
  });

  test('places are whole networks where one person has many addresses', () => {
    expect(placeOf('2001:db8:1:2:aaaa::1')).toBe('2001:db8:1:2::/64');
    expect(placeOf('2001:0db8:0001:0002:ffff:1:2:3')).toBe('2001:db8:1:2::/64');
    expect(placeOf('2001:db8::1')).toBe('2001:db8:0:0::/64');
    expect(placeOf('::1')).toBe('0:0:0:0::/64');
    expect(placeOf('::ffff:10.0.0.1')).toBe('10.0.0.1');
    expect(placeOf('10.0.0.1')).toBe('10.0.0.1');
  });
});

describe('links to a new password', () => {
  const ask = async (email: string) => {
    await (await desk.signIn.askForReset(email)).made;
    return desk.links.at(-1)?.token ?? '';
  };

  test('a link is good once, ends every session and every other link, and is kept by its hash alone', async () => {
    await desk.hire('eve@acme.example');
    const { cookies } = await enter('eve@acme.example', PASSWORD, '10.7.0.1');
    const first = await ask('eve@acme.example');
    const second = await ask('eve@acme.example');
    const kept = await desk.ledger.query('SELECT * FROM operator_tokens', [], z.record(z.string(), z.unknown()));
    expect(JSON.stringify(kept)).not.toContain(first);
    expect(await codeOf(desk.signIn.reset({ token: second, password: 'eve@acme.example 1' }))).toBe('weak-password');
    const tries = await Promise.all(
      Array.from({ length: 5 }, () => codeOf(desk.signIn.reset({ token: second, password: 'a phrase of my own' }))),
    );
    expect(tries.filter((code) => code === null)).toHaveLength(1);
    expect(tries.filter((code) => code === 'spent-link')).toHaveLength(4);
    expect(await codeOf(desk.signIn.reset({ token: first, password: 'a phrase of another' }))).toBe('spent-link');
    expect(await desk.signIn.find(desk.from('10.7.0.1', cookies))).toBeNull();
    expect(await codeOf(enter('eve@acme.example', PASSWORD, '10.7.0.1'))).toBe('sign-in-refused');
    expect(await codeOf(enter('eve@acme.example', 'a phrase of my own', '10.7.0.1'))).toBeNull();
  });

  test('a link is good for an hour, and a guessed one never', async () => {
    const token = await ask('eve@acme.example');
    const before = desk.ahead;
    desk.ahead = before + 61 * MINUTE;
    expect(await codeOf(desk.signIn.reset({ token, password: 'a phrase of mine' }))).toBe('spent-link');
    desk.ahead = before;
    expect(await codeOf(desk.signIn.reset({ token: 'guessed', password: 'a phrase of mine' }))).toBe('spent-link');
  });

  test('nobody is told whether an address is known: no link, no error', async () => {
    const before = desk.links.length;
    await (await desk.signIn.askForReset('stranger@acme.example')).made;
    await (await desk.signIn.askForReset('off@acme.example')).made;
    await (await desk.signIn.askForReset('not an address')).made;
    expect(desk.links).toHaveLength(before);
  });

  test('nothing was complained of', () => expect(desk.complaints).toEqual([]));
});
