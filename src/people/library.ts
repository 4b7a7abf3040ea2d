import type { BetterAuthOptions } from 'better-auth';
import { z } from 'zod';
import type { Ledger } from '../ledger/ledger.ts';
import { type Operator, operatorById } from './operator.ts';
import type { Asker, SessionLimits } from './session.ts';

/** What the library that signs people in works with. */
export interface LibraryOptions {
  readonly ledger: Ledger;
  /** Signs cookies. It is not in the ledger, so that who reads a backup cannot sign in with it. */
  readonly secret: string;
  /** Where people reach the server: `https://bellwether.example.com`; decides whether cookies need TLS. */
  readonly origin: string;
  readonly limits: SessionLimits;
  /** What the library complains of: faults of the configuration or of the ledger, never of a person. */
  readonly onComplaint: (message: string) => void;
}

/** Path below which the library answers, where we let it. */
export const LIBRARY_PATH = '/api/v1/sign-in';
/** A session's use is written down at most this often. */
const USE_SECONDS = 60;
/** What the library says where `mayCome` refused somebody, who is told so. */
const REFUSED_SESSION = 'Failed to create session';
const IP_HEADER = 'x-bellwether-client';

/** The library's settings that every instance has: our tables, our cookies, nothing sent anywhere. */
export function libraryOptions({ ledger, secret, origin, limits, onComplaint }: LibraryOptions) {
  const isSecure = origin.startsWith('https:');
  return {
    appName: 'Bellwether',
    baseURL: origin,
    basePath: LIBRARY_PATH,
    secrets: [{ version: 1, value: secret }],
    database: { connect: () => ledger.connect(), end: () => Promise.resolve() } as never,
    telemetry: { enabled: false },
    logger: {
      level: 'error',
      log: (_level: string, message: string) => void (message === REFUSED_SESSION || onComplaint(message)),
    },
    rateLimit: { enabled: false },
    advanced: {
      useSecureCookies: false,
      cookiePrefix: isSecure ? '__Host-bellwether' : 'bellwether',
      defaultCookieAttributes: { secure: isSecure, httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { ipAddressHeaders: [IP_HEADER] },
      disableOriginCheck: false,
    },
    session: {
      modelName: 'operator_sessions',
      expiresIn: limits.idleMinutes * 60,
      updateAge: Math.min(USE_SECONDS, limits.idleMinutes * 30),
      fields: {
        ...{ expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at', ipAddress: 'ip_address' },
        ...{ userAgent: 'user_agent', userId: 'operator_id' },
      },
    },
    user: {
      modelName: 'operators',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
      additionalFields: {
        role: { type: 'string', required: false, input: false },
        disabledAt: { type: 'date', required: false, input: false, fieldName: 'disabled_at' },
      },
    },
    account: {
      modelName: 'operator_credentials',
      fields: {
        ...{ accountId: 'subject', providerId: 'provider', userId: 'operator_id', accessToken: 'access_token' },
        ...{ refreshToken: 'refresh_token', idToken: 'id_token', accessTokenExpiresAt: 'access_token_expires_at' },
        ...{ refreshTokenExpiresAt: 'refresh_token_expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
      },
      updateAccountOnSignIn: false,
    },
    verification: {
      modelName: 'operator_tokens',
      storeIdentifier: 'hashed',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    databaseHooks: {
      session: { create: { before: async ({ userId }) => mayCome(await operatorById(ledger, userId)) } },
      // Tokens of a provider are of no use to us, and what is not kept cannot leak.
      account: { create: { before: async () => ({ data: { accessToken: null, refreshToken: null, idToken: null } }) } },
    },
  } as const satisfies BetterAuthOptions;
}

/** Whether somebody may have a session. */
export const mayCome = (operator: Operator | null): boolean => operator !== null && operator.disabledAt === null;

/** What the library is told of who asks. */
export function headersOf({ ipAddress, userAgent, cookie }: Asker): Headers {
  const headers = new Headers({ [IP_HEADER]: ipAddress, 'user-agent': userAgent.slice(0, 500) });
  if (cookie !== '') headers.set('cookie', cookie);
  return headers;
}

const refusalSchema = z.object({ statusCode: z.number(), body: z.object({ code: z.string() }).optional() });

/** The code of what the library refuses; null: it failed, which is ours. */
export function refusalOf(error: unknown): string | null {
  const parsed = refusalSchema.safeParse(error);
  return parsed.success && parsed.data.statusCode < 500 ? (parsed.data.body?.code ?? 'refused') : null;
}
