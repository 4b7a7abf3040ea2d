import { z } from 'zod';
import type { Observations, Weight } from '../definition/check/observations.ts';
import type { Model } from '../definition/model.ts';
import { scopeOf } from '../definition/scopes.ts';
import type { Entity } from '../model/signal.ts';
import type { FactTableName } from '../model/table.ts';
import { FACT_TABLES } from '../model/tables.ts';
import { computeProfiles, dropProfiles, type ProfileTables } from '../profile/profile.ts';
import { compileCondition } from '../rule/compile.ts';
import type { Condition } from '../rule/condition.ts';
import { answerSql } from '../segment/answer.ts';
import { whole } from '../warehouse/values.ts';
import { signalEntries } from './signals.ts';
import type { FactWorkspace } from './workspace.ts';

/** What to look at. */
export interface ObserveRequest {
  readonly asOf: number;
  /** Name part that no other computation uses at the same time. */
  readonly run: string;
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

const FIRMOGRAPHICS: readonly string[] = [
  'employees',
  'revenue',
  'industry',
  'sub_industry',
  'country',
  'region',
  'funding_stage',
];

const MISSING_CODE = 1;

const weightSchema = z.object({ accounts: whole, arr: z.number() });

/** How many rows each fact table holds. */
export async function countFacts({
  warehouse,
}: Pick<FactWorkspace, 'warehouse'>): Promise<readonly { readonly table: FactTableName; readonly rows: number }[]> {
  const parts = FACT_TABLES.map(({ name }, place) => `SELECT ${place} AS place, count() AS held FROM ${name}`);
  const rows = await warehouse.rows(parts.join(' UNION ALL '), z.object({ place: z.number(), held: whole }));
  return FACT_TABLES.map(({ name }, place) => ({
    table: name,
    rows: rows.find((row) => row.place === place)?.held ?? 0,
  }));
}

/** Counts in the data, as of an instant, all that the checks of a model against its data look at. */
export async function observe(workspace: FactWorkspace, request: ObserveRequest): Promise<Observations> {
  const { warehouse, model } = workspace;
  const { asOf, run, onProgress } = request;
  try {
    const progress = onProgress === undefined ? {} : { onProgress };
    const profiles = await computeProfiles(warehouse, { model, asOfs: [asOf], run, ...progress });
    return {
      tables: (await countFacts(workspace)).filter(({ rows }) => rows > 0),
      events: await countEvents(workspace),
      ...(await countSteps(workspace)),
      interviews: await countInterviews(workspace),
      customers: await weigh(workspace, profiles),
      ...(await countPlaces(workspace, profiles)),
      segments: await countSegments(workspace, profiles),
      signals: [
        ...(await countSignals(workspace, 'account', profiles.accounts)),
        ...(await countSignals(workspace, 'user', profiles.users)),
      ],
      attributes: await countAttributes(workspace, profiles),
    };
  } finally {
    await dropProfiles(warehouse, run);
  }
}

function countEvents({ warehouse }: FactWorkspace): Promise<Observations['events'][number][]> {
  return warehouse.rows(
    `SELECT event, count() AS rows, countIf(user_id != '') AS withUser FROM events GROUP BY event ORDER BY event`,
    z.object({ event: z.string(), rows: whole, withUser: whole }),
  );
}

async function countSteps({ warehouse, model }: FactWorkspace): Promise<Pick<Observations, 'users' | 'userSteps'>> {
  const steps = model.activation.userSequence;
  const counts = steps.map((_, place) => `uniqExactIf(user_id, event = {step${place}:String}) AS step_${place}`);
  const [row] = await warehouse.rows(
    `SELECT ${['uniqExact(user_id) AS users', ...counts].join(', ')} FROM events WHERE user_id != ''`,
    z.record(z.string(), whole),
    { parameters: Object.fromEntries(steps.map((step, place) => [`step${place}`, step])) },
  );
  return {
    users: row?.['users'] ?? 0,
    userSteps: steps.map((step, place) => ({ step, users: row?.[`step_${place}`] ?? 0 })),
  };
}

async function countInterviews({ warehouse }: FactWorkspace): Promise<number> {
  const [row] = await warehouse.rows(
    `SELECT uniqExact(account_id) AS accounts FROM needs WHERE positionCaseInsensitive(source, 'interview') > 0`,
    z.object({ accounts: whole }),
  );
  return row?.accounts ?? 0;
}

async function weigh({ warehouse }: FactWorkspace, { accounts }: ProfileTables): Promise<Weight> {
  const [row] = await warehouse.rows(
    `SELECT count() AS accounts, sum(ifNull(arr, 0)) AS arr FROM ${accounts} WHERE is_customer`,
    weightSchema,
  );
  return row ?? { accounts: 0, arr: 0 };
}

async function countPlaces(
  { warehouse, model, catalogue }: FactWorkspace,
  { accounts }: ProfileTables,
): Promise<Pick<Observations, 'fallback' | 'overlaps'>> {
  const { typeOf } = scopeOf('account', model, catalogue);
  const asOf = `toDate32(fromUnixTimestamp64Milli(as_of, 'UTC'))`;
  const holds = (when: Condition | null): string =>
    when === null ? '1' : `ifNull(${compileCondition(when, { columnOf: (name) => name, typeOf, asOf })}, 0) = 1`;
  const homes = model.segments.filter((segment) => !segment.isOverlay);
  const fits = homes.map(({ when }, place) => `if(${holds(when)}, [${place}], [])`);
  const rungs = model.fallback.map(({ when }, place) => `${holds(when)}, ${place}`);
  const rows = await warehouse.rows(
    `SELECT ${homes.length === 0 ? '[]' : `arrayConcat(${fits.join(', ')})`} AS fitting, ${rungs.length === 0 ? '-1' : `multiIf(${rungs.join(', ')}, -1)`} AS rung,
      count() AS accounts, sum(ifNull(arr, 0)) AS arr
    FROM ${accounts} WHERE is_customer GROUP BY fitting, rung ORDER BY fitting, rung`,
    weightSchema.extend({ fitting: z.array(z.coerce.number()), rung: z.coerce.number() }),
  );
  return { fallback: fallbackOf(rows, model), overlaps: overlapsOf(rows, homes) };
}

type PlaceRow = Weight & { readonly fitting: readonly number[]; readonly rung: number };

function fallbackOf(rows: readonly PlaceRow[], { fallback }: Model): Observations['fallback'] {
  const placed = rows.filter(({ fitting }) => fitting.length === 0);
  const segments = [...new Set(fallback.map(({ segment }) => segment))];
  return segments
    .map((segment) => ({ segment, ...sum(placed.filter(({ rung }) => fallback[rung]?.segment === segment)) }))
    .filter(({ accounts }) => accounts > 0);
}

function overlapsOf(rows: readonly PlaceRow[], homes: Model['segments']): Observations['overlaps'] {
  const several = rows.filter(({ fitting }) => fitting.length > 1);
  const keys = [...new Set(several.map(({ fitting }) => fitting.join()))];
  return keys.map((key) => ({
    segments: key.split(',').map((place) => homes[Number(place)]?.name ?? ''),
    ...sum(several.filter(({ fitting }) => fitting.join() === key)),
  }));
}

function sum(weights: readonly Weight[]): Weight {
  return {
    accounts: weights.reduce((total, { accounts }) => total + accounts, 0),
    arr: weights.reduce((total, { arr }) => total + arr, 0),
  };
}

function countSegments(
  { warehouse, model, catalogue }: FactWorkspace,
  { accounts }: ProfileTables,
): Promise<Observations['segments'][number][]> {
  return warehouse.rows(
    `SELECT assumeNotNull(raw) AS segment, count() AS accounts, sum(ifNull(arr, 0)) AS arr
    FROM (${answerSql(model, catalogue, accounts, 0)}) WHERE isNotNull(raw) GROUP BY segment ORDER BY segment`,
    weightSchema.extend({ segment: z.string() }),
    { settings: { prefer_column_name_to_alias: 1 } },
  );
}

async function countSignals(
  { warehouse, model, catalogue }: FactWorkspace,
  entity: Entity,
  table: string,
): Promise<Observations['signals'][number][]> {
  const columns = await warehouse.rows(`DESCRIBE TABLE ${table}`, z.object({ name: z.string() }));
  const present = new Set(columns.map(({ name }) => name));
  const entries = signalEntries(model, catalogue).filter((each) => each.entity === entity && present.has(each.name));
  const parts = entries.map(({ name }) => {
    const reason = name === 'value_tier' ? 'value_score__null' : `${name}__null`;
    const isMissing = present.has(reason) ? `${reason} = ${MISSING_CODE}` : `isNull(${name})`;
    return `tuple(countIf(isNotNull(${name})), countIf(${isMissing}))`;
  });
  const [row] = await warehouse.rows(
    `SELECT count() AS listed, [${parts.join(', ')}] AS counts FROM ${table} ${entity === 'account' ? 'WHERE is_customer' : ''}`,
    z.object({ listed: whole, counts: z.array(z.tuple([whole, whole])) }),
  );
  return entries.map(({ name }, place) => {
    const [known, missing] = row?.counts[place] ?? [0, 0];
    return { entity, name, listed: row?.listed ?? 0, known, missing };
  });
}

async function countAttributes(
  { warehouse }: FactWorkspace,
  { accounts }: ProfileTables,
): Promise<Observations['attributes']> {
  const counts = [
    ...FIRMOGRAPHICS.map((name) => `countIf(isNotNull(${name})) AS ${name}_known`),
    'countIf(notEmpty(tech_stack)) AS tech_stack_known',
  ];
  const [row] = await warehouse.rows(
    `SELECT ${counts.join(', ')} FROM ${accounts} WHERE is_customer`,
    z.record(z.string(), whole),
  );
  return [...FIRMOGRAPHICS, 'tech_stack'].map((name) => ({ name, known: row?.[`${name}_known`] ?? 0 }));
}
