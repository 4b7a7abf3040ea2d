import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { source } from './builder.ts';
import { openWorkspace } from './workspace.ts';

const data = process.env['BELLWETHER_DATA'];
if (data === undefined) process.stderr.write('not run: saasguard import, BELLWETHER_DATA is not set\n');

describe.skipIf(data === undefined)(
  'saasguard, data that nobody here wrote (skipped where BELLWETHER_DATA names no folder that holds it)',
  () => {
    const { load, ask } = openWorkspace();
    const file = (name: string): string => join(data ?? '', 'saasguard', name);
    const sources = [
      source({
        name: 'customers',
        table: 'accounts',
        path: file('customers_subset.csv'),
        columns: { account_id: 'customer_id', created: 'signup_date' },
      }),
      source({
        name: 'subscriptions',
        table: 'contracts',
        path: file('customers_subset.csv'),
        columns: {
          account_id: 'customer_id',
          contract_id: "customer_id || '-1'",
          starts: 'signup_date',
          ends: 'churn_date',
          arr: 'mrr * 12',
          plan: 'plan_tier',
        },
      }),
      source({
        name: 'usage',
        table: 'events',
        path: file('usage_events_subset.csv.gz'),
        columns: { message_id: 'event_id', account_id: 'customer_id', time: 'timestamp', event: 'event_type' },
      }),
      source({
        name: 'support',
        table: 'tickets',
        path: file('support_tickets_subset.csv'),
        columns: { account_id: 'customer_id', opened: 'created_date', theme: 'topic' },
      }),
      source({
        name: 'deals',
        table: 'opportunities',
        path: file('gtm_opportunities_subset.csv'),
        columns: { opportunity_id: 'opp_id', account_id: 'customer_id', time: 'close_date' },
      }),
    ];

    it('is read whole, once, and again without a trace', async () => {
      const report = await load(sources, 1);
      expect(report.diagnostics).toEqual([]);
      expect(report.files.map(({ table, read, accepted, refused }) => [table, read, accepted, refused])).toEqual([
        ['accounts', 1104, 1104, 0],
        ['events', 761946, 761946, 0],
        ['contracts', 1104, 1104, 0],
        ['tickets', 7590, 7590, 0],
        ['opportunities', 608, 608, 0],
      ]);
      expect(report.withoutUsers).toEqual(['usage']);
      const arr = `SELECT round(sum(arr_cents) / 100) AS arr, countIf(isNotNull(ends)) AS ended FROM contracts`;
      const before = await ask(arr);
      const again = await load(sources, 2);
      expect(again.files.every(({ accepted, refused }) => accepted === 0 && refused === 0)).toBe(true);
      expect(await ask(arr)).toEqual(before);
      expect(
        await ask(
          "SELECT properties['feature_adoption_score'] AS score, time FROM events WHERE message_id = '4630bc3a-52f9-6fb9-706b-a0c67c88e2a5'",
        ),
      ).toEqual([{ score: '0.346', time: '2023-05-14T13:42:00.000Z' }]);
    });
  },
);
