import type { OpenWarehouse } from '../../src/warehouse/warehouse.ts';
import { loadRows } from '../profile/load-world.ts';

const DAY = 86_400_000;

/** One account that has paid for three hundred days, with one person in it. */
export async function loadAcme(warehouse: OpenWarehouse, now: number): Promise<void> {
  const created = new Date(now - 300 * DAY);
  await loadRows(
    warehouse,
    new Map<string, readonly Record<string, unknown>[]>([
      ['accounts', [{ account_id: 'acme', created, name: 'Acme' }]],
      ['users', [{ account_id: 'acme', user_id: 'ada', from: created }]],
      ['contracts', [{ account_id: 'acme', contract_id: 'k', starts: created, arr: 1200, kind: 'paid' }]],
    ]),
  );
}
