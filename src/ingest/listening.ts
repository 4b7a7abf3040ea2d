import { TRACKING_SOURCE } from '../model/tables.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

/**
 * Records that the tracking API has listened up to an instant: what has not come until then did not happen.
 *
 * While nobody listens nothing is recorded, so that an outage is not taken for silence. Why beside the facts: a signal as
 * of T over tracked events is measured at T only where T was listened to.
 */
export async function recordListening(warehouse: Warehouse, through: Date): Promise<void> {
  await warehouse.insertRows('coverage', [
    {
      source: TRACKING_SOURCE,
      table_name: 'events',
      covers_from: null,
      complete_through: through.toISOString(),
      carries_users: 1,
      rows: 0,
      received_at: through.toISOString(),
    },
  ]);
}
