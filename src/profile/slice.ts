import { z } from 'zod';
import { FACT_TABLES } from '../model/tables.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { type Plan, scratch } from './plan.ts';
import { accountLinkRows } from './resolution.ts';
import { buildScratch } from './scratch.ts';

/** How much of a workspace is measured together: rows of users over all instants and their history, and events. */
export interface SliceSize {
  readonly userRows: number;
  readonly events: number;
}

/** What is measured undivided, and how large a slice is where it must be divided. */
export interface SliceSizes {
  readonly together: SliceSize;
  readonly slice: SliceSize;
}

/**
 * Slices fit beside everything else in less than a gigabyte of the engine's memory, their events copied. What is a little
 * larger is measured together, its events read where they lie: one statement over all of them uses every core, and seven
 * over a seventh each do not (`npm run bench -- --rows signals --full`).
 */
export const SIZES: SliceSizes = {
  together: { userRows: 900_000, events: 25_000_000 },
  slice: { userRows: 600_000, events: 3_000_000 },
};
/** What is kept of a user whatever the instants (first moments, attributes, steps) takes as much as so many of them. */
const HISTORY_INSTANTS = 2;

/** Instants measured together of any workspace; one history pass serves them all. */
const INSTANTS = 14;
/** A workspace that is small is measured at more instants at once, as long as they take this share of a slice's rows. */
const AT_ONCE = 0.5;

/** What measuring an account takes. */
export interface Weight {
  readonly users: number;
  readonly events: number;
}

/** Accounts measured together, by their places in the order of their names: from the first to the one before `to`. */
export interface Slice {
  readonly from: number;
  readonly to: number;
  readonly events: number;
}

/** Rows of users that measuring so many takes. Pure. */
const userRowsOf = (users: number, instants: number): number => users * (instants + HISTORY_INSTANTS);

/**
 * How many instants to measure together: a pass costs a small workspace hardly more for sixty than for one. Pure.
 *
 * No account, or more events than a slice may have: as many as of any workspace.
 */
export function instantsAtOnce(weights: readonly Weight[], { slice }: SliceSizes = SIZES): number {
  const users = weights.reduce((sum, weight) => sum + weight.users, 0);
  const events = weights.reduce((sum, weight) => sum + weight.events, 0);
  if (weights.length === 0 || events > slice.events) return INSTANTS;
  const fitting = Math.floor((slice.userRows * AT_ONCE) / Math.max(users, 1)) - HISTORY_INSTANTS;
  return Math.max(INSTANTS, fitting);
}

/** The slices in which accounts are measured; one or none: together. Pure. */
export function slicesOf(weights: readonly Weight[], instants: number, sizes: SliceSizes): readonly Slice[] {
  const users = weights.reduce((sum, weight) => sum + weight.users, 0);
  const events = weights.reduce((sum, weight) => sum + weight.events, 0);
  const { together, slice } = sizes;
  const fits = userRowsOf(users, instants) <= together.userRows && events <= together.events;
  return fits ? [] : cutSlices(weights, instants, slice);
}

/**
 * Cuts accounts, in their order, into slices of which none is larger than asked unless it is a single account. Pure.
 *
 * Every account is in one slice; no account, no slice.
 */
export function cutSlices(weights: readonly Weight[], instants: number, most: SliceSize): readonly Slice[] {
  const slices: Slice[] = [];
  let from = 0;
  let held = { users: 0, events: 0 };
  weights.forEach((weight, place) => {
    const grown = { users: held.users + weight.users, events: held.events + weight.events };
    const fits = userRowsOf(grown.users, instants) <= most.userRows && grown.events <= most.events;
    if (fits || place === from) {
      held = grown;
      return;
    }
    slices.push({ from, to: place, events: held.events });
    [from, held] = [place, weight];
  });
  if (weights.length > 0) slices.push({ from, to: weights.length, events: held.events });
  return slices;
}

const weightSchema = z.object({ users: z.coerce.number(), events: z.coerce.number() });

/**
 * Builds `sliced_names` (account_id, place): every account that any fact, link or parent names, in the order in which events
 * lie on disk; returns what each takes, by place.
 */
export async function weighAccounts(warehouse: Warehouse, plan: Plan): Promise<readonly Weight[]> {
  await buildScratch(warehouse, plan, 'sliced_names', namesSql(plan));
  return warehouse.rows(`SELECT users, events FROM ${scratch(plan, 'sliced_names')} ORDER BY place`, weightSchema);
}

/** SQL: what an account takes counts for the one that carries on its history, though it is listed itself too. */
function namesSql(plan: Plan): string {
  const { database } = plan;
  const counted = { users: 'count() AS users, 0 AS events', events: 'uniq(user_id) AS users, count() AS events' };
  const tables = FACT_TABLES.filter(({ columns }) => columns.some(({ name }) => name === 'account_id'));
  const named = tables.map(({ name }) => {
    const counts = name === 'users' || name === 'events' ? counted[name] : '0 AS users, 0 AS events';
    return `SELECT account_id, ${counts} FROM ${database}.${name} GROUP BY account_id`;
  });
  const told = `SELECT account_id, max(users) AS users, max(events) AS events FROM (${named.join(' UNION ALL ')}) GROUP BY account_id`;
  const carried = `SELECT if(l.new_id = '', t.account_id, l.new_id) AS account_id, t.users AS users, t.events AS events
    FROM (${told}) AS t LEFT JOIN (${accountLinkRows(plan)}) AS l ON l.old_id = t.account_id`;
  return `SELECT account_id, toUInt32(row_number() OVER (ORDER BY account_id) - 1) AS place, users, events FROM (
      SELECT account_id, sum(users) AS users, sum(events) AS events
      FROM (${carried} UNION ALL SELECT account_id, 0 AS users, 0 AS events FROM (${told}))
      WHERE account_id != '' GROUP BY account_id
    )`;
}

/** Builds `sliced_now` (account_id): the accounts of a slice, in the place of the one before; returns its name. */
export async function buildSlice(warehouse: Warehouse, plan: Plan, { from, to }: Slice): Promise<string> {
  const table = scratch(plan, 'sliced_now');
  await warehouse.command(`DROP TABLE IF EXISTS ${table} SYNC`);
  const among = `place >= ${from} AND place < ${to}`;
  await buildScratch(
    warehouse,
    plan,
    'sliced_now',
    `SELECT account_id FROM ${scratch(plan, 'sliced_names')} WHERE ${among}`,
  );
  return table;
}
