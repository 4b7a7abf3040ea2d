import { z } from 'zod';
import type { Warehouse } from '../../warehouse/warehouse.ts';

/** Whom an erasure is about, as the facts know them. */
export interface Person {
  readonly userId: string;
  /** Only what they did in this account; null: everywhere. */
  readonly accountId: string | null;
  /** Every id that is theirs alone: the one that was named, former and later ones, and those of a visitor. */
  readonly ids: readonly string[];
  /** Ids of a visitor that others used too: they stay, the links to this person go. */
  readonly shared: readonly string[];
  /** Addresses, names and further words of theirs, and those of their ids that no text would hold by accident. */
  readonly words: readonly string[];
  /** Of those words the values that must not come back. */
  readonly values: readonly string[];
  /** Accounts that they belonged to. */
  readonly accounts: readonly string[];
  /** Whether facts name them in other accounts than the one named. */
  readonly isElsewhere: boolean;
}

const CHAIN_LENGTH = 8;
/** Attributes of a user that are their own, whatever they are called. */
const OWN = `^(?i:(e_?-?mail(_?address)?|mail|(full|display|user|nick)?_?name|login|phone(_?number)?|mobile))$`;
const FIRST = `^(?i:first_?name|given_?name)$`;
const LAST = `^(?i:last_?name|family_?name|surname)$`;
const SHORTEST_WORD = 5;
const SHORTEST_MARKED = 4;

const ids = z.object({ id: z.string() });

/**
 * Everything by which the facts know a user. An alias says that two ids are one person; a visitor's id is theirs where no
 * link gives it to anybody else. An address or a name that another user has too is not looked for.
 */
export async function findPerson(
  warehouse: Warehouse,
  asked: { readonly userId: string; readonly accountId: string | null; readonly also: readonly string[] },
): Promise<Person> {
  const { userId, accountId } = asked;
  const { own, shared } = await idsOf(warehouse, userId);
  const values = await valuesOf(warehouse, own);
  const accounts = await accountsOf(warehouse, own);
  const words = [...new Set([...values, ...own, ...asked.also].map((word) => word.trim()))].filter(isDistinct);
  return {
    userId,
    accountId,
    ids: own,
    shared,
    words,
    values: values.filter(isDistinct),
    accounts: accountId === null ? accounts : [accountId],
    isElsewhere: accountId !== null && accounts.some((account) => account !== accountId),
  };
}

/** Whether a word would stand in a text by itself only where it means the person: no number, and not two or three letters. */
function isDistinct(word: string): boolean {
  if (!/\p{L}/u.test(word)) return false;
  return word.length >= (/[^\p{L}]/u.test(word) ? SHORTEST_MARKED : SHORTEST_WORD);
}

async function idsOf(warehouse: Warehouse, userId: string): Promise<{ own: string[]; shared: string[] }> {
  const links = `SELECT user_id, anonymous_id, previous_id FROM identities
    UNION ALL SELECT user_id, anonymous_id, previous_id FROM arrivals WHERE into = 'identities'`;
  let own = [userId];
  let shared: string[] = [];
  for (let step = 0; step < CHAIN_LENGTH; step += 1) {
    const parameters = { own };
    const later = await warehouse.rows(
      `SELECT DISTINCT user_id AS id FROM (${links}) WHERE previous_id != '' AND previous_id IN {own:Array(String)}`,
      ids,
      { parameters },
    );
    const known = [...new Set([...own, ...later.map(({ id }) => id)])];
    const former = await warehouse.rows(
      `SELECT id, hasAll({own:Array(String)}, groupUniqArray(user_id)) AS is_own FROM (
        SELECT user_id, arrayJoin(arrayFilter(v -> v != '', [anonymous_id, previous_id])) AS id FROM (${links})
      ) GROUP BY id HAVING hasAny({own:Array(String)}, groupUniqArray(user_id))`,
      ids.extend({ is_own: z.coerce.number() }),
      { parameters: { own: known } },
    );
    const next = [...new Set([...known, ...former.filter(({ is_own }) => is_own === 1).map(({ id }) => id)])];
    shared = former.filter(({ id, is_own }) => is_own === 0 && !next.includes(id)).map(({ id }) => id);
    if (next.length === own.length) break;
    own = next;
  }
  return { own, shared };
}

async function valuesOf(warehouse: Warehouse, own: readonly string[]): Promise<readonly string[]> {
  const said = `SELECT user_id AS id, 'email' AS name, email AS value FROM users
    UNION ALL SELECT user_id, kv.1, kv.2 FROM users ARRAY JOIN CAST(traits, 'Array(Tuple(String, String))') AS kv
    UNION ALL SELECT id, toString(name), value FROM traits WHERE entity = 'user'
    UNION ALL SELECT user_id, toString(name), value FROM arrivals WHERE into = 'traits' AND entity = 'user'`;
  const rows = await warehouse.rows(
    `SELECT DISTINCT value FROM (
      SELECT id, value FROM (${said}) WHERE match(name, {own_name:String}) AND value != ''
      UNION ALL SELECT f.id, concat(f.value, ' ', l.value) FROM (SELECT id, value FROM (${said}) WHERE match(name, {first:String})) AS f
        INNER JOIN (SELECT id, value FROM (${said}) WHERE match(name, {last:String})) AS l ON l.id = f.id
    ) GROUP BY value HAVING hasAll({own:Array(String)}, groupUniqArray(id))`,
    z.object({ value: z.string() }),
    { parameters: { own, own_name: OWN, first: FIRST, last: LAST }, settings: { join_use_nulls: 0 } },
  );
  return rows.map(({ value }) => value);
}

async function accountsOf(warehouse: Warehouse, own: readonly string[]): Promise<readonly string[]> {
  const tables = ['users', 'events', 'tickets', 'nps', 'touches', 'arrivals'];
  const parts = tables.map((table) => `SELECT account_id AS id FROM ${table} WHERE user_id IN {own:Array(String)}`);
  const rows = await warehouse.rows(
    `SELECT DISTINCT id FROM (${parts.join(' UNION ALL ')}) WHERE id != '' ORDER BY id`,
    ids,
    { parameters: { own } },
  );
  return rows.map(({ id }) => id);
}
