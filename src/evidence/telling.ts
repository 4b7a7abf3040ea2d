import { z } from 'zod';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Spell } from './history.ts';

/** What is told of churn beside the ends of contracts, by account id. */
export interface Tellings {
  /** Spells of use, ended by a silence; by time. */
  readonly use: ReadonlyMap<string, readonly Spell[]>;
  /** The day on which notice was given of all that is paid for. */
  readonly noticeMs: ReadonlyMap<string, number>;
  /** Instants of events that tell of leaving, ascending. */
  readonly eventMs: ReadonlyMap<string, readonly number[]>;
  /** Names of those events. */
  readonly eventNames: readonly string[];
  /** What a trait of the account says: true, it has left; no entry: no trait tells. */
  readonly trait: ReadonlyMap<string, boolean>;
  /** Days of silence after which use has ended. */
  readonly inactiveDays: number;
}

const ms = z.coerce.number();
const useSchema = z.object({ account_id: z.string(), spells: z.array(z.tuple([ms, ms])) });
const noticeSchema = z.object({ account_id: z.string(), at_ms: ms });
const eventSchema = z.object({ account_id: z.string(), names: z.array(z.string()), at: z.array(ms) });
const traitSchema = z.object({ account_id: z.string(), is_churned: ms });

/** Reads what is told of churn from the tables that the pipeline had built. */
export async function readTellings(
  warehouse: Warehouse,
  source: { readonly use: string; readonly notices: string; readonly events: string; readonly traits: string },
  inactiveDays: number,
): Promise<Tellings> {
  const use = await warehouse.rows(
    `SELECT account_id, arraySort(groupArray((start_ms, ifNull(churned_ms, -1)))) AS spells FROM ${source.use} GROUP BY account_id`,
    useSchema,
  );
  const notices = await warehouse.rows(`SELECT account_id, at_ms FROM ${source.notices}`, noticeSchema);
  const events = await warehouse.rows(
    `SELECT account_id, groupUniqArray(event) AS names, arraySort(groupUniqArray(at_ms)) AS at FROM ${source.events} GROUP BY account_id`,
    eventSchema,
  );
  const traits = await warehouse.rows(`SELECT account_id, is_churned FROM ${source.traits}`, traitSchema);
  return {
    use: new Map(
      use.map(({ account_id, spells }) => [
        account_id,
        spells.map(([startMs, end]) => ({ startMs, churnedMs: end === -1 ? null : end })),
      ]),
    ),
    noticeMs: new Map(notices.map(({ account_id, at_ms }) => [account_id, at_ms])),
    eventMs: new Map(events.map(({ account_id, at }) => [account_id, at])),
    eventNames: [...new Set(events.flatMap(({ names }) => names))].sort(),
    trait: new Map(traits.map(({ account_id, is_churned }) => [account_id, is_churned === 1])),
    inactiveDays,
  };
}
