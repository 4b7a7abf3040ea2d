import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Ledger } from '../ledger/ledger.ts';
import { Failure } from '../model/failure.ts';
import { SCOPES, type Scope } from './scope.ts';

/** A key as it is listed: never the key itself. */
export interface KeyEntry {
  readonly keyId: number;
  readonly name: string;
  readonly scope: Scope;
  /** Its last letters, by which people tell keys apart. */
  readonly hint: string;
  readonly createdAt: string;
  /** Who made it: an operator's address, or the name of another key. */
  readonly createdBy: string;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}

const SECRET_BYTES = 24;
const HINT_LENGTH = 4;
/** A key that another process revoked is refused after this long at most. */
const MEMORY_MILLIS = 5_000;
/** Most strange keys that are remembered as such. */
const MOST_REMEMBERED = 10_000;

const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');

const rowSchema = z.object({
  key_id: z.coerce.number(),
  name: z.string(),
  scope: z.enum(SCOPES),
  hint: z.string(),
  created_at: z.date(),
  created_by: z.string(),
  last_used_at: z.date().nullable(),
  revoked_at: z.date().nullable(),
});

/** A key that a request came with. */
export type Bearer = Pick<KeyEntry, 'keyId' | 'name' | 'scope'>;

/**
 * The keys of machines. A key is 24 random bytes, shown once; the ledger keeps its SHA-256, which is enough for a secret
 * that nobody can guess. Who it is, is remembered for five seconds, so that a request costs no query.
 */
export class KeyRing {
  readonly #ledger: Ledger;
  readonly #clock: () => number;
  readonly #remembered = new Map<string, { readonly bearer: Bearer | null; readonly until: number }>();
  readonly #used = new Map<number, number>();

  constructor(ledger: Ledger, clock: () => number) {
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /** Who a key belongs to; null: nobody, or it was revoked. */
  async find(key: string): Promise<Bearer | null> {
    if (key === '' || key.length > 200) return null;
    const hash = hashOf(key);
    const now = this.#clock();
    const known = this.#remembered.get(hash);
    const bearer = known !== undefined && known.until > now ? known.bearer : await this.#look(hash, now);
    if (bearer !== null) this.#used.set(bearer.keyId, now);
    return bearer;
  }

  async #look(hash: string, now: number): Promise<Bearer | null> {
    const [row] = await this.#ledger.query(
      'SELECT key_id, name, scope FROM api_keys WHERE hash = $1 AND revoked_at IS NULL',
      [hash],
      rowSchema.pick({ key_id: true, name: true, scope: true }),
    );
    const bearer = row === undefined ? null : { keyId: row.key_id, name: row.name, scope: row.scope };
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(hash, { bearer, until: now + MEMORY_MILLIS });
    return bearer;
  }

  /** Makes a key; the answer is the only place where it is ever shown. Refuses `no-name`. */
  async create(name: string, scope: Scope, by: string): Promise<{ key: string; entry: KeyEntry }> {
    if (name.trim() === '') throw new Failure('no-name', 'Give the key a name that says who uses it.');
    const key = `bw_${scope}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
    const [row] = await this.#ledger.query(
      `INSERT INTO api_keys (name, scope, hash, hint, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6)
      RETURNING key_id, name, scope, hint, created_at, created_by, last_used_at, revoked_at`,
      [name.trim(), scope, hashOf(key), key.slice(-HINT_LENGTH), new Date(this.#clock()), by],
      rowSchema,
    );
    if (row === undefined) throw new Error('a key was not written');
    return { key, entry: entryOf(row) };
  }

  /** Every key ever made, the latest first. */
  async list(): Promise<readonly KeyEntry[]> {
    await this.noteUse();
    const rows = await this.#ledger.query(
      'SELECT key_id, name, scope, hint, created_at, created_by, last_used_at, revoked_at FROM api_keys ORDER BY key_id DESC',
      [],
      rowSchema,
    );
    return rows.map(entryOf);
  }

  /** Ends a key; answers whether there was one to end. */
  async revoke(keyId: number): Promise<boolean> {
    const ended = await this.#ledger.command(
      'UPDATE api_keys SET revoked_at = $2 WHERE key_id = $1 AND revoked_at IS NULL',
      [keyId, new Date(this.#clock())],
    );
    this.#remembered.clear();
    return ended > 0;
  }

  /** Whether anybody can administer yet. */
  async hasAdmin(): Promise<boolean> {
    const [row] = await this.#ledger.query(
      `SELECT count(*) AS n FROM api_keys WHERE scope = 'admin' AND revoked_at IS NULL`,
      [],
      z.object({ n: z.coerce.number() }),
    );
    return (row?.n ?? 0) > 0;
  }

  /** Writes down when keys were used last. */
  async noteUse(): Promise<void> {
    const used = [...this.#used];
    this.#used.clear();
    for (const [keyId, at] of used) {
      await this.#ledger.command('UPDATE api_keys SET last_used_at = $2 WHERE key_id = $1', [keyId, new Date(at)]);
    }
  }
}

function entryOf(row: z.infer<typeof rowSchema>): KeyEntry {
  return {
    keyId: row.key_id,
    name: row.name,
    scope: row.scope,
    hint: row.hint,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  };
}
