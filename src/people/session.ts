import { z } from 'zod';
import { ROLES, type Role } from './role.ts';

/** How long a session lasts. */
export interface SessionLimits {
  /** Without a request. */
  readonly idleMinutes: number;
  /** In all, whatever happens in it. */
  readonly absoluteHours: number;
}

/** As ASVS 3.3.2 asks at level 2. */
export const SESSION_LIMITS: SessionLimits = { idleMinutes: 30, absoluteHours: 12 };

/** Where a request comes from. */
export interface Asker {
  readonly ipAddress: string;
  readonly userAgent: string;
  /** The `cookie` header; empty: none. */
  readonly cookie: string;
}

/** An open session and whose it is. */
export interface Session {
  readonly sessionId: string;
  readonly operatorId: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly startedAt: string;
  readonly expiresAt: string;
}

/** A session that was just opened or used, and the `set-cookie` headers to answer with. */
export interface Opened {
  readonly session: Session;
  readonly cookies: readonly string[];
}

/** A session as the library finds it. */
export const foundSchema = z.object({
  session: z.object({ id: z.string(), createdAt: z.date(), expiresAt: z.date() }),
  user: z.object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    role: z.enum(ROLES),
    disabledAt: z.date().nullable(),
  }),
});

/** A session as the rest of the house knows it. */
export function sessionOf({ session, user }: z.infer<typeof foundSchema>): Session {
  return {
    sessionId: session.id,
    operatorId: user.id,
    name: user.name,
    email: user.email,
    role: user.role,
    startedAt: session.createdAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
  };
}

/** The value of a cookie in a `cookie` header; null: it is not there. */
export function cookieOf(header: string, name: string): string | null {
  for (const part of header.split(';')) {
    const at = part.indexOf('=');
    if (at !== -1 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim() || null;
  }
  return null;
}

/** The `cookie` header that a browser sends after it was given these. */
export const cookieHeaderOf = (cookies: readonly string[]): string =>
  cookies.map((cookie) => cookie.split(';')[0] ?? '').join('; ');
