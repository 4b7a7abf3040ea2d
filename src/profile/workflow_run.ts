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

/** An instant after all others, in milliseconds: a step that is never taken is taken then. */
const NEVER = 'toInt64(9000000000000000)';

function runSql(plan: Plan, resolution: Resolution, workflow: Workflow, index: number): string {
  const where = `${milliseconds('time')} < ${extent(plan).to} AND user_id != '' AND event IN ${quoteList(workflow.steps)}`;
  const mask = workflow.steps
    .map((step, position) => `if(event = ${quote(step)}, toUInt64(${1n << BigInt(position)}), toUInt64(0))`)
    .reduce((left, right) => `bitOr(${left}, ${right})`);
  const window = workflow.withinDays * DAY_MS;
  return `SELECT account_id, user_id, toUInt16(${index}) AS workflow, run.1 AS start_ms, run.2 AS completed_ms,
      run.1 + ${window} AS lapses_ms, run.3 AS reached FROM (
      SELECT account_id, user_id, arrayJoin(${chosenSql('overlapping')}) AS run FROM (
        SELECT account_id, user_id, ${apartSql('begun')} AS overlapping FROM (
          SELECT account_id, user_id, ${begunSql(workflow.steps.length, window)} AS begun FROM (
            SELECT account_id, user_id, arraySort(groupArray((ms, mask))) AS sorted,
              arrayPushBack(arrayMap(moment -> moment.1, sorted), ${NEVER}) AS times,
              arrayPushBack(arrayMap(moment -> moment.2, sorted), bitNot(toUInt64(0))) AS masks
            FROM (SELECT account_id, user_id, ms, groupBitOr(${mask}) AS mask
              FROM (${resolvedEvents(plan, resolution, [], where)}) GROUP BY account_id, user_id, ms)
            GROUP BY account_id, user_id
          )
        )
      )
    )`;
}

/**
 * SQL: what would come of a run begun at each first step of a user, in order of time: (start, completed or 0, steps
 * reached, the first instant at which another may begin).
 *
 * Of `times` and `masks`, the user's moments and the steps taken at each, ended by one at which every step is taken. From
 * the last step back to the first: beside the moment of each step stand those of the steps after it, taken as soon as
 * they are. All events of one moment are taken together, since a step may follow the one before it at the same instant.
 */
function begunSql(steps: number, window: number): string {
  const later = Array.from({ length: steps - 1 }, (_, place) => steps - 1 - place);
  const after = later.reduce(
    (next, step) => `arrayReverseFill((one, mask) -> bitTest(mask, ${step}), arrayZip(times, ${next}), masks)`,
    'times',
  );
  const first = `arrayFilter((one, mask) -> bitTest(mask, 0), arrayZip(times, ${after}), masks)`;
  const instants = Array.from({ length: steps }, (_, step) => `one${'.2'.repeat(step)}.1`);
  const end = `one.1 + ${window}`;
  const last = instants.at(-1);
  const reached = instants.map((instant) => `toUInt32(${instant} < ${end})`).join(' + ');
  return `arrayMap(one -> (one.1, if(${last} < ${end}, ${last}, toInt64(0)), toUInt32(${reached}), if(${last} < ${end}, ${last} + 1, ${end})),
    arrayPopBack(${first}))`;
}

/**
 * SQL: the beginnings cut where the one before is over, so that what one run is depends on none of another piece.
 *
 * Why the one before is enough: whoever begins later is never over sooner.
 */
function apartSql(begun: string): string {
  const over = `arrayShiftRight(arrayMap(one -> one.4, ${begun}), 1, toInt64(0))`;
  return `arrayJoin(arraySplit((one, over) -> one.1 >= over, ${begun}, ${over}))`;
}

/** SQL: of beginnings in order of time those that are runs: the first, and every one after which none is under way. */
function chosenSql(begun: string): string {
  const none = `(toInt64(0), CAST([], 'Array(Tuple(Int64, Int64, UInt32))'))`;
  return `arrayFold((state, one) -> if(one.1 >= state.1, (one.4, arrayPushBack(state.2, (one.1, one.2, one.3))), state), ${begun}, ${none}).2`;
}
