import { z } from 'zod';
import type { Model } from '../definition/model.ts';
import type { Entity } from '../model/signal.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { readCoverage } from './coverage.ts';
import { countLeftOut, type ExcludedCount, everyEvent } from './excluded_count.ts';
import type { Plan } from './plan.ts';
import { resolve } from './resolution.ts';
import type { Resolution } from './resolved.ts';
import { dropScratch } from './scratch.ts';

/** Somebody who is left out by one model and not by the other. */
interface LeftOut {
  readonly id: string;
  /** Of an account its name, of a user the email; null: not known. */
  readonly name: string | null;
  /** All events of theirs. */
  readonly events: number;
}

/** How many, and those with the most events first. */
interface LeftOutList {
  readonly count: number;
  readonly first: readonly LeftOut[];
}

/** What one model leaves out of every signal, and another does not. */
export interface ExclusionChange {
  readonly before: ExcludedCount;
  readonly after: ExcludedCount;
  /** Who would be left out, and is not now. */
  readonly out: Readonly<Record<Entity, LeftOutList>>;
  /** Who would count again. */
  readonly back: Readonly<Record<Entity, LeftOutList>>;
}

const SHOWN = 20;
const NAMES: Readonly<Record<Entity, string>> = { account: 'name', user: 'email' };
const countSchema = z.object({ n: z.coerce.number() });
const leftOutSchema = z.object({ id: z.string(), name: z.string().nullable(), events: z.coerce.number() });

/** One model's exclusions, compiled. */
interface Side {
  readonly plan: Plan;
  readonly resolution: Resolution;
}

/** Who is left out by a model and not by another, as of an instant in milliseconds; each event counts once. */
export async function compareExclusions(
  warehouse: Warehouse,
  models: { readonly before: Model; readonly after: Model },
  run: string,
  asOf: number,
): Promise<ExclusionChange> {
  const sideOf = async (model: Model, name: string): Promise<Side> => {
    const coverage = await readCoverage(warehouse, model);
    const plan: Plan = {
      model,
      coverage,
      database: warehouse.database,
      run: `${run}_${name}`,
      instants: [asOf],
      only: null,
    };
    await dropScratch(warehouse, plan.run);
    return { plan, resolution: await resolve(warehouse, plan) };
  };
  try {
    const before = await sideOf(models.before, 'x0');
    const after = await sideOf(models.after, 'x1');
    const listsOf = async (of: Side, other: Side) => ({
      account: await listOf(warehouse, 'account', of, other),
      user: await listOf(warehouse, 'user', of, other),
    });
    return {
      before: await countLeftOut(warehouse, before.plan, before.resolution),
      after: await countLeftOut(warehouse, after.plan, after.resolution),
      out: await listsOf(after, before),
      back: await listsOf(before, after),
    };
  } finally {
    await dropScratch(warehouse, `${run}_x0`);
    await dropScratch(warehouse, `${run}_x1`);
  }
}

const tableOf = ({ resolution }: Side, entity: Entity): string | null =>
  entity === 'account' ? resolution.excludedAccounts : resolution.excludedUsers;

async function listOf(warehouse: Warehouse, entity: Entity, of: Side, other: Side): Promise<LeftOutList> {
  const [here, there] = [tableOf(of, entity), tableOf(other, entity)];
  if (here === null) return { count: 0, first: [] };
  const id = `${entity}_id`;
  const rest = there === null ? '' : `WHERE ${id} NOT IN (SELECT ${id} FROM ${there})`;
  const ids = `SELECT ${id} FROM ${here} ${rest}`;
  const [row] = await warehouse.rows(`SELECT count() AS n FROM (${ids})`, countSchema);
  if (row === undefined || row.n === 0) return { count: 0, first: [] };
  const table = `${of.plan.database}.${entity === 'account' ? 'accounts' : 'users'}`;
  const first = await warehouse.rows(
    `SELECT k.${id} AS id, nullIf(n.name, '') AS name, e.events AS events FROM (${ids}) AS k
      LEFT JOIN (SELECT ${id}, toString(max(${NAMES[entity]})) AS name FROM ${table} WHERE ${id} IN (${ids}) GROUP BY ${id}) AS n ON n.${id} = k.${id}
      LEFT JOIN (SELECT ${id}, count() AS events FROM (${everyEvent(of.plan, of.resolution)}) WHERE ${id} IN (${ids}) GROUP BY ${id}) AS e ON e.${id} = k.${id}
      ORDER BY events DESC, id LIMIT ${SHOWN}`,
    leftOutSchema,
    { settings: { join_use_nulls: 0 } },
  );
  return { count: row.n, first };
}
