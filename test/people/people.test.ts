import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Act, auditEntries, audited } from '../../src/people/audit-log.ts';
import { acceptInvitation, invite, openInvitations, withdrawInvitation } from '../../src/people/invitation.ts';
import { changeOperator, listOperators, operatorByEmail } from '../../src/people/operator.ts';
import { ARGON2ID, assertGoodPassword } from '../../src/people/password.ts';
import { codeOf, type Desk, openDesk, PASSWORD } from './desk.ts';

const DAY = 86_400_000;
let desk: Desk;
const now = () => new Date(desk.clock());

beforeAll(async () => {
  desk = await openDesk();
  await desk.hire('root@acme.example', 'admin');
});
afterAll(() => desk.ledger.close());

describe('passwords', () => {
  const refused = (password: string): Promise<string | null> =>
    codeOf(Promise.resolve().then(() => assertGoodPassword(password, 'ada.lovelace@acme.example')));

  test.each([
    'eleven char',
    'x'.repeat(129),
    'ada.lovelace@acme.example',
    'I am Ada.Lovelace!',
    'passwordpassword',
    'P@ssw0rd-P@ssw0rd',
    'Welcome123456!',
    '1234567890123456',
    '111111111111111',
    'q1w2e3r4t5y6',
    'bellwether2026!',
  ])('%s is refused', async (password) => expect(await refused(password)).toBe('weak-password'));

  test.each(['four plain words here', 'x1'.repeat(6), '🦉🦉🦉🦉🦉🦉owlish', 'ein langes Wort allein', 'y8'.repeat(64)])(
    '%s is good: no kinds of characters are asked for',
    async (password) => expect(await refused(password)).toBeNull(),
  );

  test('are kept as argon2id by OWASP’s parameters, and are the same however their letters are composed', async () => {
    const kept = await ARGON2ID.hash('caf\u00e9 und Kuchen');
    expect(kept).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await ARGON2ID.verify(kept, 'cafe\u0301 und Kuchen')).toBe(true);
    expect(await ARGON2ID.verify(kept, 'cafe und Kuchen')).toBe(false);
  });
});

describe('invitations', () => {
  const accept = (token: string, password = PASSWORD) =>
    acceptInvitation(desk, { token, name: 'Grace', password }, now());
  const send = (email: string) => invite(desk.ledger, { email, role: 'csm', by: 'root@acme.example', now: now() });

  test('a link makes one operator with the invitation’s address and role, and is kept by its hash alone', async () => {
    const { token, invitation } = await send('Grace@Acme.example');
    expect(invitation).toMatchObject({ email: 'grace@acme.example', role: 'csm', invitedBy: 'root@acme.example' });
    const kept = await desk.ledger.query('SELECT * FROM invitations', [], z.record(z.string(), z.unknown()));
    expect(JSON.stringify(kept)).not.toContain(token);
    expect(await codeOf(accept(token, 'too short'))).toBe('weak-password');
    const tries = await Promise.all(Array.from({ length: 5 }, () => codeOf(accept(token))));
    expect(tries.filter((code) => code === null)).toHaveLength(1);
    expect(tries.filter((code) => code === 'spent-link')).toHaveLength(4);
    expect(await operatorByEmail(desk.ledger, 'grace@acme.example')).toMatchObject({ role: 'csm', name: 'Grace' });
    expect(await codeOf(accept(token))).toBe('spent-link');
    expect(await codeOf(send('grace@acme.example'))).toBe('known-operator');
  });

  test('a link is worth nothing after seven days, when it is withdrawn, and when another one is sent', async () => {
    const old = await send('old@acme.example');
    desk.ahead = 7 * DAY + 1;
    expect(await codeOf(accept(old.token))).toBe('spent-link');
    expect((await openInvitations(desk.ledger, now())).map(({ email }) => email)).not.toContain('old@acme.example');
    desk.ahead = 0;
    const again = await send('old@acme.example');
    expect(await codeOf(accept(old.token))).toBe('spent-link');
    await withdrawInvitation(desk.ledger, again.invitation.invitationId, now());
    expect(await codeOf(accept(again.token))).toBe('spent-link');
    expect(await codeOf(withdrawInvitation(desk.ledger, again.invitation.invitationId, now()))).toBe(
      'unknown-invitation',
    );
    expect(await codeOf(accept('guessed'))).toBe('spent-link');
    expect(await codeOf(send('no address'))).toBe('bad-email');
  });
});

describe('operators', () => {
  test('the last administrator stays one, whoever asks at the same time', async () => {
    const root = await operatorByEmail(desk.ledger, 'root@acme.example');
    const second = await desk.hire('second@acme.example', 'admin');
    const change = (operatorId: string, isDisabled: boolean | null) =>
      changeOperator(desk.ledger, operatorId, { role: isDisabled === null ? 'viewer' : null, isDisabled }, now());
    const both = await Promise.all([
      codeOf(change(root?.operatorId ?? '', null)),
      codeOf(change(second.operatorId, true)),
    ]);
    expect(both.toSorted()).toEqual([null, 'last-admin'].toSorted());
    const admins = (await listOperators(desk.ledger, now())).filter(
      ({ role, disabledAt }) => role === 'admin' && disabledAt === null,
    );
    expect(admins).toHaveLength(1);
    expect(await codeOf(change(admins[0]?.operatorId ?? '', true))).toBe('last-admin');
    expect(await codeOf(change('nobody', true))).toBe('unknown-operator');
  });

  test('are listed with their ways in and their sessions', async () => {
    await desk.signIn.signIn({ email: 'grace@acme.example', password: PASSWORD }, desk.from('10.0.0.1'));
    const grace = (await listOperators(desk.ledger, now())).find(({ email }) => email === 'grace@acme.example');
    expect(grace).toMatchObject({ sessions: 1, ways: ['password'], disabledAt: null });
    expect(Date.parse(grace?.lastSeenAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
  });
});

describe('the audit log', () => {
  const ACT: Act = { by: 'operator', who: 'root@acme.example', action: 'test', subject: 'a', ipAddress: '10.0.0.1' };
  const query = {
    who: null,
    action: 'test',
    subject: null,
    outcome: null,
    from: null,
    to: null,
    before: null,
    limit: 50,
  };

  test('says what was about to happen before it does, and then how it went', async () => {
    let seen: unknown = null;
    await audited(desk, { ...ACT, details: { kind: 'x' } }, async (note) => {
      [seen] = await auditEntries(desk.ledger, query);
      note({ subject: 'b', details: { n: 1 } });
    });
    expect(seen).toMatchObject({ outcome: null, subject: 'a' });
    const failing = audited(desk, ACT, () => Promise.reject(new Error('broken')));
    await expect(failing).rejects.toThrow('broken');
    const [second, first] = await auditEntries(desk.ledger, query);
    expect(first).toMatchObject({
      outcome: 'done',
      subject: 'b',
      details: { kind: 'x', n: 1 },
      who: 'root@acme.example',
    });
    expect(second).toMatchObject({ outcome: 'failed', subject: 'a' });
    expect(await auditEntries(desk.ledger, { ...query, before: second?.entryId ?? 0 })).toEqual([first]);
    expect(await auditEntries(desk.ledger, { ...query, outcome: 'failed' })).toEqual([second]);
    expect(await auditEntries(desk.ledger, { ...query, to: new Date(0) })).toEqual([]);
  });

  test('what cannot be written down is not done', async () => {
    let isDone = false;
    await desk.ledger.command('ALTER TABLE audit_log RENAME TO audit_log_away');
    const code = await codeOf(
      audited(desk, ACT, async () => {
        isDone = true;
      }),
    );
    await desk.ledger.command('ALTER TABLE audit_log_away RENAME TO audit_log');
    expect({ code, isDone }).toEqual({ code: 'ledger-query', isDone: false });
  });

  test('what was done and whose outcome cannot be written down is told, and its entry stands', async () => {
    await desk.ledger.command('ALTER TABLE audit_outcomes RENAME TO audit_outcomes_away');
    const code = await codeOf(audited(desk, { ...ACT, subject: 'unknown outcome' }, () => Promise.resolve()));
    await desk.ledger.command('ALTER TABLE audit_outcomes_away RENAME TO audit_outcomes');
    expect(code).toBe('ledger-query');
    const [entry] = await auditEntries(desk.ledger, query);
    expect(entry).toMatchObject({ subject: 'unknown outcome', outcome: null });
  });

  test.each([
    'UPDATE audit_log SET who = $1',
    'DELETE FROM audit_log WHERE who = $1',
    'UPDATE audit_outcomes SET who = $1',
  ])('nobody rewrites it: %s', async (sql) =>
    expect(await codeOf(desk.ledger.command(sql, ['mallory']))).toBe('ledger-query'),
  );
  test('nor empties it', async () =>
    expect(await codeOf(desk.ledger.command('TRUNCATE audit_log CASCADE'))).toBe('ledger-query'));
});
