import { createHash } from 'node:crypto';
import { Failure } from '../model/failure.ts';
import { headersOf, type LibraryOptions, libraryOptions, mayCome, refusalOf } from './library.ts';
import { countAttempt, forgiveAddress, forgiveAttempt } from './lockout.ts';
import { type Operator, operatorByEmail, operatorById } from './operator.ts';
import { assertGoodPassword, type Hasher, PASSWORD_LENGTH } from './password.ts';
import { type Asker, cookieHeaderOf, cookieOf, foundSchema, type Opened, type Session, sessionOf } from './session.ts';

/** What signing in works with. */
export interface SignInOptions extends LibraryOptions {
  readonly clock: () => number;
  readonly hasher: Hasher;
  /** Hands a reset link's token to the person; must not wait, so that a known address takes no longer than an unknown one. */
  readonly onReset: (reset: { readonly operator: Operator; readonly token: string }) => void;
}

/** A wait that was imposed on sign-ins. */
export class SignInLocked extends Failure {
  readonly seconds: number;

  constructor(seconds: number) {
    super(
      'sign-in-locked',
      `Too many sign-ins failed. Try again in ${seconds} seconds, or ask for a link to a new password.`,
    );
    this.seconds = seconds;
  }
}

/** A session that another process ended is refused after this long at most. */
const MEMORY_MILLIS = 5_000;
const MOST_REMEMBERED = 10_000;
const RESET_SECONDS = 3_600;
const DAY_MILLIS = 86_400_000;

async function createLibrary(options: SignInOptions) {
  const { betterAuth } = await import('better-auth');
  const { ledger, hasher, onReset } = options;
  return betterAuth({
    ...libraryOptions(options),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_LENGTH.least,
      // Counted in UTF-16 there, of which one character takes at most two.
      maxPasswordLength: PASSWORD_LENGTH.most * 2,
      password: { hash: hasher.hash, verify: ({ hash, password }) => hasher.verify(hash, password) },
      resetPasswordTokenExpiresIn: RESET_SECONDS,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: async ({ user, token }) => {
        const operator = await operatorById(ledger, user.id);
        if (operator !== null) onReset({ operator, token });
      },
    },
  });
}

/**
 * Signing in and out: better-auth for passwords, sessions, cookies and links, with our lockout before it and our memory over it.
 * Every refusal of a sign-in reads the same, whoever the address belongs to.
 */
export class SignIn {
  /** Name of the cookie that holds a session. */
  readonly cookieName: string;
  readonly #options: SignInOptions;
  #made: ReturnType<typeof createLibrary> | null = null;
  readonly #remembered = new Map<string, { readonly session: Session | null; readonly until: number }>();

  constructor(options: SignInOptions) {
    this.#options = options;
    this.cookieName = `${libraryOptions(options).advanced.cookiePrefix}.session_token`;
  }

  /** The library, loaded with the first session: what asks with a key, and every command, never needs it. */
  #library(): ReturnType<typeof createLibrary> {
    this.#made ??= createLibrary(this.#options);
    return this.#made;
  }

  /** Forgets what is remembered for five seconds: sessions or roles changed in this process. */
  forget(): void {
    this.#remembered.clear();
  }

  /** The session of a request, at most five seconds old; null: none that is good. What is no use moves no end on. */
  async find(asker: Asker, { isUse } = { isUse: true }): Promise<Opened | null> {
    const value = cookieOf(asker.cookie, this.cookieName);
    if (value === null) return null;
    const key = createHash('sha256').update(value).digest('base64url');
    const now = this.#options.clock();
    const known = this.#remembered.get(key);
    if (known !== undefined && known.until > now)
      return known.session === null ? null : { session: known.session, cookies: [] };
    const found = await this.#look(asker, isUse);
    if (this.#remembered.size >= MOST_REMEMBERED) this.forget();
    this.#remembered.set(key, { session: found?.session ?? null, until: now + MEMORY_MILLIS });
    return found;
  }

  async #look(asker: Asker, isUse: boolean): Promise<Opened | null> {
    const { ledger, limits, clock } = this.#options;
    const { api } = await this.#library();
    const { headers, response } = await api.getSession({
      headers: headersOf(asker),
      query: { disableRefresh: !isUse },
      returnHeaders: true,
    });
    const parsed = foundSchema.safeParse(response);
    if (!parsed.success) return null;
    const { session, user } = parsed.data;
    const endsAt = session.createdAt.getTime() + limits.absoluteHours * 3_600_000;
    if (Math.min(endsAt, session.expiresAt.getTime()) <= clock() || user.disabledAt !== null) {
      await ledger.command('DELETE FROM operator_sessions WHERE id = $1', [session.id]);
      return null;
    }
    return { session: sessionOf(parsed.data), cookies: headers.getSetCookie() };
  }

  /** Opens a session; one that the browser had before ends. Refuses `sign-in-refused` and `sign-in-locked` (a `SignInLocked`). */
  async signIn({ email: text, password }: { email: string; password: string }, asker: Asker): Promise<Opened> {
    const email = text.trim().toLowerCase();
    const before = await this.find(asker);
    const { api } = await this.#library();
    const { headers } = await this.#counted(email, asker, () =>
      api
        .signInEmail({ body: { email, password }, headers: headersOf(asker), returnHeaders: true })
        .catch((error: unknown) => {
          if (refusalOf(error) === null) throw error;
          throw new Failure('sign-in-refused', 'This address and password do not go together, or may not sign in.');
        }),
    );
    if (before !== null) await this.#end(before.session.sessionId);
    await this.#forgetEnded();
    const cookies = headers.getSetCookie();
    const opened = await this.find({ ...asker, cookie: cookieHeaderOf(cookies) });
    if (opened === null) throw new Error('a session was opened and is not there');
    return { session: opened.session, cookies };
  }

  /** Lets an attempt through the counts, and takes it back where it succeeds. */
  async #counted<T>(email: string, { ipAddress }: Asker, work: () => Promise<T>): Promise<T> {
    const { ledger, clock } = this.#options;
    const attempt = { email, ipAddress, now: new Date(clock()) };
    const locked = await countAttempt(ledger, attempt);
    if (locked !== null) throw new SignInLocked(locked.seconds);
    const result = await work();
    await forgiveAttempt(ledger, attempt);
    return result;
  }

  /** Sessions that ended by time and that nobody asked for since. */
  async #forgetEnded(): Promise<void> {
    const { ledger, clock } = this.#options;
    await ledger.command('DELETE FROM operator_sessions WHERE expires_at < $1', [new Date(clock() - DAY_MILLIS)]);
  }

  async #end(sessionId: string): Promise<void> {
    await this.#options.ledger.command('DELETE FROM operator_sessions WHERE id = $1', [sessionId]);
    this.forget();
  }

  /** Ends a session; answers the `set-cookie` headers that make the browser forget it. */
  async signOut(sessionId: string): Promise<readonly string[]> {
    await this.#end(sessionId);
    const secure = this.#options.origin.startsWith('https:') ? '; Secure' : '';
    return [`${this.cookieName}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax${secure}`];
  }

  /**
   * Sets another password; every other session ends. Answers the `set-cookie` headers of the one that goes on.
   *
   * Refuses `weak-password`, `wrong-password`, `no-password` and `sign-in-locked`.
   */
  async changePassword(
    session: Session,
    { current, wanted }: { readonly current: string; readonly wanted: string },
    asker: Asker,
  ): Promise<readonly string[]> {
    assertGoodPassword(wanted, session.email);
    const { api } = await this.#library();
    const { headers } = await this.#counted(session.email, asker, () =>
      api
        .changePassword({
          body: { currentPassword: current, newPassword: wanted, revokeOtherSessions: true },
          headers: headersOf(asker),
          returnHeaders: true,
        })
        .catch((error: unknown) => {
          const code = refusalOf(error);
          if (code === null) throw error;
          if (code === 'CREDENTIAL_ACCOUNT_NOT_FOUND')
            throw new Failure('no-password', 'You sign in without a password. Ask for a link to set one.');
          throw new Failure('wrong-password', 'This is not your password as it is now.');
        }),
    );
    await this.#dropLinks(session.operatorId);
    this.forget();
    return headers.getSetCookie();
  }

  /**
   * Makes a reset link where the address is one's who may sign in. Answers whose it is, for the audit log and nobody else
   * (null: nobody's), and when the link is made: whoever waits for that tells by the time whether the address is known.
   */
  async askForReset(text: string): Promise<{ readonly operatorId: string | null; readonly made: Promise<void> }> {
    const email = text.trim().toLowerCase();
    const operator = await operatorByEmail(this.#options.ledger, email);
    const made = mayCome(operator) ? this.#makeLink(email) : Promise.resolve();
    return { operatorId: operator?.operatorId ?? null, made };
  }

  async #makeLink(email: string): Promise<void> {
    try {
      const { api } = await this.#library();
      await api.requestPasswordReset({ body: { email } });
    } catch {
      this.#options.onComplaint('a link to a new password could not be made; see the ledger');
    }
  }

  /**
   * Sets a password by a link; every session of the operator ends, and so does every wait of the address.
   *
   * Refuses `spent-link` (unknown, used or older than an hour, in the same words), and `weak-password`, which uses no link up.
   */
  async reset({ token, password }: { readonly token: string; readonly password: string }): Promise<Operator> {
    const { ledger, clock } = this.#options;
    const spent = () => new Failure('spent-link', 'This link was used, or is older than an hour. Ask for another.');
    const { api, $context } = await this.#library();
    const { internalAdapter } = await $context;
    const found = await internalAdapter.findVerificationValue(`reset-password:${token}`);
    const operator = found == null ? null : await operatorById(ledger, found.value);
    if (operator === null || !mayCome(operator) || (found?.expiresAt.getTime() ?? 0) <= clock()) throw spent();
    assertGoodPassword(password, operator.email);
    await api.resetPassword({ body: { token, newPassword: password } }).catch((error: unknown) => {
      if (refusalOf(error) === null) throw error;
      throw spent();
    });
    await this.#dropLinks(operator.operatorId);
    await forgiveAddress(ledger, operator.email);
    this.forget();
    return operator;
  }

  /** Links to a new password that were asked for before are worth nothing after there is one. */
  async #dropLinks(operatorId: string): Promise<void> {
    await this.#options.ledger.command('DELETE FROM operator_tokens WHERE value = $1', [operatorId]);
  }
}
