import { z } from 'zod';
import { factTextSql, keyedHashSql } from '../../ingest/suppression.ts';
import { onCluster, storedTable } from '../../warehouse/cluster.ts';
import { whole } from '../../warehouse/values.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import type { Engines } from '../engines.ts';
import type { Person } from './person.ts';
import { columnsOf, type TableRecord } from './treatment.ts';
import { WAREHOUSE_RECORDS } from './warehouse-register.ts';

/** What an erasure does to one table: rows that go, and rows of others from which words are taken. */
export interface TableCount {
  readonly engine: 'warehouse' | 'ledger';
  readonly table: string;
  readonly removed: number;
  readonly mended: number;
}

/** Where a person is looked for: the warehouse, and the name of this process among those that share it. */
export type Held = Pick<Engines, 'warehouse' | 'run'>;

/** Uses of this process so far: several may count at once, and each says whom it is about in a table of its own. */
let uses = 0;
/** A number this long stands for nobody else in a value of its own. */
const LONG_ID = 4;
/** A mended row has no content to compare with any more. */
const NO_CONTENT = 0;

const quoteName = (name: string): string => `\`${name}\``;

/** What statements about a person are made of: SQL that reads whom they are about, and names nobody. */
interface Wanted {
  readonly ids: string;
  readonly hasWords: boolean;
  /** SQL: whether a text holds their words; whether it is one of their ids or holds their words. */
  readonly holds: (sql: string) => string;
  readonly isTheirs: (sql: string) => string;
  readonly without: (sql: string) => string;
  readonly isSent: (sql: string) => string;
  readonly accounts: string;
  readonly person: Person;
  readonly drop: () => Promise<void>;
}

/** A pattern of words as a text that stands by itself, for both engines' dialects. */
export function wordPattern(words: readonly string[], boundary: string): string {
  const spelled = words.flatMap((word) => [word, JSON.stringify(word).slice(1, -1)]);
  const plain = [...new Set(spelled)].map((word) => word.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&'));
  return `(^|[^${boundary}])(${plain.join('|')})($|[^${boundary}])`;
}

/** Makes that table on every server, since each takes the person out of its own rows; the answer is how to write to all. */
async function openWanted(warehouse: Warehouse, name: string): Promise<Readonly<Record<string, number>>> {
  const { cluster } = warehouse;
  await dropWanted(warehouse, name);
  const columns = `${name}${onCluster(cluster)} (kind String, value String)`;
  if (cluster === null || cluster.isRehearsal) {
    await warehouse.command(`CREATE TABLE ${columns} ENGINE = Memory`);
    return {};
  }
  await warehouse.command(
    `CREATE TABLE ${columns} ENGINE = ReplicatedMergeTree('/clickhouse/tables/{database}/${name}', '{shard}-{replica}') ORDER BY kind`,
  );
  const [members] = await warehouse.rows(
    'SELECT count() AS n FROM system.clusters WHERE cluster = {name:String}',
    z.object({ n: whole }),
    { parameters: { name: cluster.name } },
  );
  return { insert_quorum: members?.n ?? 1 };
}

async function dropWanted(warehouse: Warehouse, name: string): Promise<void> {
  await warehouse.command(`DROP TABLE IF EXISTS ${name}${onCluster(warehouse.cluster)} SYNC`);
}

/** Begins the names of tables that say whom statements are about. */
const WANTED = 'scratch_erasure_';
/** What a carrying out calls itself in those names. */
const CARRIED = 'carried_';
/** Nobody counts for so long. */
const FORGOTTEN_MINUTES = 10;

/** The name under which a process works while it carries erasures out, so that what it leaves when it is killed is known. */
export const carrierOf = (run: string): string => `${CARRIED}${run}`;

/**
 * Drops what killed processes have left of people: the lists of whom they were erasing or counting, and whatever they were
 * computing with. Such a table outlives its maker where the engine does, and nothing tells it from one that is in use; so a
 * computation of another process that is under way fails here, and is asked again. Only for whoever alone carries erasures
 * out; `run`: the name of its process, whose own tables stay.
 */
export async function dropForgotten(warehouse: Warehouse, run: string): Promise<void> {
  const left = await warehouse.rows(
    `SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, 'scratch_')
      AND NOT startsWith(name, {own:String}) AND (NOT startsWith(name, '${WANTED}') OR startsWith(name, '${WANTED}${CARRIED}')
        OR metadata_modification_time < now() - INTERVAL ${FORGOTTEN_MINUTES} MINUTE)`,
    z.object({ name: z.string() }),
    { parameters: { own: `scratch_${run}_` } },
  );
  for (const { name } of left) await dropWanted(warehouse, name);
}

/** Writes down whom the statements are about; the answer is what they are made of. */
async function want({ warehouse, run }: Held, person: Person): Promise<Wanted> {
  uses += 1;
  const name = `${WANTED}${run}_${uses}`;
  const settings = await openWanted(warehouse, name);
  const pattern = `(?i)${wordPattern(person.words, '\\pL\\pN_')}`;
  const cells = `(^|[,;\\t"])(${person.ids.map((id) => id.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')).join('|')})($|[,;\\t"])`;
  const rows = [
    ...person.ids.map((value) => ({ kind: 'id', value })),
    ...person.accounts.map((value) => ({ kind: 'account', value })),
    ...(person.words.length === 0 ? [] : [{ kind: 'words', value: pattern }]),
    { kind: 'cells', value: cells },
  ];
  await warehouse.insertRows(name, rows, { settings });
  const one = (kind: string): string => `(SELECT value FROM ${name} WHERE kind = '${kind}' LIMIT 1)`;
  const all = (kind: string): string => `(SELECT value FROM ${name} WHERE kind = '${kind}')`;
  const long = `(SELECT groupArray(value) FROM ${name} WHERE kind = 'id' AND length(value) >= ${LONG_ID})`;
  const hasWords = person.words.length > 0;
  const holds = (sql: string): string => (hasWords ? `match(${sql}, ${one('words')})` : '0');
  const once = (sql: string): string => `replaceRegexpAll(${sql}, ${one('words')}, '\\\\1[erased]\\\\3')`;
  return {
    ids: all('id'),
    hasWords,
    holds,
    isTheirs: (sql) => `(has(${long}, ${sql}) OR ${holds(sql)})`,
    // Twice, since two words may share what stands between them.
    without: (sql) => once(once(sql)),
    isSent: (sql) => `(${holds(sql)} OR match(${sql}, ${one('cells')}))`,
    accounts: all('account'),
    person,
    drop: () => dropWanted(warehouse, name),
  };
}

/** SQL of the rows of a table that go, and of those that are mended; null: none can. */
interface Conditions {
  readonly removed: string | null;
  readonly mended: string | null;
}

function conditionsOf(record: TableRecord, wanted: Wanted): Conditions {
  const { accountId, isElsewhere } = wanted.person;
  const hasAccount = 'account_id' in record.columns;
  if (accountId !== null && isElsewhere && !hasAccount) return { removed: null, mended: null };
  const within = accountId !== null && hasAccount && isElsewhere ? `account_id IN ${wanted.accounts} AND ` : '';
  const among = (parts: readonly string[]): string | null =>
    parts.length === 0 ? null : `${within}(${parts.join(' OR ')})`;
  const people = columnsOf(record, 'person').map((name) => `${quoteName(name)} IN ${wanted.ids}`);
  const removed = among([
    ...(people.length === 0 ? [] : [`(${record.where ?? '1'} AND (${people.join(' OR ')}))`]),
    ...columnsOf(record, 'raw').map((name) => wanted.isSent(quoteName(name))),
    ...columnsOf(record, 'touched').map((name) => `${quoteName(name)} IN ${wanted.accounts}`),
  ]);
  const texts = wanted.hasWords ? columnsOf(record, 'words').map((name) => wanted.holds(quoteName(name))) : [];
  const maps = columnsOf(record, 'entries').map(
    (name) => `arrayExists(v -> ${wanted.isTheirs('v')}, mapValues(${quoteName(name)}))`,
  );
  const mentions = columnsOf(record, 'mention').map((name) => `${quoteName(name)} IN ${wanted.ids}`);
  const found = among([...texts, ...maps, ...mentions]);
  if (found === null) return { removed, mended: null };
  return { removed, mended: removed === null ? found : `(${found}) AND NOT (${removed})` };
}

function assignments(record: TableRecord, wanted: Wanted): string {
  const set = [
    ...(wanted.hasWords ? columnsOf(record, 'words') : []).map(
      (name) => `${quoteName(name)} = ${wanted.without(quoteName(name))}`,
    ),
    ...columnsOf(record, 'entries').map(
      (name) => `${quoteName(name)} = mapFilter((k, v) -> NOT ${wanted.isTheirs('v')}, ${quoteName(name)})`,
    ),
    ...columnsOf(record, 'mention').map(
      (name) => `${quoteName(name)} = if(${quoteName(name)} IN ${wanted.ids}, '', ${quoteName(name)})`,
    ),
    ...('content' in record.columns ? [`content = ${NO_CONTENT}`] : []),
  ];
  return set.join(', ');
}

const countSchema = z.object({ table: z.string(), removed: whole, mended: whole });

/** SQL: what one table would lose. */
function countSql({ table }: TableRecord, { removed, mended }: Conditions): string {
  const of = (condition: string | null): string => (condition === null ? 'toUInt64(0)' : `countIf(${condition})`);
  return `SELECT '${table}' AS table, ${of(removed)} AS removed, ${of(mended)} AS mended FROM ${table}`;
}

async function countOf(warehouse: Warehouse, record: TableRecord, conditions: Conditions): Promise<TableCount> {
  const [row] = await warehouse.rows(countSql(record, conditions), countSchema);
  return { engine: 'warehouse', table: record.table, removed: row?.removed ?? 0, mended: row?.mended ?? 0 };
}

/** How the steps of an erasure are told to whoever keeps the account of it. */
export interface WarehouseErasure {
  readonly held: Held;
  readonly person: Person;
  /** Key of the hashes of mended facts. */
  readonly key: string;
  /** Told before a table is touched: what it will lose, and the hashes of facts whose first content must not come back. */
  readonly onTable: (count: TableCount, facts: readonly string[]) => Promise<void>;
}

/** What an erasure would do to every table of the warehouse that holds something of the person. */
export async function countInWarehouse(held: Held, person: Person): Promise<readonly TableCount[]> {
  const { warehouse } = held;
  const wanted = await want(held, person);
  try {
    const parts = WAREHOUSE_RECORDS.flatMap((record) => {
      const conditions = conditionsOf(record, wanted);
      return conditions.removed === null && conditions.mended === null ? [] : [countSql(record, conditions)];
    });
    const rows = await warehouse.rows(parts.join(' UNION ALL '), countSchema);
    return rows.map((row) => ({ engine: 'warehouse', ...row }));
  } finally {
    await wanted.drop();
  }
}

/**
 * Takes a person out of every table of the warehouse: rows of theirs go, words of theirs go from rows of others.
 *
 * Each table is written anew without them and resolves when that is done; what was done already is not found again, so that
 * it may be repeated after a crash. Why a table says whom it is about: the engine keeps the text of such statements on disk.
 */
export async function eraseInWarehouse({ held, person, key, onTable }: WarehouseErasure): Promise<void> {
  const { warehouse } = held;
  const wanted = await want(held, person);
  try {
    for (const record of WAREHOUSE_RECORDS) {
      const conditions = conditionsOf(record, wanted);
      if (conditions.removed === null && conditions.mended === null) continue;
      const count = await countOf(warehouse, record, conditions);
      if (count.removed + count.mended === 0) continue;
      await onTable(count, await rememberedFacts(warehouse, record, conditions, key));
      const alter = `ALTER TABLE ${storedTable(warehouse, record.table)}${onCluster(warehouse.cluster)}`;
      const settings = { mutations_sync: '2', allow_nondeterministic_mutations: 1 };
      if (count.mended > 0) {
        await warehouse.command(`${alter} UPDATE ${assignments(record, wanted)} WHERE ${conditions.mended}`, {
          settings,
        });
      }
      if (count.removed > 0) await warehouse.command(`${alter} DELETE WHERE ${conditions.removed}`, { settings });
    }
  } finally {
    await wanted.drop();
  }
}

/**
 * Hashes of the facts of a stream that are about to be mended, and of refused rows that are about to go, so that the file
 * they came from does not bring them back.
 */
async function rememberedFacts(
  warehouse: Warehouse,
  record: TableRecord,
  { removed, mended }: Conditions,
  key: string,
): Promise<readonly string[]> {
  const isRefused = 'raw_key' in record.columns;
  const which = isRefused ? removed : mended;
  if (which === null || record.isRegister === true || !(isRefused || 'fact_key' in record.columns)) return [];
  const known = factTextSql(record.table, isRefused ? 'raw_key' : 'fact_key');
  const rows = await warehouse.rows(
    `SELECT DISTINCT ${keyedHashSql(key, known)} AS hash FROM ${record.table} WHERE ${which}`,
    z.object({ hash: z.string() }),
  );
  return rows.map(({ hash }) => hash);
}

/** A column that still holds words of a person after an erasure, and why it was left. */
export interface Remaining {
  readonly engine: 'warehouse' | 'ledger';
  readonly table: string;
  readonly column: string;
  readonly rows: number;
  readonly because: string;
}

/** Looks for ids and words of a person in every column of every table of the warehouse, whatever its treatment. */
export async function searchWarehouse(held: Held, person: Person): Promise<readonly Remaining[]> {
  const { warehouse } = held;
  const wanted = await want(held, person);
  try {
    const found: Remaining[] = [];
    for (const record of WAREHOUSE_RECORDS) {
      const names = Object.keys(record.columns).filter((name) => !columnsOf(record, 'measure', 'hash').includes(name));
      if (names.length === 0) continue;
      const isFound = names.map((name) => {
        const text = `toString(${quoteName(name)})`;
        const isId = columnsOf(record, 'person', 'mention').includes(name) ? `${text} IN ${wanted.ids}` : '0';
        const guard = isId === '0' ? '1' : (record.where ?? '1');
        return `countIf((${guard} AND ${isId}) OR ${wanted.holds(text)}) AS ${quoteName(`n_${name}`)}`;
      });
      const [row] = await warehouse.rows(
        `SELECT ${isFound.join(', ')} FROM ${record.table}`,
        z.record(z.string(), whole),
      );
      for (const name of names) {
        const rows = row?.[`n_${name}`] ?? 0;
        if (rows > 0)
          found.push({
            engine: 'warehouse',
            table: record.table,
            column: name,
            rows,
            because: reasonOf(record, name, person),
          });
      }
    }
    return found;
  } finally {
    await wanted.drop();
  }
}

/** Why a column was left as it is. */
export function reasonOf(record: TableRecord, name: string, { isElsewhere }: Person): string {
  if (isElsewhere) return 'only one account was named, and they belong to others';
  const treatment = record.columns[name];
  if (treatment === 'operator') return 'names somebody who works with Bellwether';
  if (treatment === 'told' || treatment === 'account')
    return 'describes an account or a model; change it at its source';
  return 'an identifier or a name of a thing; change it at its source';
}
