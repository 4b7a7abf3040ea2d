import { type OpenLedger, openLedger } from '../../src/ledger/open.ts';
import { createOperator, type Operator } from '../../src/people/operator.ts';
import { ARGON2ID, type Hasher } from '../../src/people/password.ts';
import type { Role } from '../../src/people/role.ts';
import { type Asker, cookieHeaderOf, SESSION_LIMITS } from '../../src/people/session.ts';
import { SignIn } from '../../src/people/sign-in.ts';
import { laidOutFolder } from '../laid-out.ts';

/** A password that nobody refuses. */
export const PASSWORD = 'four plain words here';

/** Argon2id as it is, and how often it was asked. */
export interface CountingHasher extends Hasher {
  readonly calls: { hash: number; verify: number };
}

/** Counts the calls of the real thing. */
export function countingHasher(): CountingHasher {
  const calls = { hash: 0, verify: 0 };
  return {
    calls,
    hash: (password) => {
      calls.hash += 1;
      return ARGON2ID.hash(password);
    },
    verify: (hash, password) => {
      calls.verify += 1;
      return ARGON2ID.verify(hash, password);
    },
  };
}

/** A desk at which people sign in, over a ledger of its own; its clock is moved by hand. */
export interface Desk {
  readonly ledger: OpenLedger;
  readonly hasher: CountingHasher;
  readonly signIn: SignIn;
  /** Milliseconds that the clock is ahead. */
  ahead: number;
  readonly clock: () => number;
  readonly links: { readonly operator: Operator; readonly token: string }[];
  readonly complaints: string[];
  /** Another process over the same ledger. */
  readonly another: () => SignIn;
  readonly hire: (email: string, role?: Role) => Promise<Operator>;
  readonly from: (ipAddress: string, cookies?: readonly string[]) => Asker;
}

/** Opens a desk. */
export async function openDesk(origin = 'https://bellwether.example.com'): Promise<Desk> {
  const ledger = await openLedger({ directory: await laidOutFolder('ledger') });
  const hasher = countingHasher();
  const links: Desk['links'] = [];
  const complaints: string[] = [];
  const time = { ahead: 0 };
  const clock = () => Date.now() + time.ahead;
  const options = {
    ...{ ledger, hasher, clock, origin, secret: 'a secret of the tests that is long enough 0123456789' },
    limits: SESSION_LIMITS,
    onReset: (reset: Desk['links'][number]) => void links.push(reset),
    onComplaint: (message: string) => void complaints.push(message),
  };
  const kept = await ARGON2ID.hash(PASSWORD);
  return {
    ...{ ledger, hasher, links, complaints, clock },
    get ahead() {
      return time.ahead;
    },
    set ahead(milliseconds: number) {
      time.ahead = milliseconds;
    },
    signIn: new SignIn(options),
    another: () => new SignIn(options),
    hire: (email, role = 'viewer') =>
      createOperator(ledger, {
        name: email.split('@')[0] ?? '',
        email,
        role,
        passwordHash: kept,
        now: new Date(clock()),
      }),
    from: (ipAddress, cookies = []) => ({ ipAddress, userAgent: 'test', cookie: cookieHeaderOf(cookies) }),
  };
}

/** The code of what a promise is refused with; null: it was not. */
export async function codeOf(promise: Promise<unknown>): Promise<string | null> {
  try {
    await promise;
    return null;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}
