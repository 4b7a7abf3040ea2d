import { createHmac } from 'node:crypto';

/** What must not come back, as the ledger keeps it: keyed hashes and nothing else. */
export interface SuppressionList {
  /** 32 bytes as hex. */
  readonly key: string;
  readonly users: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
  readonly facts: ReadonlySet<string>;
}

const BLOCK_BYTES = 64;
const HASH_DIGITS = 32;

/** Nobody is suppressed. */
export const NOBODY: SuppressionList = { key: '', users: new Set(), values: new Set(), facts: new Set() };

/** Keyed hash (HMAC-SHA-256, 128 bits of it) by which something is known without being told. */
export function keyedHash(key: string, text: string): string {
  return createHmac('sha256', Buffer.from(key, 'hex')).update(text).digest('hex').slice(0, HASH_DIGITS);
}

/** SQL of the same hash (RFC 2104) over an SQL text; equal to `keyedHash`, digit by digit. */
export function keyedHashSql(key: string, text: string): string {
  const pad = (byte: number): string => {
    const block = Buffer.alloc(BLOCK_BYTES);
    Buffer.from(key, 'hex').copy(block);
    return Buffer.from(block.map((value) => value ^ byte)).toString('hex');
  };
  const inner = `SHA256(concat(unhex('${pad(0x36)}'), ${text}))`;
  return `substring(lower(hex(SHA256(concat(unhex('${pad(0x5c)}'), ${inner})))), 1, ${HASH_DIGITS})`;
}

/** How a user is written to be hashed: everywhere, or in one account. */
export const userText = (userId: string, accountId: string | null): string =>
  accountId === null ? `user\n${userId}` : `user\n${userId}\n${accountId}`;

/** How a value such as an address is written to be hashed. */
export const valueText = (value: string): string => `value\n${value.trim().toLowerCase()}`;

/** Whether a user must not come back: at all, or in this account. */
export function isSuppressedUser(list: SuppressionList, userId: string, accountId: string): boolean {
  if (list.users.size === 0 || userId === '') return false;
  const { key, users } = list;
  return (
    users.has(keyedHash(key, userText(userId, null))) ||
    (accountId !== '' && users.has(keyedHash(key, userText(userId, accountId))))
  );
}

/** Whether a value, such as an address, must not come back. */
export function isSuppressedValue({ key, values }: SuppressionList, value: string): boolean {
  return values.size > 0 && value !== '' && values.has(keyedHash(key, valueText(value)));
}

const quoted = (hashes: ReadonlySet<string>): string => `(${[...hashes].map((hash) => `'${hash}'`).join(', ')})`;

/** SQL of `isSuppressedUser`; null: nobody is. `accountId` null: the row names no account. */
export function suppressedUserSql(list: SuppressionList, userId: string, accountId: string | null): string | null {
  if (list.users.size === 0) return null;
  const hash = (text: string): string => `${keyedHashSql(list.key, text)} IN ${quoted(list.users)}`;
  const everywhere = hash(`concat('user\\n', ${userId})`);
  const there = accountId === null ? '0' : hash(`concat('user\\n', ${userId}, '\\n', ${accountId})`);
  return `(${userId} != '' AND (${everywhere} OR ${there}))`;
}

/** SQL of `isSuppressedValue`; null: no value is. */
export function suppressedValueSql(list: SuppressionList, value: string): string | null {
  if (list.values.size === 0) return null;
  const text = `concat('value\\n', lowerUTF8(trimBoth(${value})))`;
  return `(${value} != '' AND ${keyedHashSql(list.key, text)} IN ${quoted(list.values)})`;
}

/** How a fact that was mended is written to be hashed, as SQL. */
export const factTextSql = (table: string, factKey: string): string =>
  `concat('fact\\n${table}\\n', toString(${factKey}))`;

/** SQL: whether a row is one that was mended, so that its first content must not come back; null: none was. */
export function suppressedFactSql(list: SuppressionList, table: string, factKey: string): string | null {
  if (list.facts.size === 0) return null;
  return `${keyedHashSql(list.key, factTextSql(table, factKey))} IN ${quoted(list.facts)}`;
}
