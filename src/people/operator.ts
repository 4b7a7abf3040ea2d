import { z } from 'zod';
import type { Ledger, Queryable } from '../ledger/ledger.ts';
import { Failure } from '../model/failure.ts';
import { newToken } from './one-time.ts';
import { ROLES, type Role } from './role.ts';

/** A person who signs in. */
export interface Operator {
  readonly operatorId: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly createdAt: string;
  /** Null: may sign in. */
  readonly disabledAt: string | null;
}

/** An operator as they are listed. */
export interface ListedOperator extends Operator {
  /** Sessions that are open now. */
  readonly sessions: number;
  /** The last time one of them was used, to a minute; null: none is open. */
  readonly lastSeenAt: string | null;
  /** Ways to sign in: `password`, `oidc`. */
  readonly ways: readonly string[];
}

const COLUMNS = 'id, name, email, role, created_at, disabled_at';
const operatorSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.enum(ROLES),
  created_at: z.date(),
  disabled_at: z.date().nullable(),
});

const emailSchema = z.email().max(254);

/** An address as it is kept: in small letters. Refuses `bad-email`. */
export function readEmail(text: string): string {
  const parsed = emailSchema.safeParse(text.trim().toLowerCase());
  if (!parsed.success) throw new Failure('bad-email', 'This is no e-mail address. Write it like name@example.com.');
  return parsed.data;
}

function operatorOf(row: z.infer<typeof operatorSchema>): Operator {
  const { id: operatorId, name, email, role } = row;
  const disabledAt = row.disabled_at?.toISOString() ?? null;
  return { operatorId, name, email, role, createdAt: row.created_at.toISOString(), disabledAt };
}

/** The operator with an address; null: there is none. */
export async function operatorByEmail(ledger: Queryable, email: string): Promise<Operator | null> {
  const [row] = await ledger.query(`SELECT ${COLUMNS} FROM operators WHERE email = lower($1)`, [email], operatorSchema);
  return row === undefined ? null : operatorOf(row);
}

/** The operator with an id; null: there is none. */
export async function operatorById(ledger: Queryable, operatorId: string): Promise<Operator | null> {
  const [row] = await ledger.query(`SELECT ${COLUMNS} FROM operators WHERE id = $1`, [operatorId], operatorSchema);
  return row === undefined ? null : operatorOf(row);
}

const listedSchema = operatorSchema.extend({
  sessions: z.coerce.number(),
  last_seen_at: z.date().nullable(),
  ways: z.array(z.string()),
});

/** Everybody, by address. */
export async function listOperators(ledger: Queryable, now: Date): Promise<readonly ListedOperator[]> {
  const rows = await ledger.query(
    `SELECT ${COLUMNS},
      (SELECT count(*) FROM operator_sessions s WHERE s.operator_id = o.id AND s.expires_at > $1) AS sessions,
      (SELECT max(updated_at) FROM operator_sessions s WHERE s.operator_id = o.id AND s.expires_at > $1) AS last_seen_at,
      ARRAY(SELECT DISTINCT CASE provider WHEN 'credential' THEN 'password' ELSE provider END
        FROM operator_credentials c WHERE c.operator_id = o.id ORDER BY 1)::text[] AS ways
    FROM operators o ORDER BY email`,
    [now],
    listedSchema,
  );
  return rows.map((row) => ({
    ...operatorOf(row),
    sessions: row.sessions,
    lastSeenAt: row.last_seen_at?.toISOString() ?? null,
    ways: row.ways,
  }));
}

/** A person to let in, with the hash of the password they chose. */
export interface NewOperator {
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly passwordHash: string;
  readonly now: Date;
}

/** Writes down a new operator. Refuses `known-operator` where the address is one's already, and `no-name`. */
export async function createOperator(transaction: Queryable, person: NewOperator): Promise<Operator> {
  const { email, role, passwordHash, now } = person;
  const name = person.name.trim();
  if (name === '') throw new Failure('no-name', 'Say who it is: a name as colleagues know it.');
  const operatorId = newToken();
  const rows = await transaction.query(
    `INSERT INTO operators (id, name, email, email_verified, role, created_at, updated_at)
    VALUES ($1, $2, $3, true, $4, $5, $5) ON CONFLICT (email) DO NOTHING RETURNING ${COLUMNS}`,
    [operatorId, name, email, role, now],
    operatorSchema,
  );
  const [row] = rows;
  if (row === undefined) throw new Failure('known-operator', `${email} is an operator already.`);
  await transaction.command(
    `INSERT INTO operator_credentials (id, subject, provider, operator_id, password, created_at, updated_at)
    VALUES ($1, $2, 'credential', $2, $3, $4, $4)`,
    [newToken(), operatorId, passwordHash, now],
  );
  return operatorOf(row);
}

/** Whether anybody who may sign in is an administrator. */
export async function hasAdmin(ledger: Queryable): Promise<boolean> {
  const [row] = await ledger.query(
    `SELECT count(*) AS n FROM operators WHERE role = 'admin' AND disabled_at IS NULL`,
    [],
    z.object({ n: z.coerce.number() }),
  );
  return (row?.n ?? 0) > 0;
}

/** What to change of an operator; null: leave it. */
export interface OperatorChange {
  readonly role: Role | null;
  readonly isDisabled: boolean | null;
}

/**
 * Changes an operator's role, or lets them in no more or again; who is let in no more, or may less than before, loses every
 * session at once.
 *
 * Refuses `unknown-operator`, and `last-admin` where nobody would be left who administers.
 */
export async function changeOperator(
  ledger: Ledger,
  operatorId: string,
  { role, isDisabled }: OperatorChange,
  now: Date,
): Promise<Operator> {
  return ledger.transaction(async (transaction) => {
    // Two administrators who demote each other at the same time are let through one by one.
    await transaction.command('LOCK TABLE operators IN SHARE ROW EXCLUSIVE MODE');
    const before = await operatorById(transaction, operatorId);
    if (before === null) throw unknownOperator(operatorId);
    const [row] = await transaction.query(
      `UPDATE operators SET role = coalesce($2::text, role), updated_at = $4::timestamptz,
        disabled_at = CASE WHEN $3::boolean IS NULL THEN disabled_at WHEN $3 THEN coalesce(disabled_at, $4::timestamptz) END
      WHERE id = $1 RETURNING ${COLUMNS}`,
      [operatorId, role, isDisabled, now],
      operatorSchema,
    );
    if (row === undefined) throw unknownOperator(operatorId);
    const wasAdmin = before.role === 'admin' && before.disabledAt === null;
    if (wasAdmin && !(await hasAdmin(transaction))) {
      throw new Failure('last-admin', `${before.email} is the last administrator. Make somebody else one first.`);
    }
    const after = operatorOf(row);
    const mayLess = ROLES.indexOf(after.role) < ROLES.indexOf(before.role);
    if (after.disabledAt !== null || mayLess) {
      await transaction.command('DELETE FROM operator_sessions WHERE operator_id = $1', [operatorId]);
    }
    return after;
  });
}

/** The failure of an id that nobody has. */
export const unknownOperator = (operatorId: string): Failure =>
  new Failure('unknown-operator', `There is no operator ${operatorId}.`);
