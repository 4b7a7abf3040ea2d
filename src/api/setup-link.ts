import { createHash, randomBytes } from 'node:crypto';
import type { Ledger, Queryable } from '../ledger/ledger.ts';

const HOURS = 24;
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Makes a link's token, good for one use within a day; tokens made before are worth nothing any more. */
export async function createSetupToken(ledger: Ledger, now: Date): Promise<string> {
  const token = randomBytes(24).toString('base64url');
  await ledger.transaction(async (transaction) => {
    await transaction.command('DELETE FROM setup_links WHERE used_at IS NULL', []);
    await transaction.command('INSERT INTO setup_links (hash, created_at, expires_at) VALUES ($1, $2, $3)', [
      hashOf(token),
      now,
      new Date(now.getTime() + HOURS * 3_600_000),
    ]);
  });
  return token;
}

/** Uses a token up; answers whether it was good. Of two that come at once, one is. */
export async function useSetupToken(ledger: Queryable, token: string, now: Date): Promise<boolean> {
  const used = await ledger.command(
    'UPDATE setup_links SET used_at = $2 WHERE hash = $1 AND used_at IS NULL AND expires_at > $2',
    [hashOf(token), now],
  );
  return used === 1;
}
