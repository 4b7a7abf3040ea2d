import type { Model, OwnSignal } from '../definition/model.ts';
import type { Entity } from '../model/signal.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { type Coverage, instantOf, readCoverage } from './coverage.ts';
import { inLanes } from './lane.ts';
import { ownDefinitions, withOwnSignals } from './own_signal.ts';
import { buildParts, ownPart } from './parts.ts';
import { type Plan, scratch } from './plan.ts';
import { resolve } from './resolution.ts';
import { buildScratch, dropScratch } from './scratch.ts';
import { type MeasuredSignal, REASON_CODES, signalRows } from './signal_definition.ts';

/** Which own signals of a model to measure, and as of when. */
export interface OwnRequest {
  readonly model: Model;
  /** Milliseconds. */
  readonly asOf: number;
  /** Name part that no other computation uses at the same time. */
  readonly run: string;
  /** Which of the model's own signals. */
  readonly isAsked: (signal: OwnSignal) => boolean;
}

/** Tables of an own measurement; null where no signal of that entity was asked for. */
export interface OwnTables {
  /** (account_id, `<name>`, `<name>__null`) of every account that exists. */
  readonly accounts: string | null;
  /** (account_id, user_id, `<name>`, `<name>__null`) of every user. */
  readonly users: string | null;
}

/** What an entity is listed by: the step that builds its list, and its keys. */
const LISTS: Readonly<Record<Entity, { readonly part: string; readonly keys: readonly string[] }>> = {
  account: { part: 'population', keys: ['account_id'] },
  user: { part: 'members', keys: ['account_id', 'user_id'] },
};

/**
 * Measures own signals and nothing else: what profiles hold of them as of that instant, in a tenth of their time.
 *
 * The tables live until `dropProfiles` of the run.
 */
export async function measureOwn(warehouse: Warehouse, request: OwnRequest): Promise<OwnTables> {
  const { model, run } = request;
  const lanes = inLanes(warehouse, false);
  const [coverage] = await Promise.all([readCoverage(lanes, model), dropScratch(lanes, run)]);
  return {
    accounts: await measureEntity(lanes, request, coverage, 'account'),
    users: await measureEntity(lanes, request, coverage, 'user'),
  };
}

async function measureEntity(
  warehouse: Warehouse,
  { model, asOf, run, isAsked }: OwnRequest,
  coverage: Coverage,
  entity: Entity,
): Promise<string | null> {
  const asked = model.signals.filter((signal) => signal.entity === entity && isAsked(signal));
  if (asked.length === 0) return null;
  const definitions = ownDefinitions(model, entity).filter(({ name }) => asked.some((signal) => signal.name === name));
  const instants = definitions.map(({ inputs }) => instantOf(coverage, inputs, asOf));
  const planAt = (instant: number): Plan => ({
    ...{ model, coverage, database: warehouse.database, only: null, instants: [instant] },
    run: `${run}_${entity}_${instant}`,
  });
  for (const instant of new Set([asOf, ...instants])) {
    const here = asked.filter((_, place) => instants[place] === instant);
    const plan = planAt(instant);
    const tables = [LISTS[entity].part, ...here.map(({ name }) => `own_${name}`)];
    await buildParts(warehouse, plan, await resolve(warehouse, plan), here.map(ownPart), tables);
  }
  const whole: Plan = { ...planAt(asOf), run };
  const groups = [...new Set(instants)].map((instant) => ({
    plan: planAt(instant),
    own: asked.filter((_, place) => instants[place] === instant),
    signals: definitions.filter((_, place) => instants[place] === instant),
  }));
  await buildScratch(warehouse, whole, `own_of_${entity}`, joinedSql(entity, planAt(asOf), groups), 'wide');
  return scratch(whole, `own_of_${entity}`);
}

/** Signals that are measured at one instant. */
interface Group {
  readonly plan: Plan;
  readonly own: readonly OwnSignal[];
  readonly signals: readonly MeasuredSignal[];
}

/** SQL: everybody who exists at the as-of, with each signal as of its own instant; who did not exist then has no data. */
function joinedSql(entity: Entity, listed: Plan, groups: readonly Group[]): string {
  const { part, keys } = LISTS[entity];
  const columns = groups.flatMap(({ signals }, place) =>
    signals.flatMap(({ name }) => [
      `g${place}.${name} AS ${name}`,
      `toUInt8(if(g${place}.account_id = '', ${REASON_CODES.missing}, g${place}.${name}__null)) AS ${name}__null`,
    ]),
  );
  const joins = groups.map(({ plan, own, signals }, place) => {
    const lens = { model: plan.model, coverage: plan.coverage, instants: plan.instants };
    const base = `SELECT at, ${keys.join(', ')}, ${own.map(({ name }) => `own_${name}`).join(', ')}
      FROM (${withOwnSignals(plan, own, scratch(plan, part))})`;
    const on = keys.map((key) => `g${place}.${key} = k.${key}`).join(' AND ');
    return `LEFT JOIN (${signalRows(signals, lens, base)}) AS g${place} ON ${on}`;
  });
  return `SELECT ${[...keys.map((key) => `k.${key} AS ${key}`), ...columns].join(', ')}
    FROM (SELECT ${keys.join(', ')} FROM ${scratch(listed, part)}) AS k ${joins.join(' ')}`;
}
