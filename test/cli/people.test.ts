import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type OpenLedger, openLedger } from '../../src/ledger/open.ts';
import { auditEntries } from '../../src/people/audit-log.ts';
import { acceptInvitation } from '../../src/people/invitation.ts';
import { ARGON2ID } from '../../src/people/password.ts';
import { workspaceSecret } from '../../src/people/secret.ts';
import { SESSION_LIMITS } from '../../src/people/session.ts';
import { SignIn } from '../../src/people/sign-in.ts';
import { scratchFolder } from '../scratch.ts';
import { cli, json } from './terminal.ts';

const PASSWORD = 'four plain words here';
const NOBODY = { ipAddress: '10.0.0.1', userAgent: 'test', cookie: '' };
const workspace = join(scratchFolder(), 'acme');
const at = ['--workspace', workspace];

/** Works in the ledger between two command lines, as `serve` would. */
async function inLedger<T>(work: (ledger: OpenLedger) => Promise<T>): Promise<T> {
  const ledger = await openLedger({ directory: join(workspace, '.bellwether') });
  try {
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}

const inviteOf = async (email: string, role: string) =>
  z
    .object({ link: z.string(), invitedBy: z.string() })
    .parse(await json(['people', 'invite', email, '--role', role, ...at]));

beforeAll(async () => {
  const { status, stderr } = await cli(['init', workspace]);
  expect(status, stderr).toBe(0);
});

test('somebody is invited at the machine, and is who the invitation says', async () => {
  const { link, invitedBy } = await inviteOf('ada@acme.example', 'admin');
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:8321\/invitation#[\w-]{32}$/);
  expect(invitedBy).toBe('tester');
  const own = await cli(['people', 'invite', 'x@acme.example', ...at], {
    BELLWETHER_ORIGIN: 'https://bw.acme.example/',
  });
  expect(own.stdout).toContain('https://bw.acme.example/invitation#');
  await inLedger((ledger) =>
    acceptInvitation(
      { ledger, hasher: ARGON2ID },
      { token: link.split('#')[1] ?? '', name: 'Ada', password: PASSWORD },
      new Date('2026-11-22T12:30:00Z'),
    ),
  );
  const listed = await cli(['people', ...at]);
  expect(listed.stdout).toMatch(/ada@acme\.example +Ada +admin +password/);
  expect(listed.stdout).toMatch(/x@acme\.example +- +viewer +invited until 2026-11-29/);
});

test('an administrator who cannot get in any more gets in by a link from the machine', async () => {
  const { link } = z.object({ link: z.string() }).parse(await json(['people', 'reset', 'ADA@acme.example', ...at]));
  await inLedger(async (ledger) => {
    const signIn = new SignIn({
      ...{ ledger, hasher: ARGON2ID, limits: SESSION_LIMITS, clock: Date.now, origin: 'http://localhost' },
      secret: await workspaceSecret(join(workspace, '.bellwether')),
      onReset: () => undefined,
      onComplaint: (message) => expect.fail(message),
    });
    await signIn.reset({ token: link.split('#')[1] ?? '', password: 'a phrase from the machine' });
    const opened = await signIn.signIn({ email: 'ada@acme.example', password: 'a phrase from the machine' }, NOBODY);
    expect(opened.session.role).toBe('admin');
  });
});

test('the last administrator stays one; others are changed, disabled and let in again', async () => {
  for (const words of [
    ['role', 'ada@acme.example', 'viewer'],
    ['disable', 'ada@acme.example'],
  ]) {
    const { status, stderr } = await cli(['people', ...words, ...at]);
    expect(status).toBe(2);
    expect(stderr).toContain('last administrator');
  }
  const { link } = await inviteOf('grace@acme.example', 'csm');
  await inLedger((ledger) =>
    acceptInvitation(
      { ledger, hasher: ARGON2ID },
      { token: link.split('#')[1] ?? '', name: 'Grace', password: PASSWORD },
      new Date('2026-11-22T12:30:00Z'),
    ),
  );
  expect(await json(['people', 'role', 'grace@acme.example', 'admin', ...at])).toMatchObject({ role: 'admin' });
  expect(await json(['people', 'disable', 'grace@acme.example', ...at])).toMatchObject({
    disabledAt: '2026-11-22T12:00:00.000Z',
  });
  const reset = await cli(['people', 'reset', 'grace@acme.example', ...at]);
  expect(reset.stderr).toContain('people enable grace@acme.example');
  expect(await json(['people', 'enable', 'grace@acme.example', ...at])).toMatchObject({ disabledAt: null });
  expect((await cli(['people', 'role', 'grace@acme.example', 'king', ...at])).stderr).toContain(
    'viewer, csm, editor, admin',
  );
  expect((await cli(['people', 'reset', 'stranger@acme.example', ...at])).stderr).toContain('There is no operator');
});

test('what is done at the machine is written down under the name of who sat there', async () => {
  const entries = await inLedger((ledger) =>
    auditEntries(ledger, {
      who: 'tester',
      action: null,
      subject: null,
      outcome: null,
      from: null,
      to: null,
      before: null,
      limit: 50,
    }),
  );
  const seen = entries.map(({ action, outcome }) => `${action} ${outcome}`).toReversed();
  expect(seen).toEqual([
    ...['invitations.create done', 'invitations.create done', 'password.ask done'],
    ...['people.change refused', 'people.change refused', 'invitations.create done'],
    ...['people.change done', 'people.change done', 'people.change done'],
  ]);
  expect(new Set(entries.map(({ by }) => by))).toEqual(new Set(['system']));
});

test('what is configured about people is checked together', async () => {
  const faults = async (environment: Record<string, string>) => (await cli(['people', ...at], environment)).stderr;
  expect(await faults({ BELLWETHER_ORIGIN: 'https://bw.example.com/path' })).toContain('without a path');
  expect(await faults({ BELLWETHER_SMTP_URL: 'smtp://mail.example.com' })).toContain('BELLWETHER_MAIL_FROM');
  expect(await faults({ BELLWETHER_OIDC_ISSUER: 'https://login.example.com' })).toContain('BELLWETHER_ORIGIN');
  expect(await faults({ BELLWETHER_SECRET: 'short' })).toContain('32 characters');
  expect(await faults({ BELLWETHER_OIDC_ROLE: 'king' })).toContain('BELLWETHER_OIDC_ROLE');
});
