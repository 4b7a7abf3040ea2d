import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { KeyRing } from '../../src/api/key.ts';
import { Failure } from '../../src/model/failure.ts';
import { csvCell } from '../../src/pipeline/export-csv.ts';
import { scratchFolder } from '../scratch.ts';
import { ask, type OpenEngines, openEngines, type Serving, serve, until } from './serving.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 2, 10, 12);
const UPLOAD_BYTES = 20_000;
const begun = Date.now();
const clock = (): number => START + (Date.now() - begun);

let engines: OpenEngines;
let service: Serving;
let admin = '';
const dataFolder = scratchFolder();

beforeAll(async () => {
  engines = await openEngines();
  service = await serve(engines, clock, { uploadBytes: UPLOAD_BYTES, dataFolder, limits: { heavy: 1_000 } });
  admin = (await new KeyRing(engines.ledger, clock).create('ann', 'admin', 'test')).key;
  await until(
    () => service.loop.state,
    ({ sweptAt }) => sweptAt !== null,
  );
});

afterAll(async () => {
  await service.close();
  await engines.close();
});

const created = new Date(START - 300 * DAY).toISOString();
const CSV = `Id,Company,Since\na1,Acme,${created}\na2,"=cmd|' /C calc'!A0",${created}\n,Nobody,${created}\n`;
const MAPPING = JSON.stringify({
  name: 'crm',
  table: 'accounts',
  columns: { account_id: 'Id', name: 'Company', created: 'Since' },
});

async function upload(
  parts: Record<string, string>,
  file: string | null,
  name = '../../accounts.csv',
  headers: Record<string, string> = {},
): Promise<Response> {
  const body = new FormData();
  for (const [key, value] of Object.entries(parts)) body.append(key, value);
  if (file !== null) body.append('file', new Blob([file]), name);
  return fetch(`${service.address}/api/v1/imports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.keyOf('write')}`, ...headers },
    body,
  });
}

const get = (path: string): Promise<Response> =>
  fetch(`${service.address}/api/v1${path}`, { headers: { authorization: `Bearer ${admin}` } });
const left = (): readonly string[] =>
  existsSync(join(dataFolder, 'uploads')) ? readdirSync(join(dataFolder, 'uploads')) : [];
const report = z.looseObject({
  dryRun: z.boolean(),
  quarantine: z.number(),
  files: z.array(
    z.looseObject({
      file: z.string(),
      read: z.number(),
      accepted: z.number(),
      refused: z.number(),
      duplicates: z.number(),
    }),
  ),
});
const accounts = async (): Promise<unknown> =>
  (await ask(engines.warehouse, 'SELECT count() AS n FROM accounts'))[0]?.['n'];

test('a file that is sent becomes facts by its mapping, once; a dry run keeps nothing; who it touches is computed', async () => {
  const dry = report.parse(await (await upload({ source: MAPPING, dryRun: 'true' }, CSV)).json());
  expect([dry.dryRun, dry.quarantine, await accounts()]).toEqual([true, 1, '0']);
  const first = await upload({ source: MAPPING }, CSV);
  const said = report.parse(await first.json());
  expect([first.status, said.files]).toEqual([
    200,
    [expect.objectContaining({ file: 'accounts.csv', read: 3, accepted: 2, refused: 1, duplicates: 0 })],
  ]);
  const again = report.parse(await (await upload({ source: MAPPING }, CSV)).json());
  expect([again.files[0]?.duplicates, again.files[0]?.accepted, await accounts()]).toEqual([2, 0, '2']);
  const refused = z.object({ rows: z.array(z.looseObject({ file: z.string(), field: z.string() })) });
  expect(refused.parse(await (await get('/quarantine?table=accounts')).json()).rows).toEqual([
    expect.objectContaining({ file: 'accounts.csv', field: 'account_id' }),
  ]);
  const imports = z.object({ imports: z.array(z.looseObject({ status: z.string() })) });
  expect(imports.parse(await (await get('/imports')).json()).imports).toHaveLength(2);
  await until(
    async () => (await get('/accounts/a1')).status,
    (status) => status === 200,
  );
  expect(left()).toEqual([]);
});

test('what cannot be taken is refused with what to do, and leaves nothing behind', async () => {
  const faults: readonly (readonly [Record<string, string>, string | null, number, string])[] = [
    [{ source: MAPPING }, 'x'.repeat(UPLOAD_BYTES + 1), 413, 'too-large'],
    [{}, CSV, 400, 'bad-mapping'],
    [{ source: 'nothing known' }, CSV, 400, 'bad-mapping'],
    [{ source: '{"table":"accountz"}' }, CSV, 400, 'bad-mapping'],
    [{ source: '{"table":"accounts","path":"/etc/passwd"}' }, CSV, 400, 'bad-mapping'],
    [{ source: MAPPING }, null, 400, 'bad-request'],
  ];
  for (const [parts, file, status, code] of faults) {
    const response = await upload(parts, file);
    expect([response.status, await response.json()]).toEqual([
      status,
      expect.objectContaining({ type: `urn:bellwether:problem:${code}` }),
    ]);
  }
  for (const type of ['multipart/form-data', 'multipart/form-data; boundary=x']) {
    const response = await fetch(`${service.address}/api/v1/imports`, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.keyOf('write')}`, 'content-type': type },
      body: '--x\r\n',
    });
    expect(response.status, type).toBe(400);
  }
  const broken = new AbortController();
  const slow = new ReadableStream({
    start: (controller) => {
      controller.enqueue(
        Buffer.from('--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\nId\r\n'),
      );
    },
  });
  const sending = fetch(`${service.address}/api/v1/imports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.keyOf('write')}`, 'content-type': 'multipart/form-data; boundary=x' },
    body: slow,
    duplex: 'half',
    signal: broken.signal,
  } as RequestInit);
  await until(left, (files) => files.length === 1);
  broken.abort();
  await expect(sending).rejects.toThrow();
  await until(left, (files) => files.length === 0);
  // Without an event there is no guide yet, and the keeper of it says so.
  const faults500 = service.failures.filter((fault) => !(fault instanceof Failure && fault.code === 'no-as-of'));
  expect(faults500).toEqual([]);
});

test('an upload with an Idempotency-Key is done once, and another file under the same key is refused', async () => {
  const key = { 'idempotency-key': 'upload-1' };
  const later = `Id,Company,Since\na3,Gamma,${created}\n`;
  const first = await upload({ source: MAPPING }, later, 'later.csv', key);
  const said = await first.json();
  expect([first.status, report.parse(said).files[0]?.accepted]).toEqual([200, 1]);
  const again = await upload({ source: MAPPING }, later, 'later.csv', key);
  expect([again.status, again.headers.get('idempotent-replayed'), await again.json()]).toEqual([200, 'true', said]);
  const others = [
    upload({ source: MAPPING }, later.replace('Gamma', 'Delta'), 'later.csv', key),
    upload({ source: MAPPING, dryRun: 'true' }, later, 'later.csv', key),
    upload({ source: MAPPING }, later, 'other.csv', key),
    upload({ source: MAPPING.replace('crm', 'other') }, later, 'later.csv', key),
  ];
  for (const other of others) {
    const answer = await other;
    expect([answer.status, await answer.json()]).toEqual([
      422,
      expect.objectContaining({ type: 'urn:bellwether:problem:key-reused' }),
    ]);
  }
  await until(left, (files) => files.length === 0);
});

test('exports hold every row, in both formats, and no cell of them is a formula', async () => {
  const day = new Date(START).toISOString().slice(0, 10);
  const csv = await get(`/exports/accounts.csv?asOf=${day}`);
  const text = await csv.text();
  expect([csv.status, csv.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
  const lines = text.trimEnd().split('\r\n');
  expect(lines).toHaveLength(4);
  expect(text).toContain(`'=cmd|' /C calc'!A0`);
  expect(lines.flatMap((line) => line.split(',')).filter((cell) => /^"?[=+@]/.test(cell))).toEqual([]);
  const parquet = await get(`/exports/accounts.parquet?asOf=${day}`);
  const rows = await parquetReadObjects({ file: await parquet.arrayBuffer() });
  expect(rows.map(({ account_id, name }) => [account_id, name])).toEqual([
    ['a1', 'Acme'],
    ['a2', "=cmd|' /C calc'!A0"],
    ['a3', 'Gamma'],
  ]);
  for (const what of ['users', 'moves', 'signals']) {
    for (const format of ['csv', 'parquet']) {
      expect((await get(`/exports/${what}.${format}?asOf=${day}`)).status, `${what}.${format}`).toBe(200);
    }
  }
  expect((await get('/exports/secrets.csv')).status).toBe(400);
  await until(
    () => readdirSync(join(dataFolder, 'exports')),
    (files) => files.length === 0,
  );
});

test('a text is a formula by its first character, and a number never is', () => {
  for (const text of ['=1', '+1', '-1', '@a', '\tx', '\rx']) expect(csvCell(text).replace(/^"/, '')).toMatch(/^'/);
  expect([csvCell(-1), csvCell('a,"b"'), csvCell(null), csvCell('plain')]).toEqual(['-1', '"a,""b"""', '', 'plain']);
});
