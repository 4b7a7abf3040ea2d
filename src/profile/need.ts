import type { Warehouse } from '../warehouse/warehouse.ts';
import { areaBits } from './area.ts';
import { DAY_MS, type Plan, quote } from './plan.ts';
import type { Resolution } from './resolved.ts';
import { buildScratch } from './scratch.ts';
import { beforeInstants } from './stream.ts';

const SOURCES = ['interview', 'onboarding', 'sales', 'tickets'] as const;
const ATTRIBUTES = ['maturity', 'decision_process', 'integration_need', 'success_criteria'] as const;

/**
 * Builds `needs` (at, account): the job and what was said with it, by source order and then the latest; and whether a
 * release for the second job lies in the 90 days before.
 */
export async function buildNeeds(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  await buildScratch(warehouse, plan, 'needs', needSql(plan, resolution));
}

function needSql(plan: Plan, resolution: Resolution): string {
  const columns = ['job', 'second_job', ...ATTRIBUTES, 'source'];
  const rows = beforeInstants(plan, resolution, 'needs', 'time', columns, null);
  const rank = `indexOf([${SOURCES.map(quote).join(', ')}], lower(toString(source)))`;
  const order = `(if(${rank} = 0, ${SOURCES.length + 1}, ${rank}), -ms, toString(job))`;
  const said = ATTRIBUTES.map(
    (name) => `argMin(toString(${name}), ${order}) AS first_${name},
      argMaxIf(toString(${name}), (ms, toString(${name})), ${name} != '') AS last_${name}`,
  );
  const chosen = ATTRIBUTES.map(
    (name) => `nullIf(if(first_${name} != '', first_${name}, last_${name}), '') AS ${name}`,
  );
  const releases = `SELECT at, job FROM (${beforeReleases(plan)}) GROUP BY at, job`;
  return `SELECT n.at AS at, n.account_id AS account_id, nullIf(n.job, '') AS job, nullIf(n.second_job, '') AS second_job,
      ${ATTRIBUTES.map((name) => `n.${name} AS ${name}`).join(', ')}, r.job != '' AS second_job_released
    FROM (
      SELECT at, account_id, job, second_job, ${chosen.join(', ')} FROM (
        SELECT at, account_id, argMin(toString(job), ${order}) AS job, argMin(toString(second_job), ${order}) AS second_job,
          ${said.join(', ')}
        FROM (${rows}) GROUP BY at, account_id
      )
    ) AS n LEFT JOIN (${releases}) AS r ON r.at = n.at AND r.job = n.second_job`;
}

function beforeReleases(plan: Plan): string {
  return `SELECT at, arrayJoin(jobs) AS job FROM (SELECT jobs, toUnixTimestamp64Milli(time) AS ms FROM ${plan.database}.releases)
    ARRAY JOIN [${plan.instants.map((instant) => `toInt64(${instant})`).join(', ')}] AS at
    WHERE ms < at AND ms >= at - ${90 * DAY_MS}`;
}

/** SQL: over rows of `user_window` of one account: most users who used one area of the job in 30 days, by job index. */
export function jobUserColumns(plan: Plan): readonly string[] {
  const bits = areaBits(plan.model);
  return plan.model.jobs.map((job, index) => {
    const users = bits
      .filter(({ area }) => job.features.includes(area.name))
      .map(({ word, bit }) => `countIf(user_id != '' AND bitTest(areas_${word}, ${bit}))`);
    return `${users.length < 2 ? (users[0] ?? '0') : `greatest(${users.join(', ')})`} AS job_${index}_users`;
  });
}
