import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 24;

/** What goes into a link that may be used once: 192 random bits. */
export const newToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

/** What the ledger keeps of it; enough for a secret that nobody can guess. */
export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('hex');
