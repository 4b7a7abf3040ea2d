import { afterAll, beforeAll, expect, test } from 'vitest';
import { KeyRing } from '../../src/api/key.ts';
import { unattributedByReason } from '../../src/ingest/unattributed.ts';
import { loadRows } from '../profile/load-world.ts';
import { ask, type OpenEngines, openEngines, type Serving, serve, until } from './serving.ts';

let engines: OpenEngines;
let service: Serving;
let admin = '';

beforeAll(async () => {
  engines = await openEngines();
  service = await serve(engines, Date.now, { limits: { heavy: 1_000 } });
  admin = (await new KeyRing(engines.ledger, Date.now).create('ann', 'admin', 'test')).key;
  await until(
    () => service.loop.state,
    ({ sweptAt }) => sweptAt !== null,
  );
});
afterAll(async () => {
  await service.close();
  await engines.close();
});

const CSV = 'account_id,name,employees\na1,One,many\na2,Two,2\na3,"broken\n';

async function send(): Promise<void> {
  const body = new FormData();
  body.append('source', JSON.stringify({ name: 'crm', table: 'accounts' }));
  body.append('file', new Blob([CSV]), 'accounts.csv');
  const answer = await fetch(`${service.address}/api/v1/imports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${admin}` },
    body,
  });
  expect(answer.status).toBe(200);
}

async function replay(body: object): Promise<{ readonly status: number; readonly said: Record<string, unknown> }> {
  const answer = await fetch(`${service.address}/api/v1/quarantine/replay`, {
    method: 'POST',
    headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
    body: JSON.stringify({ table: 'accounts', file: 'accounts.csv', ...body }),
  });
  return { status: answer.status, said: (await answer.json()) as Record<string, unknown> };
}

async function waiting(): Promise<readonly string[]> {
  const answer = await fetch(`${service.address}/api/v1/quarantine`, { headers: { authorization: `Bearer ${admin}` } });
  const { rows } = (await answer.json()) as { readonly rows: readonly { readonly line: string }[] };
  return rows.map(({ line }) => line);
}

test('a refused row that is corrected is taken once, leaves the quarantine, and does not come back by its file', async () => {
  await send();
  expect(await waiting()).toEqual(['2', '4']);
  const row = { account_id: 'a1', name: 'One', employees: 'a lot' };
  const again = await replay({ line: '2', row });
  expect(again).toMatchObject({ status: 200, said: { outcome: 'refused', refusals: [{ field: 'employees' }] } });
  expect(await waiting()).toEqual(['2', '4']);
  expect(await replay({ line: '2', row: { ...row, employees: '7' } })).toEqual({
    status: 200,
    said: { outcome: 'accepted', refusals: [] },
  });
  expect(await ask(engines.warehouse, `SELECT employees FROM accounts WHERE account_id = 'a1'`)).toEqual([
    { employees: 7 },
  ]);
  await send();
  expect(await waiting()).toEqual(['4']);
  expect(await replay({ line: '2', row })).toMatchObject({ status: 404 });
  expect(await replay({ line: '99', row })).toMatchObject({ status: 404 });
});

test('events of no account are told by why, and an event that belongs somewhere is none of them', async () => {
  const at = (day: number) => new Date(Date.UTC(2026, 2, day));
  await loadRows(
    engines.warehouse,
    new Map<string, readonly Record<string, unknown>[]>([
      [
        'users',
        [
          { account_id: 'x', user_id: 'late', from: at(5) },
          { account_id: 'x', user_id: 'both', from: at(1) },
          { account_id: 'y', user_id: 'both', from: at(1) },
          { account_id: 'x', user_id: 'one', from: at(1) },
        ],
      ],
      [
        'events',
        ['late', 'both', 'both', 'one', 'ghost'].map((user_id, place) => ({
          ...{ event: 'login', user_id, account_id: '', time: at(3), message_id: `m${place}` },
        })),
      ],
    ]),
  );
  const groups = await unattributedByReason(engines.warehouse);
  expect(groups.map(({ reason, events, users }) => [reason, events, users])).toEqual([
    ['several-accounts', 2, 1],
    ['no-account-then', 1, 1],
    ['unknown-user', 1, 1],
  ]);
});
