import { z } from 'zod';
import { whole } from '../warehouse/values.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

/** Why an event that names no account belongs to none. */
export type UnattributedReason = 'unknown-user' | 'no-account-then' | 'several-accounts';

/** Events that belong to no account for one reason. Instants are ISO text. */
export interface UnattributedGroup {
  readonly reason: UnattributedReason;
  readonly events: number;
  readonly users: number;
  /** The latest of them. */
  readonly last: string;
  /** Users with the most of them, at most five. */
  readonly examples: readonly { readonly userId: string; readonly events: number; readonly event: string }[];
}

const MOST_EXAMPLES = 5;

const groupSchema = z.object({
  reason: z.enum(['unknown-user', 'no-account-then', 'several-accounts']),
  events: whole,
  users: whole,
  last: z.string(),
  examples: z.array(z.tuple([z.string(), whole, z.string()])),
});

/**
 * Events that name no account and whose user stands, at that time, in no account or in several: by reason, the most
 * frequent first. Together they are the `unattributed` of an import. Nothing is thrown away: they join an account when a
 * row of `users` says so.
 */
export async function unattributedByReason(
  warehouse: Pick<Warehouse, 'rows' | 'database'>,
): Promise<readonly UnattributedGroup[]> {
  const { database } = warehouse;
  const rows = await warehouse.rows(
    `SELECT reason, sum(n) AS events, count() AS users, concat(replaceOne(toString(max(last_time)), ' ', 'T'), 'Z') AS last,
       arraySlice(arraySort(x -> (-x.2, x.1), groupArray((user_id, n, name))), 1, ${MOST_EXAMPLES}) AS examples
     FROM (
       SELECT reason, user_id, count() AS n, max(at) AS last_time, argMax(named, at) AS name FROM (
         SELECT toString(e.user_id) AS user_id, e.time AS at, toString(e.event) AS named,
           length(arrayDistinct(arrayMap(r -> r.1, arrayFilter(r -> (isNull(r.2) OR r.2 <= e.time) AND (isNull(r.3) OR r.3 > e.time), u.rows)))) AS accounts,
           multiIf(empty(u.rows), 'unknown-user', accounts = 0, 'no-account-then', accounts > 1, 'several-accounts', '') AS reason
         FROM (SELECT user_id, time, event FROM ${database}.events WHERE account_id = '') AS e
         LEFT JOIN (
           SELECT user_id, groupArray((account_id, \`from\`, \`to\`)) AS rows FROM ${database}.users GROUP BY user_id
         ) AS u ON u.user_id = e.user_id
       ) WHERE reason != '' GROUP BY reason, user_id
     ) GROUP BY reason ORDER BY events DESC, reason`,
    groupSchema,
    { settings: { join_use_nulls: 0 } },
  );
  return rows.map(({ examples, ...group }) => ({
    ...group,
    examples: examples.map(([userId, events, event]) => ({ userId, events, event })),
  }));
}
