import type { Workflow } from '../definition/model.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { DAY_MS, extent, milliseconds, type Plan, quote, quoteList } from './plan.ts';
import { type Resolution, resolvedEvents } from './resolved.ts';
import { buildScratch } from './scratch.ts';

/**
 * Builds `runs` (account, user, workflow, start): every run begun before the plan's last instant, cut from all history.
 *
 * `completed_ms` 0: not completed; `reached` is the number of steps taken; `lapses_ms` is when its window passes. A run
 * is causal, so the same rows serve every earlier instant: completed before it, lapsed by it, or still open.
 */
export async function buildRuns(warehouse: Warehouse, plan: Plan, resolution: Resolution): Promise<void> {
  const parts = plan.model.taxonomy.workflows.map((workflow, index) => runSql(plan, resolution, workflow, index));
  const none = `SELECT '' AS account_id, '' AS user_id, toUInt16(0) AS workflow, toInt64(0) AS start_ms, toInt64(0) AS completed_ms,
      toInt64(0) AS lapses_ms, toUInt32(0) AS reached LIMIT 0`;
  await buildScratch(warehouse, plan, 'runs', parts.length === 0 ? none : parts.join(' UNION ALL '));
}

function runSql(plan: Plan, resolution: Resolution, workflow: Workflow, index: number): string {
  const where = `${milliseconds('time')} < ${extent(plan).to} AND user_id != '' AND event IN ${quoteList(workflow.steps)}`;
  const mask = workflow.steps
    .map((step, position) => `if(event = ${quote(step)}, toUInt64(${1n << BigInt(position)}), toUInt64(0))`)
    .reduce((left, right) => `bitOr(${left}, ${right})`);
  const window = workflow.withinDays * DAY_MS;
  return `SELECT account_id, user_id, toUInt16(${index}) AS workflow, run.1 AS start_ms, run.2 AS completed_ms,
      run.1 + ${window} AS lapses_ms, run.3 AS reached FROM (
      SELECT account_id, user_id, ${foldSql(workflow.steps.length, window)} AS folded,
        arrayJoin(if(folded.2 > 0, arrayPushBack(folded.3, (folded.1, toInt64(0), folded.2)), folded.3)) AS run
      FROM (
        SELECT account_id, user_id, ${splitSql(window)} AS moments
        FROM (SELECT account_id, user_id, ms, groupBitOr(${mask}) AS mask
          FROM (${resolvedEvents(plan, resolution, [], where)}) GROUP BY account_id, user_id, ms)
        GROUP BY account_id, user_id
      )
    )`;
}

/**
 * SQL: the moments of a user in order of time, one row for each stretch without a gap as long as the window.
 *
 * Why: no run reaches over such a gap, and a fold carries all that it has closed through every step, so that one long
 * stretch costs more than many short ones.
 */
function splitSql(window: number): string {
  const sorted = `arraySort(groupArray((ms, mask))) AS sorted`;
  return `arrayJoin(arraySplit((moment, gap) -> gap >= ${window}, ${sorted}, arrayDifference(arrayMap(moment -> moment.1, sorted))))`;
}

/**
 * SQL: the state (start, steps reached or 0 when no run is open, closed runs) after all moments, in order of time.
 *
 * All events of one moment are taken together, since a step may follow the one before it at the same instant.
 */
function foldSql(steps: number, window: number): string {
  const advance = (from: string) =>
    `toUInt32(arrayFirstIndex(j -> j >= ${from} AND NOT bitTest(moment.2, j), range(${steps} + 1)) - 1)`;
  const isOpen = `state.2 > 0 AND moment.1 < state.1 + ${window}`;
  const closed = `if(state.2 > 0, arrayPushBack(state.3, (state.1, toInt64(0), state.2)), state.3)`;
  const none = `toInt64(0), toUInt32(0)`;
  const whileOpen = `if(${advance('state.2')} = ${steps},
      (${none}, arrayPushBack(state.3, (state.1, moment.1, toUInt32(${steps})))),
      (state.1, ${advance('state.2')}, state.3))`;
  const started = `if(${advance('0')} = ${steps},
      (${none}, arrayPushBack(${closed}, (moment.1, moment.1, toUInt32(${steps})))),
      (moment.1, ${advance('0')}, ${closed}))`;
  return `arrayFold((state, moment) -> if(${isOpen}, ${whileOpen}, if(bitTest(moment.2, 0), ${started}, (${none}, ${closed}))),
    moments, (toInt64(0), toUInt32(0), CAST([], 'Array(Tuple(Int64, Int64, UInt32))')))`;
}
