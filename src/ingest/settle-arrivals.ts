import { z } from 'zod';
import type { FactTable, FactTableName } from '../model/table.ts';
import { factTable, TRACKING_SOURCE } from '../model/tables.ts';
import { onCluster, storedTable } from '../warehouse/cluster.ts';
import { whole } from '../warehouse/values.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { quote } from './fact-file.ts';
import { contentSql, factKeySql } from './identity.ts';
import { factColumns } from './settle.ts';
import { freshNotesSql } from './settle-notes.ts';
import { NOBODY, type SuppressionList, suppressedUserSql, suppressedValueSql } from './suppression.ts';

/** What became facts: how much, whose, and from when on something may read otherwise. */
export interface Settlement {
  /** Rows that arrived, whatever became of them. */
  readonly arrived: number;
  readonly events: { readonly arrived: number; readonly accepted: number };
  /** Accounts that a row names, or to which a user of a row belongs. */
  readonly accounts: readonly string[];
  /** Accounts of which a row of their own is new. */
  readonly declared: readonly string[];
  /** Earliest instant of an event or an account that is new, or of an attribute, a membership or a link; milliseconds, infinite where there is none. */
  readonly earliest: number;
  /** Latest instant of a row, milliseconds. */
  readonly latest: number;
  /** Whether more waits than was settled at once. */
  readonly isPartial: boolean;
}

/** Rows settled at once: bounds memory, and how long one settling takes. */
const MOST_ROWS = 200_000;
/** How far apart the times of one message may be that was sent twice: the sender's clock may have been set in between. */
const REPEAT_DAYS = 40;
/** After this long a minute's arrivals cannot be written to any more. */
const CLEARED_AFTER_SECONDS = 600;

const batchSchema = z.object({ slot: z.coerce.number(), batch: z.string(), rows: whole });

/** Rows of a statement about arrivals: which batches it is about, and the moment of settling. */
interface Settling {
  readonly warehouse: Warehouse;
  /** SQL: a condition over arrivals. */
  readonly batches: string;
}

/**
 * Turns what has arrived into facts; null where nothing waits. One process at a time.
 *
 * Each message counts once, however often it was sent: it is looked for among the facts themselves. A crash at any place is
 * healed by settling again, since what was taken is then known. Attributes and memberships open a row where they say
 * something new. `confirm` is asked before it is noted what was settled: where it refuses, whoever is in charge by then
 * settles it again, and learns whose it was. What is of somebody who was erased meanwhile becomes no fact.
 */
export async function settleArrivals(
  warehouse: Warehouse,
  now: Date,
  confirm: () => Promise<void> = () => Promise.resolve(),
  suppressed: () => Promise<SuppressionList> = () => Promise.resolve(NOBODY),
): Promise<Settlement | null> {
  const found = await waitingBatches(warehouse);
  if (found.length === 0) return null;
  const taken = takeBatches(found);
  const tuples = taken.map(({ slot, batch }) => `(toDateTime(${slot}, 'UTC'), ${quote(batch)})`).join(', ');
  const isLeftOut = suppressedArrivalSql(await suppressed());
  const settling: Settling = {
    warehouse,
    batches: `(slot, batch) IN (${tuples})${isLeftOut === null ? '' : ` AND NOT ${isLeftOut}`}`,
  };
  const extent = await extentOf(settling);
  const [accepted, stated] = await allSettled(settleEvents(settling, extent.events), settleStated(settling, extent));
  await confirm();
  await warehouse.insertRows(
    'settled_batches',
    taken.map(({ slot, batch }) => ({ slot, batch, settled_at: now.toISOString() })),
  );
  return {
    arrived: taken.reduce((sum, { rows }) => sum + rows, 0),
    events: { arrived: extent.events?.rows ?? 0, accepted: accepted.rows },
    accounts: stated.accounts,
    declared: stated.created.accounts,
    earliest: Math.min(accepted.first, stated.created.first, extent.statedFirst),
    latest: extent.latest,
    isPartial: taken.length < found.length,
  };
}

/** Waits for both, so that nothing goes on behind a failure. */
async function allSettled<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}

/** Settles what is no event, and finds whose all of it is. */
async function settleStated(settling: Settling, { tables }: Extent) {
  const { warehouse, batches } = settling;
  const has = (table: FactTableName): boolean => tables.includes(table);
  const created = has('accounts') ? await settleAccounts(settling) : NO_ACCOUNTS;
  if (has('users')) await settleUsers(settling);
  if (has('traits')) await settleTraits(settling);
  if (has('identities')) await settleIdentities(settling);
  if (has('notes')) await warehouse.command(insertSql(factTable('notes'), freshNotesSql(batches), null));
  return { created, accounts: await touchedAccounts(settling, has('identities')) };
}

/** SQL: whether an arrival is of somebody who was erased after it had been let in; null: nobody was. */
function suppressedArrivalSql(list: SuppressionList): string | null {
  const parts = [
    ...['user_id', 'anonymous_id', 'previous_id'].map((name) => suppressedUserSql(list, name, 'account_id')),
    suppressedValueSql(list, 'value'),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : `(${parts.join(' OR ')})`;
}

/** Drops minutes of arrivals that are facts as a whole and too long ago to be written to. */
export async function clearArrivals(warehouse: Warehouse, now: Date): Promise<void> {
  const before = Math.floor(now.getTime() / 1000) - CLEARED_AFTER_SECONDS;
  const slots = await warehouse.rows(
    `SELECT toUnixTimestamp(slot) AS slot, toString(slot) AS partition FROM arrivals
     WHERE slot < toDateTime(${before}, 'UTC') GROUP BY slot
     HAVING countIf((slot, batch) NOT IN (SELECT slot, batch FROM settled_batches)) = 0`,
    z.object({ slot: z.coerce.number() }),
  );
  for (const { slot } of slots) {
    for (const table of ['arrivals', 'settled_batches']) {
      const where = `ALTER TABLE ${storedTable(warehouse, table)}${onCluster(warehouse.cluster)}`;
      await warehouse.command(`${where} DROP PARTITION ${slotLiteral(slot)}`);
    }
  }
}

function slotLiteral(slot: number): string {
  return quote(new Date(slot * 1000).toISOString().slice(0, 19).replace('T', ' '));
}

async function waitingBatches(warehouse: Warehouse): Promise<readonly z.infer<typeof batchSchema>[]> {
  return warehouse.rows(
    `SELECT toUnixTimestamp(slot) AS slot, batch, count() AS rows FROM arrivals
     WHERE (slot, batch) NOT IN (SELECT slot, batch FROM settled_batches) GROUP BY slot, batch ORDER BY slot, batch`,
    batchSchema,
  );
}

function takeBatches(found: readonly z.infer<typeof batchSchema>[]): readonly z.infer<typeof batchSchema>[] {
  let rows = 0;
  const end = found.findIndex((batch, index) => {
    rows += batch.rows;
    return index > 0 && rows > MOST_ROWS;
  });
  return end === -1 ? found : found.slice(0, end);
}

interface Span {
  readonly rows: number;
  readonly first: number;
  readonly last: number;
}

interface Extent {
  readonly tables: readonly string[];
  /** Null: no event is among them. */
  readonly events: Span | null;
  /** Earliest instant of a row of neither events nor accounts. */
  readonly statedFirst: number;
  readonly latest: number;
}

async function extentOf({ warehouse, batches }: Settling): Promise<Extent> {
  const rows = await warehouse.rows(
    `SELECT toString(into) AS name, count() AS rows, toUnixTimestamp64Milli(min(time)) AS first, toUnixTimestamp64Milli(max(time)) AS last
     FROM arrivals WHERE ${batches} GROUP BY into`,
    z.object({ name: z.string(), rows: whole, first: z.coerce.number(), last: z.coerce.number() }),
  );
  const stated = rows.filter(({ name }) => name !== 'events' && name !== 'accounts');
  return {
    tables: rows.map(({ name }) => name),
    events: rows.find(({ name }) => name === 'events') ?? null,
    statedFirst: Math.min(...stated.map(({ first }) => first)),
    latest: Math.max(...rows.map(({ last }) => last)),
  };
}

/** SQL: an INSERT of rows that `from` gives with the columns of the contract, `received_at`, and `assumed` where the table has one. */
function insertSql(table: FactTable, from: string, assumed: 0 | 1 | null): string {
  const value = (name: string): string => `r.\`${name}\``;
  const columns = table.columns.map((column) => value(column.name)).join(', ');
  return `INSERT INTO ${table.name} (${factColumns(table)})
    SELECT ${columns}, ${factKeySql(table, value)} AS fact_key, ${contentSql(table, value)}, ${quote(TRACKING_SOURCE)}, '', 0, r.received_at${assumed === null ? '' : `, ${assumed}`}
    FROM (${from}) AS r`;
}

const none = (type: string): string => `CAST(NULL, 'Nullable(${type})')`;

/** SQL: a row of a table from the columns that are given; what is not given is missing. */
function rowSql(table: FactTable, given: Readonly<Record<string, string>>): string {
  const columns = table.columns.map(({ name, type }) => {
    const own = given[name];
    if (own !== undefined) return `${own} AS \`${name}\``;
    if (type === 'map') return `CAST(map(), 'Map(String, String)') AS \`${name}\``;
    if (type === 'list') return `CAST([], 'Array(String)') AS \`${name}\``;
    if (type === 'text') return `'' AS \`${name}\``;
    const stored = {
      instant: `DateTime64(3, \\'UTC\\')`,
      day: 'Date32',
      flag: 'UInt8',
      money: 'Int64',
      integer: 'Int64',
    };
    return `${none(stored[type as keyof typeof stored] ?? 'Float64')} AS \`${name}\``;
  });
  return [...columns, 'received_at'].join(', ');
}

type Accepted = Pick<Span, 'rows' | 'first'>;
const NOTHING: Accepted = { rows: 0, first: Number.POSITIVE_INFINITY };

/** Adds the events that are new; returns how many, and the instant of the first. */
async function settleEvents({ warehouse, batches }: Settling, events: Span | null): Promise<Accepted> {
  if (events === null) return NOTHING;
  const { first, last } = events;
  const table = factTable('events');
  const day = 86_400_000 * REPEAT_DAYS;
  const around = `time >= fromUnixTimestamp64Milli(toInt64(${first - day}), 'UTC') AND time <= fromUnixTimestamp64Milli(toInt64(${last + day}), 'UTC')`;
  const key = factKeySql(table, (name) => `\`${name}\``);
  const arrived = `SELECT ${key} FROM arrivals WHERE ${batches} AND into = 'events'`;
  const known = `SELECT fact_key FROM events WHERE ${around} AND fact_key IN (${arrived})`;
  const isNew = `${key} NOT IN (${known})`;
  const columns = table.columns.map(({ name }) => (name === 'properties' ? PROPERTIES : `\`${name}\``)).join(', ');
  const fresh = `SELECT ${columns}, received_at FROM arrivals WHERE ${batches} AND into = 'events' AND ${isNew}
    ORDER BY slot, batch, position LIMIT 1 BY ${key}`;
  const [row] = await warehouse.rows(
    `SELECT uniqExact(${key}) AS rows, toUnixTimestamp64Milli(min(time)) AS first FROM arrivals WHERE ${batches} AND into = 'events' AND ${isNew}`,
    z.object({ rows: whole, first: z.coerce.number() }),
  );
  if (row === undefined || row.rows === 0) return NOTHING;
  await warehouse.command(insertSql(table, fresh, null));
  return row;
}

const PROPERTIES = `mapSort(CAST(properties, 'Map(String, String)')) AS properties`;

/** Accounts that got a row of their own, and when the first of them was created; infinite where there is none. */
interface Created {
  readonly accounts: readonly string[];
  readonly first: number;
}

const NO_ACCOUNTS: Created = { accounts: [], first: Number.POSITIVE_INFINITY };

/** Adds the accounts that are new. */
async function settleAccounts({ warehouse, batches }: Settling): Promise<Created> {
  const table = factTable('accounts');
  const row = rowSql(table, { account_id: 'account_id', created: 'toNullable(time)' });
  const fresh = `(
      SELECT account_id, min(time) AS time, min(received_at) AS received_at FROM arrivals
      WHERE ${batches} AND into = 'accounts' GROUP BY account_id
    ) WHERE account_id NOT IN (SELECT account_id FROM accounts)`;
  const [found] = await warehouse.rows(
    `SELECT groupArray(account_id) AS accounts, toUnixTimestamp64Milli(min(time)) AS first FROM ${fresh}`,
    z.object({ accounts: z.array(z.string()), first: z.coerce.number() }),
  );
  if (found === undefined || found.accounts.length === 0) return NO_ACCOUNTS;
  await warehouse.command(insertSql(table, `SELECT ${row} FROM ${fresh}`, 0));
  return found;
}

/** A user belongs to an account from the first call that says so, unless a row says it already. */
async function settleUsers({ warehouse, batches }: Settling): Promise<void> {
  const table = factTable('users');
  const row = rowSql(table, { account_id: 'account_id', user_id: 'user_id', from: 'toNullable(time)' });
  const fresh = `SELECT ${row} FROM (
      SELECT account_id, user_id, min(time) AS time, min(received_at) AS received_at FROM arrivals
      WHERE ${batches} AND into = 'users' AND user_id != '' GROUP BY account_id, user_id
    ) AS s WHERE (account_id, user_id) NOT IN (
      SELECT u.account_id, u.user_id FROM users AS u
      INNER JOIN (SELECT account_id, user_id, min(time) AS at FROM arrivals WHERE ${batches} AND into = 'users' GROUP BY account_id, user_id) AS a
        ON a.account_id = u.account_id AND a.user_id = u.user_id
      WHERE (isNull(u.\`from\`) OR u.\`from\` <= a.at) AND (isNull(u.\`to\`) OR u.\`to\` > a.at)
    )`;
  await warehouse.command(insertSql(table, fresh, 0));
}

/** SQL: of rows (keys, value, at, is_new) those that are new and say otherwise than the row before them. */
function changesSql(keys: string, rows: string): string {
  return `SELECT * FROM (
      SELECT *, row_number() OVER w AS place, lagInFrame(value) OVER (PARTITION BY ${keys} ORDER BY at, is_new, received_at ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS before
      FROM (${rows}) WINDOW w AS (PARTITION BY ${keys} ORDER BY at, is_new, received_at)
    ) WHERE is_new = 1 AND (place = 1 OR before != value)`;
}

async function settleTraits({ warehouse, batches }: Settling): Promise<void> {
  const table = factTable('traits');
  const id = `if(entity = 'account', account_id, user_id)`;
  const arrived = `SELECT toString(entity) AS entity, ${id} AS id, toString(name) AS name, value, time AS at, 1 AS is_new, received_at
    FROM arrivals WHERE ${batches} AND into = 'traits'`;
  const known = `SELECT toString(entity), id, toString(name), value, ifNull(\`from\`, toDateTime64(0, 3, 'UTC')), 0, received_at
    FROM traits WHERE account_id = '' AND (entity, id) IN (SELECT entity, ${id} FROM arrivals WHERE ${batches} AND into = 'traits')`;
  const changes = changesSql('entity, id, name', `${arrived} UNION ALL ${known}`);
  const row = rowSql(table, { entity: 'entity', id: 'id', name: 'name', value: 'value', from: 'toNullable(at)' });
  await warehouse.command(insertSql(table, `SELECT ${row} FROM (${changes})`, 0));
}

async function settleIdentities({ warehouse, batches }: Settling): Promise<void> {
  const table = factTable('identities');
  const arrived = `SELECT anonymous_id, previous_id, user_id AS value, time AS at, 1 AS is_new, received_at FROM arrivals WHERE ${batches} AND into = 'identities'`;
  const known = `SELECT anonymous_id, previous_id, user_id, time, 0, received_at FROM identities
    WHERE (anonymous_id, previous_id) IN (SELECT anonymous_id, previous_id FROM arrivals WHERE ${batches} AND into = 'identities')`;
  const changes = changesSql('anonymous_id, previous_id', `${arrived} UNION ALL ${known}`);
  const given = { anonymous_id: 'anonymous_id', previous_id: 'previous_id', user_id: 'value', time: 'at' };
  await warehouse.command(insertSql(table, `SELECT ${rowSql(table, given)} FROM (${changes})`, null));
}

/** Links of links are followed this far. */
const CHAIN_LENGTH = 4;

/**
 * Accounts whose profile the rows may change: those they name, those of their users and of whoever these users are known
 * to be, those that a visitor or a former id used, and those that carry on the history of any of them.
 */
async function touchedAccounts({ warehouse, batches }: Settling, hasLinks: boolean): Promise<readonly string[]> {
  const people = await widened(
    warehouse,
    `SELECT user_id AS id FROM arrivals WHERE ${batches} AND user_id != ''
     ${hasLinks ? `UNION ALL SELECT arrayJoin([anonymous_id, previous_id]) AS id FROM arrivals WHERE ${batches} AND into = 'identities'` : ''}`,
    `SELECT if(anonymous_id != '', anonymous_id, previous_id) AS old_id, user_id AS new_id FROM identities`,
  );
  const former = `SELECT arrayJoin([anonymous_id, previous_id]) AS id FROM arrivals WHERE ${batches} AND into = 'identities'`;
  const parts = [
    `SELECT account_id FROM arrivals WHERE ${batches} AND account_id != ''`,
    `SELECT account_id FROM users WHERE user_id IN (${people})`,
    ...(hasLinks
      ? [
          `SELECT account_id FROM events WHERE account_id != '' AND user_id IN (SELECT id FROM (${former}) WHERE id != '')`,
        ]
      : []),
  ];
  const accounts = await widened(
    warehouse,
    `SELECT account_id AS id FROM (${parts.join(' UNION ALL ')})`,
    `SELECT account_id AS old_id, into_account_id AS new_id FROM account_links WHERE kind != 'split'`,
  );
  const rows = await warehouse.rows(
    `SELECT DISTINCT id FROM (${accounts}) WHERE id != '' ORDER BY id`,
    z.object({ id: z.string() }),
  );
  return rows.map(({ id }) => id);
}

/** SQL: ids, and all that links say is the same one. */
async function widened(warehouse: Warehouse, ids: string, links: string): Promise<string> {
  const [row] = await warehouse.rows(
    `SELECT count() AS n FROM (SELECT 1 FROM (${links}) LIMIT 1)`,
    z.object({ n: whole }),
  );
  if (row?.n === 0) return ids;
  let linked = ids;
  for (let step = 0; step < CHAIN_LENGTH; step += 1) {
    linked = `SELECT DISTINCT arrayJoin([old_id, new_id]) AS id
      FROM (SELECT old_id, new_id, arrayJoin([old_id, new_id]) AS end FROM (${links})) WHERE end IN (${linked})`;
  }
  return `SELECT id FROM (${ids}) UNION ALL SELECT id FROM (${linked})`;
}
