import { z } from 'zod';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { AccountFirsts } from './adoption-order.ts';
import type { UseCount } from './area-use.ts';
import { RUN_DAYS, type WorkflowCounts } from './workflow-funnel.ts';

const DAY_MS = 86_400_000;
const MOST_USERS = 10;
const number = z.coerce.number();

/** The code under which profiles keep that a signal is null since there is no data. */
const MISSING = 1;

/** An account's progress, as its signals tell it. */
export interface AccountProgress {
  readonly accountId: string;
  /** Steps of the sequence taken; null where it is not known, or known for those alone who took all. */
  readonly taken: number | null;
  readonly stalledStep: string | null;
}

/** Reads the progress of every account from a table of profiles. */
export async function readAccountProgress(
  warehouse: Warehouse,
  table: string,
  steps: number,
): Promise<readonly AccountProgress[]> {
  const schema = z.object({ account_id: z.string(), taken: number.nullable(), stalled_step: z.string().nullable() });
  const taken = `if(isNull(activation_depth) OR sequence_days__null = ${MISSING}, NULL, toNullable(round(activation_depth * ${steps})))`;
  const rows = await warehouse.rows(
    `SELECT account_id, ${taken} AS taken, stalled_step FROM ${table} ORDER BY account_id`,
    schema,
  );
  return rows.map((row) => ({ accountId: row.account_id, taken: row.taken, stalledStep: row.stalled_step }));
}

/** Users by steps taken. */
export interface UserProgress {
  readonly taken: readonly number[];
  readonly stalled: readonly number[];
  readonly unknown: number;
  readonly notBegun: number;
}

/** Reads how many users took how many steps, and how many of them stall, from a table of profiles. */
export async function readUserProgress(warehouse: Warehouse, table: string, steps: number): Promise<UserProgress> {
  const schema = z.object({ taken: number.nullable(), stalls: number, active: number, users: number });
  const rows = await warehouse.rows(
    `SELECT round(activation_depth * ${steps}) AS taken, toUInt8(isNotNull(stalled_step)) AS stalls,
      toUInt8(isNotNull(days_since_last_activity)) AS active, count() AS users
    FROM ${table} GROUP BY taken, stalls, active`,
    schema,
  );
  const sum = (isOf: (row: z.infer<typeof schema>) => boolean): number =>
    rows.filter(isOf).reduce((total, { users }) => total + users, 0);
  const places = Array.from({ length: steps + 1 }, (_, place) => place);
  return {
    taken: places.map((place) => sum(({ taken, active }) => active === 1 && taken === place)),
    stalled: places.map((place) => sum(({ taken, stalls }) => stalls === 1 && taken === place)),
    unknown: sum(({ taken, active }) => active === 1 && taken === null),
    notBegun: sum(({ active }) => active === 0),
  };
}

/** A user who stalls, the lately active first. */
export interface StalledUser {
  readonly accountId: string;
  readonly userId: string;
  readonly step: string;
  readonly tier: string | null;
  readonly daysSinceLastActivity: number | null;
}

/** Reads, for each step, the ten users who stall before it and were active last. */
export async function readStalledUsers(warehouse: Warehouse, table: string): Promise<readonly StalledUser[]> {
  const schema = z.object({
    ...{ account_id: z.string(), user_id: z.string(), stalled_step: z.string(), tier: z.string().nullable() },
    days_since_last_activity: number.nullable(),
  });
  const rows = await warehouse.rows(
    `SELECT account_id, user_id, stalled_step, tier, days_since_last_activity FROM ${table}
    WHERE isNotNull(stalled_step) ORDER BY stalled_step, days_since_last_activity, account_id, user_id
    LIMIT ${MOST_USERS} BY stalled_step`,
    schema,
  );
  return rows.map((row) => ({
    ...{ accountId: row.account_id, userId: row.user_id, step: row.stalled_step, tier: row.tier },
    daysSinceLastActivity: row.days_since_last_activity,
  }));
}

/** Reads what users who used any area in 60 days used, by account and tier, from a table of profiles. */
export async function readUse(warehouse: Warehouse, table: string, areas: number): Promise<readonly UseCount[]> {
  if (areas === 0) return [];
  const schema = z.object({
    ...{ account_id: z.string(), tier: z.string().nullable(), users: number },
    used: z.array(number),
  });
  const each = `arrayMap(place -> toUInt64(has(used_areas, toUInt8(place))), range(${areas}))`;
  const rows = await warehouse.rows(
    `SELECT account_id, tier, count() AS users, sumForEach(${each}) AS used FROM ${table}
    WHERE notEmpty(used_areas) GROUP BY account_id, tier ORDER BY account_id, tier`,
    schema,
  );
  return rows.map(({ account_id, ...row }) => ({ ...row, accountId: account_id }));
}

/** When an account took each step of the sequence; 0: it did not. */
export interface AccountJourney {
  readonly accountId: string;
  readonly createdMs: number;
  readonly reach: readonly number[];
}

/** Reads the journeys of accounts that have a day of creation. */
export async function readAccountJourneys(warehouse: Warehouse, table: string): Promise<readonly AccountJourney[]> {
  const schema = z.object({ account_id: z.string(), created_ms: number, reach: z.array(number) });
  const rows = await warehouse.rows(`SELECT account_id, created_ms, reach FROM ${table} ORDER BY account_id`, schema);
  return rows.map((row) => ({ accountId: row.account_id, createdMs: row.created_ms, reach: row.reach }));
}

/** Reads the median days from step to step of the users who took both; null where none did. */
export async function readUserMedians(
  warehouse: Warehouse,
  table: string,
  steps: number,
): Promise<readonly (number | null)[]> {
  if (steps === 0) return [];
  const columns = Array.from({ length: steps }, (_, place) => {
    const before = place === 0 ? 'first_ms' : `reach[${place}]`;
    return `quantileExactInclusiveOrNullIf(0.5)((reach[${place + 1}] - ${before}) / ${DAY_MS}, reach[${place + 1}] > 0) AS step_${place}`;
  });
  const [row] = await warehouse.rows(
    `SELECT ${columns.join(', ')} FROM ${table}`,
    z.record(z.string(), number.nullable()),
  );
  return Array.from({ length: steps }, (_, place) => row?.[`step_${place}`] ?? null);
}

/** Reads the first use of each area by account, of accounts with a day of creation. */
export async function readFirsts(
  warehouse: Warehouse,
  firstAreas: string,
  accounts: readonly AccountJourney[],
): Promise<readonly AccountFirsts[]> {
  const schema = z.object({ account_id: z.string(), area: z.string(), first_ms: number });
  const rows = await warehouse.rows(`SELECT account_id, area, first_ms FROM ${firstAreas}`, schema);
  const byAccount = new Map<string, { area: string; firstMs: number }[]>();
  for (const { account_id, area, first_ms } of rows) {
    const own = byAccount.get(account_id);
    if (own === undefined) byAccount.set(account_id, [{ area, firstMs: first_ms }]);
    else own.push({ area, firstMs: first_ms });
  }
  return accounts.map(({ accountId, createdMs }) => ({ accountId, createdMs, firsts: byAccount.get(accountId) ?? [] }));
}

/** A workflow as the model has it. */
interface NamedWorkflow {
  readonly name: string;
  readonly steps: readonly string[];
  readonly withinDays: number;
}

/** Reads how the runs ended that were started in the 60 days before an instant. */
export async function readRuns(
  warehouse: Warehouse,
  runs: string,
  workflows: readonly NamedWorkflow[],
  at: number,
): Promise<readonly WorkflowCounts[]> {
  const isDone = `completed_ms > 0 AND completed_ms < ${at}`;
  const isClosed = `((${isDone}) OR lapses_ms <= ${at})`;
  const schema = z.object({
    ...{ workflow: number, open: number, users: number, median_days: number.nullable() },
    reached: z.array(number),
  });
  const rows = await warehouse.rows(
    `SELECT workflow, countIf(NOT ${isClosed}) AS open, uniqExactIf((account_id, user_id), ${isClosed}) AS users,
      quantileExactInclusiveOrNullIf(0.5)((completed_ms - start_ms) / ${DAY_MS}, ${isDone}) AS median_days,
      groupArrayIf(reached, ${isClosed}) AS reached
    FROM ${runs} WHERE start_ms < ${at} AND start_ms >= ${at - RUN_DAYS * DAY_MS} GROUP BY workflow`,
    schema,
  );
  return workflows.map(({ name, steps, withinDays }, index): WorkflowCounts => {
    const row = rows.find(({ workflow }) => workflow === index);
    return {
      ...{ workflow: name, withinDays, steps, open: row?.open ?? 0, users: row?.users ?? 0 },
      medianDays: row?.median_days ?? null,
      taken: steps.map((_, place) => (row?.reached ?? []).filter((reached) => reached === place + 1).length),
    };
  });
}
