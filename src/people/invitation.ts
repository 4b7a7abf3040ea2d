import { z } from 'zod';
import type { Ledger, Queryable } from '../ledger/ledger.ts';
import { Failure } from '../model/failure.ts';
import { hashOfToken, newToken } from './one-time.ts';
import { createOperator, type Operator, operatorByEmail, readEmail } from './operator.ts';
import { assertGoodPassword, type Hasher } from './password.ts';
import { ROLES, type Role } from './role.ts';

const DAYS = 7;
const DAY_MS = 86_400_000;

/** An invitation as it is listed; its link is nowhere. */
export interface Invitation {
  readonly invitationId: number;
  readonly email: string;
  readonly role: Role;
  readonly invitedBy: string;
  readonly createdAt: string;
  readonly expiresAt: string;
}

const COLUMNS = 'invitation_id, email, role, invited_by, created_at, expires_at';
const invitationSchema = z.object({
  invitation_id: z.coerce.number(),
  email: z.string(),
  role: z.enum(ROLES),
  invited_by: z.string(),
  created_at: z.date(),
  expires_at: z.date(),
});

function invitationOf(row: z.infer<typeof invitationSchema>): Invitation {
  return {
    invitationId: row.invitation_id,
    email: row.email,
    role: row.role,
    invitedBy: row.invited_by,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  };
}

/**
 * Invites somebody: a link that is good once within seven days. An open invitation of the same address is withdrawn.
 *
 * The token is in the answer and nowhere else. Refuses `bad-email` and `known-operator`.
 */
export async function invite(
  ledger: Ledger,
  {
    email: text,
    role,
    by,
    now,
  }: { readonly email: string; readonly role: Role; readonly by: string; readonly now: Date },
): Promise<{ readonly token: string; readonly invitation: Invitation }> {
  const email = readEmail(text);
  const token = newToken();
  const invitation = await ledger.transaction(async (transaction) => {
    if ((await operatorByEmail(transaction, email)) !== null)
      throw new Failure('known-operator', `${email} is an operator already.`);
    await transaction.command(
      'UPDATE invitations SET withdrawn_at = $2 WHERE email = $1 AND accepted_at IS NULL AND withdrawn_at IS NULL',
      [email, now],
    );
    const [row] = await transaction.query(
      `INSERT INTO invitations (hash, email, role, invited_by, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
      RETURNING ${COLUMNS}`,
      [hashOfToken(token), email, role, by, now, new Date(now.getTime() + DAYS * DAY_MS)],
      invitationSchema,
    );
    if (row === undefined) throw new Error('an invitation was not written');
    return invitationOf(row);
  });
  return { token, invitation };
}

/** Invitations that may still be accepted, the latest first. */
export async function openInvitations(ledger: Queryable, now: Date): Promise<readonly Invitation[]> {
  const rows = await ledger.query(
    `SELECT ${COLUMNS} FROM invitations WHERE accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > $1
    ORDER BY invitation_id DESC`,
    [now],
    invitationSchema,
  );
  return rows.map(invitationOf);
}

/** Withdraws an invitation; refuses `unknown-invitation` where none is open under this number. */
export async function withdrawInvitation(ledger: Queryable, invitationId: number, now: Date): Promise<void> {
  const withdrawn = await ledger.command(
    'UPDATE invitations SET withdrawn_at = $2 WHERE invitation_id = $1 AND accepted_at IS NULL AND withdrawn_at IS NULL',
    [invitationId, now],
  );
  if (withdrawn === 0)
    throw new Failure('unknown-invitation', `There is no invitation ${invitationId} that is still open.`);
}

/** Uses up the invitation that fits; answers its address and role, or null where none does. Of two at once, one fits. */
async function takeInvitation(
  transaction: Queryable,
  condition: 'hash' | 'email',
  value: string,
  now: Date,
): Promise<{ readonly email: string; readonly role: Role } | null> {
  const [row] = await transaction.query(
    `UPDATE invitations SET accepted_at = $2 WHERE ${condition} = $1 AND accepted_at IS NULL AND withdrawn_at IS NULL
      AND expires_at > $2 RETURNING ${COLUMNS}`,
    [value, now],
    invitationSchema,
  );
  return row === undefined ? null : { email: row.email, role: row.role };
}

/** The open invitation of an address; null: there is none. */
export async function openInvitationOf(ledger: Queryable, email: string, now: Date): Promise<Invitation | null> {
  const [row] = await ledger.query(
    `SELECT ${COLUMNS} FROM invitations WHERE email = $1 AND accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > $2`,
    [email, now],
    invitationSchema,
  );
  return row === undefined ? null : invitationOf(row);
}

/** Uses up the open invitation of an address whose owner came in by another way; there may be none. */
export async function takeInvitationOf(ledger: Queryable, email: string, now: Date): Promise<void> {
  await takeInvitation(ledger, 'email', email, now);
}

/** What somebody who was invited says of themselves. The address and the role are the invitation's. */
export interface Acceptance {
  readonly token: string;
  readonly name: string;
  readonly password: string;
}

/**
 * Accepts an invitation: all of it or nothing, so that a password that is refused uses no link up.
 *
 * Refuses `spent-link` (unknown, used, withdrawn or too old, in the same words), `weak-password` and `known-operator`.
 */
export async function acceptInvitation(
  { ledger, hasher }: { readonly ledger: Ledger; readonly hasher: Hasher },
  { token, name, password }: Acceptance,
  now: Date,
): Promise<Operator> {
  const spent = new Failure('spent-link', 'This link was used, was withdrawn, or is too old. Ask for another.');
  const [open] = await ledger.query(
    `SELECT ${COLUMNS} FROM invitations WHERE hash = $1 AND accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > $2`,
    [hashOfToken(token), now],
    invitationSchema,
  );
  if (open === undefined) throw spent;
  assertGoodPassword(password, open.email);
  const passwordHash = await hasher.hash(password);
  return ledger.transaction(async (transaction) => {
    const taken = await takeInvitation(transaction, 'hash', hashOfToken(token), now);
    if (taken === null) throw spent;
    return createOperator(transaction, { name, ...taken, passwordHash, now });
  });
}
