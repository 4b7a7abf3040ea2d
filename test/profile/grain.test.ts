import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseModel } from '../../src/definition/parse.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { computeProfiles, dropProfiles } from '../../src/profile/profile.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import { laidOutFolder } from '../laid-out.ts';
import { loadRows } from './load-world.ts';

const at = (day: number, hour = 12): Date => new Date(Date.UTC(2026, 8, day, hour));
const row = z.object({
  account_id: z.string(),
  arr: z.number().nullable(),
  seats: z.number().nullable(),
  active_users_30d: z.number().nullable(),
  feature_breadth_30d: z.number().nullable(),
});

const MODEL = `
version: 1
name: Grain
GRAIN
taxonomy:
  features: { reporting: { events: [report] }, sharing: { events: [share] } }
activation: { milestones: { first: { event: report, primary: true } } }
`;

test('with `grain: parent` children count within their parent, of every level; without it each for itself', async () => {
  const warehouse = await openWarehouse({ directory: await laidOutFolder('warehouse') });
  try {
    const account = (account_id: string, parent_id: string) => ({ account_id, parent_id, created: at(1) });
    const contract = (account_id: string, arr: number) => ({
      account_id,
      contract_id: account_id,
      starts: at(2, 0),
      arr,
      seats: 10,
      kind: 'paid',
    });
    await loadRows(
      warehouse,
      new Map<string, readonly Record<string, unknown>[]>([
        [
          'accounts',
          [account('group', ''), account('north', 'group'), account('north-1', 'north'), account('lone', '')],
        ],
        ['users', ['group', 'north-1', 'lone'].map((id) => ({ user_id: `u-${id}`, account_id: id }))],
        ['contracts', [contract('group', 1000), contract('north', 200), contract('north-1', 30), contract('lone', 5)]],
        [
          'events',
          [
            { message_id: '1', event: 'report', time: at(10), user_id: 'u-group', account_id: 'group' },
            { message_id: '2', event: 'share', time: at(11), user_id: 'u-north-1', account_id: 'north-1' },
            { message_id: '3', event: 'share', time: at(11), user_id: 'u-north-1' },
            { message_id: '4', event: 'report', time: at(-1), user_id: 'u-lone', account_id: 'lone' },
            { message_id: '5', event: 'report', time: at(29, 23), user_id: 'u-lone', account_id: 'lone' },
          ],
        ],
      ]),
    );
    const profiles = async (grain: string) => {
      const text = MODEL.replace('GRAIN', grain);
      const { model, diagnostics } = parseModel(text, { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
      if (model === null) throw new Error(JSON.stringify(diagnostics));
      const asOf = Date.UTC(2026, 8, 30);
      try {
        const tables = await computeProfiles(warehouse, { model, asOfs: [asOf], run: 'grain' });
        return await warehouse.rows(`SELECT * FROM ${tables.accounts} ORDER BY account_id`, row);
      } finally {
        await dropProfiles(warehouse, 'grain');
      }
    };
    expect(await profiles('grain: parent')).toEqual([
      { account_id: 'group', arr: 1230, seats: 30, active_users_30d: 2, feature_breadth_30d: 2 },
      { account_id: 'lone', arr: 5, seats: 10, active_users_30d: 1, feature_breadth_30d: 1 },
    ]);
    expect(await profiles('')).toEqual([
      { account_id: 'group', arr: 1000, seats: 10, active_users_30d: 1, feature_breadth_30d: 1 },
      { account_id: 'lone', arr: 5, seats: 10, active_users_30d: 1, feature_breadth_30d: 1 },
      { account_id: 'north', arr: 200, seats: 10, active_users_30d: 0, feature_breadth_30d: 0 },
      { account_id: 'north-1', arr: 30, seats: 10, active_users_30d: 1, feature_breadth_30d: 1 },
    ]);
  } finally {
    await warehouse.close();
  }
});
