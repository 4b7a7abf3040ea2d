import type { Warehouse } from '../warehouse/warehouse.ts';
import { areaCondition } from './area.ts';
import { DAY_MS, extent, instantArray, milliseconds, type Plan, quoteList } from './plan.ts';
import { type Resolution, resolvedEvents } from './resolved.ts';
import { buildScratch } from './scratch.ts';

/** Days in which an integration must have been used to count. */
export const INTEGRATION_DAYS = 90;

/** Builds `integrations` (at, account): distinct values of the property `integration` in 90 days of integration areas. */
export async function buildIntegrations(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  const areas = plan.model.taxonomy.features.filter((area) => area.isIntegration);
  const { from, to } = extent(plan);
  const names = areas.flatMap((area) => area.events);
  const where = `event IN ${quoteList(names)} AND mapContains(properties, 'integration')
    AND ${milliseconds('time')} >= ${from - INTEGRATION_DAYS * DAY_MS} AND ${milliseconds('time')} < ${to}`;
  const isOfArea = areas.length === 0 ? '0' : areas.map(areaCondition).join(' OR ');
  await buildScratch(
    warehouse,
    plan,
    'integrations',
    `SELECT at, account_id, uniqExact(integration) AS integrations FROM (
      SELECT account_id, ms, properties['integration'] AS integration
      FROM (${resolvedEvents(plan, resolution, ['properties'], where)}) WHERE (${isOfArea}) AND integration != ''
    ) ARRAY JOIN ${instantArray(plan)} AS at WHERE ms < at AND ms >= at - ${INTEGRATION_DAYS * DAY_MS} GROUP BY at, account_id`,
  );
}
