import type { BetterAuthOptions } from 'better-auth';
import { Failure } from '../model/failure.ts';
import { openInvitationOf, takeInvitationOf } from './invitation.ts';
import {
  headersOf,
  LIBRARY_PATH,
  type LibraryOptions,
  libraryOptions,
  mayCome,
  refusalOf as refusedBy,
} from './library.ts';
import { operatorByEmail } from './operator.ts';
import type { Role } from './role.ts';
import type { Asker } from './session.ts';

/** A provider that people sign in with, found by its discovery document. */
export interface OidcConfiguration {
  /** `https://login.example.com/.well-known/openid-configuration`. */
  readonly discoveryUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Role of somebody who comes for the first time without an invitation. */
  readonly role: Role;
  /** Domains of addresses that may come without an invitation; none: everybody must be invited. */
  readonly domains: readonly string[];
}

/** What signing in with a provider works with. */
export interface OidcOptions extends LibraryOptions {
  readonly clock: () => number;
  readonly provider: OidcConfiguration;
}

/** An answer that sends the browser on. */
export interface Onward {
  readonly location: string;
  readonly cookies: readonly string[];
}

const PROVIDER = 'oidc';

/** Where the provider sends people back to: what is registered there, below the server's own address. */
export const OIDC_CALLBACK_PATH = `${LIBRARY_PATH}/callback/${PROVIDER}`;

/** Who may come in by the provider: whoever it has proved an address of, and who is an operator, invited, or of a domain that may. */
async function refusalOf({ ledger, clock, provider }: OidcOptions, email: string, isProved: boolean) {
  if (!isProved) return 'email_not_verified';
  const operator = await operatorByEmail(ledger, email);
  if (operator !== null) return mayCome(operator) ? null : 'not_allowed';
  const domain = email.toLowerCase().split('@').at(-1) ?? '';
  if (provider.domains.some((allowed) => allowed.toLowerCase() === domain)) return null;
  return (await openInvitationOf(ledger, email.toLowerCase(), new Date(clock()))) === null ? 'not_invited' : null;
}

async function createLibrary(options: OidcOptions) {
  const [{ betterAuth }, { genericOAuth }] = await Promise.all([
    import('better-auth'),
    import('better-auth/plugins/generic-oauth'),
  ]);
  const { ledger, clock, provider } = options;
  const library = libraryOptions(options);
  return betterAuth({
    ...library,
    onAPIError: { errorURL: `${options.origin}/sign-in` },
    user: {
      ...library.user,
      validateUserInfo: async ({
        user,
      }: {
        user: { email?: string | undefined; emailVerified?: boolean | undefined };
      }) => {
        const refusal = await refusalOf(options, user.email ?? '', user.emailVerified === true);
        return refusal === null ? undefined : { error: refusal };
      },
    },
    databaseHooks: {
      ...library.databaseHooks,
      user: {
        create: {
          before: async (user) => {
            const invited = await openInvitationOf(ledger, user.email, new Date(clock()));
            const name = user.name === '' ? user.email : user.name;
            return { data: { ...user, name, image: null, role: invited?.role ?? provider.role } };
          },
          after: async (user) => {
            await takeInvitationOf(ledger, user.email, new Date(clock()));
          },
        },
      },
    },
    plugins: [
      genericOAuth({
        config: [
          {
            providerId: PROVIDER,
            discoveryUrl: provider.discoveryUrl,
            clientId: provider.clientId,
            clientSecret: provider.clientSecret,
            scopes: ['openid', 'email', 'profile'],
            pkce: true,
            requireIdTokenVerification: true,
            disableProviderLogout: true,
          },
        ],
      }),
    ],
  } satisfies BetterAuthOptions);
}

/**
 * Signing in with a provider: better-auth's authorization code flow with state, PKCE and nonce, in an instance of its own, so
 * that a provider that does not answer keeps nobody from signing in with a password.
 */
export class OidcDoor {
  readonly #options: OidcOptions;
  readonly #origin: string;
  #made: ReturnType<typeof createLibrary> | null = null;

  constructor(options: OidcOptions) {
    this.#options = options;
    this.#origin = options.origin;
  }

  /** The library, loaded with the first who comes this way. */
  #library(): ReturnType<typeof createLibrary> {
    this.#made ??= createLibrary(this.#options);
    return this.#made;
  }

  /** Sends the browser to the provider. Refuses `provider-away` where its discovery document was not to be had. */
  async start(asker: Asker): Promise<Onward> {
    const away = (cause?: unknown) =>
      new Failure('provider-away', 'The provider to sign in with does not answer.', { cause, isRetryable: true });
    const { api } = await this.#library();
    const { headers, response } = await api
      .signInSocial({
        body: { provider: PROVIDER, callbackURL: '/', errorCallbackURL: '/sign-in' },
        headers: headersOf(asker),
        returnHeaders: true,
      })
      .catch((error: unknown) => {
        throw refusedBy(error) === null ? error : away(error);
      });
    if (response.url === undefined) throw away();
    return { location: response.url, cookies: headers.getSetCookie() };
  }

  /** Takes the browser back from the provider: with a session, or to the page of signing in with what was refused. */
  async finish(query: string, asker: Asker): Promise<Onward> {
    const request = new Request(`${this.#origin}${OIDC_CALLBACK_PATH}?${query}`, { headers: headersOf(asker) });
    const { handler } = await this.#library();
    const response = await handler(request);
    const location = response.headers.get('location') ?? '/sign-in?error=failed';
    // Whatever the library says, the browser stays here.
    const { pathname, search } = new URL(location, this.#origin);
    const isOurs = new URL(location, this.#origin).origin === this.#origin;
    const cookies = response.headers.getSetCookie();
    return { location: isOurs ? `${pathname}${search}` : '/sign-in?error=failed', cookies };
  }
}
