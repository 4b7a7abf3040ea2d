import type { Model } from '../definition/model.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Measurement } from './asked.ts';
import { attributesOf } from './attribute.ts';
import { ACCOUNT_SIGNALS } from './catalogue.ts';
import {
  cohortSql,
  compositeSql,
  directionSql,
  eligibleSql,
  firstMatch,
  healthSql,
  homeSql,
  lifecycleSql,
  rowTypes,
  tierSql,
  valueTierSql,
} from './classes.ts';
import { instantOf } from './coverage.ts';
import { scratch } from './plan.ts';
import { placeSql, type Ranked } from './ranking.ts';
import { buildScratch } from './scratch.ts';
import { type MeasuredSignal, REASON_CODES } from './signal_definition.ts';

/** SQL: rows of all as-ofs, every signal at its own instant. As-ofs that need no other instant are read together. */
function pickAllSql(
  plan: Measurement,
  entity: 'account' | 'user',
  asOfs: readonly number[],
  kept: readonly string[],
): string {
  const inputs = plan.asked[entity].map((signal) => signal.inputs);
  const isOwn = (asOf: number) => inputs.every((names) => instantOf(plan.coverage, names, asOf) === asOf);
  const together = asOfs.filter(isOwn);
  const parts = asOfs.filter((asOf) => !isOwn(asOf)).map((asOf) => pickSql(plan, entity, [asOf], kept));
  return [...(together.length === 0 ? [] : [pickSql(plan, entity, together, kept)]), ...parts].join(' UNION ALL ');
}

/** SQL: rows of as-ofs with every signal taken from the row of its own instant: one as-of, or several that are their own. */
function pickSql(
  plan: Measurement,
  entity: 'account' | 'user',
  asOfs: readonly number[],
  kept: readonly string[],
): string {
  const asOf = asOfs[0] ?? 0;
  const table = scratch(plan, `signals_${entity}`);
  const signals = plan.asked[entity];
  const instants = [...new Set(signals.map((signal) => instantOf(plan.coverage, signal.inputs, asOf)))].filter(
    (i) => i !== asOf,
  );
  const alias = (signal: MeasuredSignal) => {
    const instant = instantOf(plan.coverage, signal.inputs, asOf);
    return instant === asOf ? 'b' : `i${instants.indexOf(instant)}`;
  };
  const columns = signals.flatMap((signal) => {
    const from = alias(signal);
    if (from === 'b') return [`b.${signal.name} AS ${signal.name}`, `b.${signal.name}__null AS ${signal.name}__null`];
    const reason = `if(${from}.account_id = '', ${REASON_CODES.missing}, ${from}.${signal.name}__null)`;
    return [`${from}.${signal.name} AS ${signal.name}`, `toUInt8(${reason}) AS ${signal.name}__null`];
  });
  const key = entity === 'account' ? ['account_id'] : ['account_id', 'user_id'];
  if (instants.length === 0) {
    const names = signals.flatMap(({ name }) => [name, `${name}__null`]);
    const listed = ['at', ...key, ...kept, ...names, ...(entity === 'account' ? ['assumed'] : [])];
    return `SELECT at AS as_of, ${listed.join(', ')} FROM ${table} WHERE at IN (${asOfs.join(', ')})`;
  }
  if (entity === 'account') columns.push(`${assumedSql(alias)} AS assumed`);
  const joins = instants.map((instant, index) => {
    const on = key.map((column) => `i${index}.${column} = b.${column}`).join(' AND ');
    return `LEFT JOIN (SELECT * FROM ${table} WHERE at = ${instant}) AS i${index} ON ${on}`;
  });
  return `SELECT b.at AS as_of, b.at AS at, ${[...key, ...kept].map((column) => `b.${column} AS ${column}`).join(', ')}, ${columns.join(', ')}
    FROM (SELECT * FROM ${table} WHERE at IN (${asOfs.join(', ')})) AS b ${joins.join(' ')}`;
}

/** SQL: what is assumed of the account at the as-of, and of its money at the instant at which that is measured. */
function assumedSql(alias: (signal: MeasuredSignal) => string): string {
  const score = ACCOUNT_SIGNALS.find((signal) => signal.name === 'value_score');
  const money = score === undefined ? 'b' : alias(score);
  const ofAccount = (list: string) => `arrayFilter(x -> x IN ('created', 'customer'), ${list})`;
  const ofMoney = (list: string) => `arrayFilter(x -> x NOT IN ('created', 'customer'), ${list})`;
  return `arrayConcat(${ofAccount('b.assumed')}, ${ofMoney(`${money}.assumed`)})`;
}

/** Columns of an account that its profile keeps beside signals. */
export function keptOfAccounts(model: Model): readonly string[] {
  const attributes = attributesOf(model, 'account').map((attribute) => attribute.name);
  const said = ['relationship', 'is_customer', 'was_customer', 'has_contracts'].map((name) => `said_${name}`);
  return [...attributes, 'created_ms', ...said];
}

/** Columns of a user that its profile keeps beside signals: attributes, areas used in 60 days, steps of the sequence reached. */
export function keptOfUsers(model: Model): readonly string[] {
  const attributes = attributesOf(model, 'user').map((attribute) => attribute.name);
  return [...attributes, 'from', 'to', 'used_areas', 'steps_reached'].map((name) => `\`${name}\``);
}

/** Builds `accounts` (as_of, account): attributes, signals, bands and classes of every account at each as-of. */
export async function assembleAccounts(
  warehouse: Warehouse,
  plan: Measurement,
  asOfs: readonly number[],
  ranked: Ranked,
): Promise<void> {
  const { model } = plan;
  const kept = keptOfAccounts(model);
  const types = rowTypes(model, 'account');
  const picked = pickAllSql(plan, 'account', asOfs, kept);
  const bands = model.bands.map((band) => `${firstMatch(band.bands, types)} AS ${band.name}`);
  const places = `SELECT as_of AS place_as_of, account_id AS place_account, place, ranked FROM (${placeSql(plan, asOfs, ranked)})`;
  const withPlace = `SELECT s.*, s.said_relationship AS relationship, s.said_is_customer AS is_customer, s.said_has_contracts AS has_contracts,
      s.said_is_customer OR s.said_was_customer AS was_paying, p.place AS place, p.ranked AS ranked
    FROM (${picked}) AS s LEFT JOIN (${places}) AS p ON p.place_as_of = s.as_of AND p.place_account = s.account_id`;
  const health = `${healthSql(model)} AS health_score`;
  const isOwnHealth = model.segments.some((segment) => !segment.isOverlay && segment.health !== null);
  const first = [
    `${eligibleSql(model)} AS eligible`,
    `${cohortSql(model)} AS computed_cohort`,
    `${directionSql()} AS direction`,
    `${valueTierSql(model)} AS value_tier`,
    ...bands,
  ];
  const layers = [
    `SELECT *, ${[...first, ...(isOwnHealth ? [] : [health])].join(', ')} FROM (${withPlace})`,
    `SELECT *, if(relationship = 'churned', NULL, computed_cohort) AS cohort, ${lifecycleSql()} AS lifecycle FROM (@)`,
    `SELECT *, ${firstMatch(model.archetypes, types)} AS archetype FROM (@)`,
    ...(isOwnHealth ? [`SELECT *, ${homeSql(model)} AS home_of_health FROM (@)`, `SELECT *, ${health} FROM (@)`] : []),
    `SELECT *, ${compositeSql(model)} AS composite_score FROM (@)`,
  ];
  const sql = layers.reduce((inner, layer) => layer.replace('@', () => inner));
  await buildScratch(warehouse, plan, 'accounts', sql, 'wide');
}

/** Builds `users` (as_of, account, user): attributes, signals and tier of every user at each as-of. */
export async function assembleUsers(warehouse: Warehouse, plan: Measurement, asOfs: readonly number[]): Promise<void> {
  const picked = pickAllSql(plan, 'user', asOfs, keptOfUsers(plan.model));
  await buildScratch(warehouse, plan, 'users', `SELECT *, ${tierSql(plan.model)} AS tier FROM (${picked})`, 'wide');
}
