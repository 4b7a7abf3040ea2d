import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { BellwetherError, createClient } from 'bellwether/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { buildClient } from '../../scripts/client.mjs';
import { KeyRing } from '../../src/api/key.ts';
import { ROUTES } from '../../src/api/routes.ts';
import { OPERATIONS } from '../../src/client/operations.ts';
import { loadAcme } from '../api/acme.ts';
import { type OpenEngines, openEngines, type Serving, serve, until } from '../api/serving.ts';
import { scratchFolder } from '../scratch.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

let engines: OpenEngines;
let service: Serving;
let admin = '';

beforeAll(async () => {
  engines = await openEngines();
  await loadAcme(engines.warehouse, Date.now());
  service = await serve(engines);
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

/** Routes that `call` has not, and why. */
const ELSEWHERE: readonly (readonly [test: RegExp, because: string])[] = [
  [/^events\./, 'SDKs of the Segment protocol send events'],
  [/^flags\./, 'OpenFeature providers ask for flags'],
  [/^(?:moves|calls)\.stream$/, 'moves() follows the one; the other is for the eyes of the debugger'],
  [/^exports\./, 'download() has a file'],
  [/^imports\.upload$/, 'upload() has a file'],
  [/^(?:health\.|metrics\.|api\.describe)/, 'probes and tools ask, not products'],
  [/^views\./, 'a person saves views, not a machine'],
  [/^(?:session|password)\.|^setup\.use$|^invitations\.accept$/, 'they answer people in a browser, with cookies'],
];

test('every route of the API is there with its types, or it is said why not', () => {
  const missing = ROUTES.filter(({ name }) => !(name in OPERATIONS) && !ELSEWHERE.some(([test]) => test.test(name)));
  const reachable = missing.filter(({ path }) => path.startsWith('/api/'));
  expect(reachable.map(({ name }) => name)).toEqual([]);
  const written = ROUTES.map(({ name, method, path }) => [name, `${method} ${path}`] as const);
  expect(
    Object.entries(OPERATIONS).filter(([name, at]) => !written.some((each) => each[0] === name && each[1] === at)),
  ).toEqual([]);
  for (const [pattern, because] of ELSEWHERE) {
    expect(
      ROUTES.some(({ name }) => pattern.test(name)),
      because,
    ).toBe(true);
  }
});

test('operations are asked by name, with what stands in their path, and refused as errors that say what to do', async () => {
  const client = createClient({ url: service.address, key: admin });
  expect((await client.call('accounts.list', { query: { segment: ['Quiet', 'Busy'] } })).accounts).toHaveLength(1);
  const made = await client.call('keys.create', { body: { name: 'shop', scope: 'read' } });
  expect((await client.call('keys.list', {})).keys.map(({ name }) => name)).toContain('shop');
  expect(await client.call('keys.revoke', { params: { id: made.keyId } })).toBeUndefined();
  await expect(client.call('holds.decide', { params: { id: 7, action: 'release' } })).rejects.toMatchObject({
    name: BellwetherError.name,
    status: 404,
    problem: { type: 'urn:bellwether:problem:no-hold' },
  });
  const note = { params: { id: 'acme' }, body: { text: 'Once.' } } as const;
  const [one, two] = [
    await client.call('notes.write', note, { idempotencyKey: 'n1' }),
    await client.call('notes.write', note, { idempotencyKey: 'n1' }),
  ];
  expect(two).toEqual(one);
  const odd = await client.call('notes.list', { params: { id: 'a/b?c' } });
  expect(odd.notes).toEqual([]);
});

test('a file goes up and comes down', async () => {
  const client = createClient({ url: service.address, key: admin });
  const source = { name: 'crm', table: 'accounts', columns: { account_id: 'Id', name: 'Company', created: 'Since' } };
  const file = new Blob(['Id,Company,Since\nbeta,Beta,2025-01-01\n']);
  const dry = await client.upload({ source, file, name: 'crm.csv', dryRun: true });
  expect([dry.dryRun, dry.files[0]?.accepted]).toEqual([true, 1]);
  const kept = await client.upload({ source, file, name: 'crm.csv' }, { idempotencyKey: 'crm' });
  expect(kept.files).toEqual([expect.objectContaining({ file: 'crm.csv', accepted: 1 })]);
  const asOf = new Date().toISOString().slice(0, 10);
  const rows = await new Response(await client.download('accounts', 'csv', { asOf })).text();
  expect(rows).toContain('Beta');
});

/** A folder that knows nothing of this checkout, with the client as it is built for others. */
function elsewhere(): string {
  const folder = scratchFolder();
  const packages = join(folder, 'node_modules');
  mkdirSync(packages);
  cpSync(buildClient(join(scratchFolder(), 'client')), join(packages, 'bellwether-client'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  return folder;
}

test('plain JavaScript uses it from a folder of its own, and TypeScript sees its types', async () => {
  const folder = elsewhere();
  const lines = [
    `import { createClient } from 'bellwether-client';`,
    `const client = createClient({ url: process.argv[2], key: process.argv[3] });`,
    `const { accounts, total } = await client.accounts({ sort: 'name' });`,
    `const { version } = await client.call('model.get', {});`,
    `console.log(JSON.stringify({ total, first: accounts[0].name, version }));`,
  ];
  writeFileSync(join(folder, 'list.js'), lines.join('\n'));
  const { stdout } = await run(process.execPath, ['list.js', service.address, admin], { cwd: folder });
  const said = z.object({ total: z.number(), first: z.string(), version: z.string() }).parse(JSON.parse(stdout));
  expect(said).toMatchObject({ first: 'Acme', version: engines.model.version });

  symlinkSync(join(ROOT, 'node_modules', 'zod'), join(folder, 'node_modules', 'zod'));
  const typed = [
    `import { createClient } from 'bellwether-client';`,
    `const client = createClient({ url: '', key: '' });`,
    `export const arr: Promise<number | null | undefined> = client.accounts().then(({ accounts }) => accounts[0]?.arr);`,
    `// @ts-expect-error an account has no such field`,
    `export const none = client.accounts().then(({ accounts }) => accounts[0]?.nothing);`,
    `// @ts-expect-error the path names a hold and an action`,
    `export const half = client.call('holds.decide', { params: { id: 1 } });`,
    `// @ts-expect-error a key has a scope`,
    `export const key = client.call('keys.create', { body: { name: 'x' } });`,
  ];
  writeFileSync(join(folder, 'typed.ts'), typed.join('\n'));
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom'];
  const checked = run(
    process.execPath,
    [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), ...options, 'typed.ts'],
    {
      cwd: folder,
    },
  );
  await expect(
    checked.catch((error: { stdout: string }) => Promise.reject(new Error(error.stdout))),
  ).resolves.toMatchObject({
    stdout: '',
  });
});
