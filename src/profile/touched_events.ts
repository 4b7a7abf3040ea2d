import type { Model } from '../definition/model.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { extent, milliseconds, type Plan, quoteList, scratch } from './plan.ts';
import { type Resolution, resolvedEvents } from './resolved.ts';
import { buildScratch } from './scratch.ts';

/**
 * Where a plan measures some accounts, builds `events`: theirs, attributed and without those left out, once for all that
 * reads them. Properties are kept of the events whose properties something asks for.
 *
 * Why not for all accounts: they would not fit into memory.
 */
export async function buildEvents(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  if (resolution.touched === null) return;
  const before = `${milliseconds('time')} < ${extent(plan).to}`;
  const reading = eventsRead(plan.model);
  const columns = reading.length === 0 ? ['time'] : ['time', 'properties', 'session_id'];
  const isRead = `event IN ${quoteList(reading)}`;
  const kept =
    reading.length === 0
      ? `CAST(map(), 'Map(LowCardinality(String), String)') AS properties, '' AS session_id`
      : `if(${isRead}, properties, CAST(map(), 'Map(LowCardinality(String), String)')) AS properties, if(${isRead}, session_id, '') AS session_id`;
  const sql = `SELECT account_id, user_id, time, event, ${kept} FROM (${resolvedEvents(plan, resolution, columns, before)})`;
  await buildScratch(warehouse, plan, 'events', sql);
}

/** The resolution for whoever reads events once they are built. */
export function withEvents(plan: Plan, resolution: Resolution): Resolution {
  const { touched } = resolution;
  return touched === null ? resolution : { ...resolution, touched: { ...touched, events: scratch(plan, 'events') } };
}

/** Names of events whose properties an area, an integration, a milestone or an own signal reads. */
function eventsRead(model: Model): readonly string[] {
  const { taxonomy, activation, signals } = model;
  const areas = taxonomy.features.filter((area) => area.where !== null || area.isIntegration);
  const milestones = activation.milestones.filter(({ where }) => where !== null).map(({ event }) => event ?? '');
  const own = signals
    .filter((signal) => signal.property !== null || signal.where !== null)
    .flatMap(({ of }) => of.flatMap((name) => taxonomy.features.find((area) => area.name === name)?.events ?? [name]));
  return [...new Set([...areas.flatMap((area) => area.events), ...milestones, ...own])];
}
