import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLedger } from '../../src/ledger/open.ts';
import { examine } from '../../src/pipeline/doctor.ts';
import { checkOrigin, examineOutside, isBehindProxy } from '../../src/pipeline/doctor-outside.ts';
import { LIVE_MODEL } from '../api/serving.ts';
import { scratchFolder } from '../scratch.ts';

it('finds this machine fit, and tells of a workspace in use', async () => {
  const directory = scratchFolder();
  const checks = await examine({ warehouse: {}, directory, clock: Date.now });
  expect(checks.filter((check) => !check.ok)).toEqual([]);
  expect(checks.map((check) => check.name)).toEqual([
    'node',
    'platform',
    'memory',
    'folder',
    'disk',
    'port',
    'warehouse',
    'ledger',
  ]);
  const holder = await openLedger({ directory });
  const again = await examine({ warehouse: {}, directory, clock: Date.now });
  await holder.close();
  expect(again.find((check) => check.name === 'ledger')).toMatchObject({ ok: false, found: 'workspace-in-use' });
});

it('tells of servers: how far their clocks are, and of rights that are not needed', async () => {
  const directory = scratchFolder();
  const ledger = await openLedger({ directory });
  const url = ledger.server.url();
  const options = { warehouse: { url: 'http://127.0.0.1:9' }, databaseUrl: url, directory: scratchFolder() };
  const late = await examine({ ...options, clock: () => Date.now() - 3_600_000 });
  await ledger.close();
  const of = (name: string) => late.find((check) => check.name === name);
  expect(of('warehouse')).toMatchObject({ ok: false, found: 'warehouse-unreachable' });
  expect(of('ledger')).toMatchObject({ ok: true });
  expect(of('ledger clock')).toMatchObject({ ok: false, found: '3600 s from ours' });
  expect(of('ledger rights')).toMatchObject({ ok: true });
});

it('looks at the model, at mail and at sign-in, and says which of them is not there', async () => {
  const workspace = scratchFolder();
  let issuer = '';
  const provider = createServer((_request, answer) => {
    const ends = { authorization_endpoint: `${issuer}/a`, token_endpoint: `${issuer}/t`, jwks_uri: `${issuer}/j` };
    answer.setHeader('content-type', 'application/json').end(JSON.stringify({ issuer, ...ends }));
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const { port } = provider.address() as { port: number };
  issuer = `http://127.0.0.1:${port}`;
  const looked = async (given: object) => {
    const checks = await examineOutside({ workspace, ...given });
    return Object.fromEntries(checks.map(({ name, ok }) => [name, ok]));
  };
  expect(await looked({})).toEqual({ model: false });
  writeFileSync(join(workspace, 'bellwether.yaml'), LIVE_MODEL);
  const fine = {
    ...{ smtpUrl: `smtp://127.0.0.1:${port}`, oidcIssuer: issuer, origin: 'https://b.acme.com' },
    trustedProxies: ['10.0.0.0/8'],
  };
  expect(await looked(fine)).toEqual({ model: true, mail: true, 'sign-in': true, origin: true, proxy: true });
  // TLS ends somewhere before us: whoever that is must be named, or everybody comes from there.
  expect(await looked({ origin: 'https://b.acme.com' })).toEqual({ model: true, origin: true, proxy: false });
  expect(await looked({ origin: 'http://localhost:8321' })).toEqual({ model: true, origin: true });
  expect(await looked({ oidcIssuer: `${issuer}/other` })).toEqual({ model: true, 'sign-in': false });
  await new Promise((resolve) => provider.close(resolve));
  expect(await looked(fine)).toMatchObject({ mail: false, 'sign-in': false });
  expect(checkOrigin('http://b.acme.com')).toMatchObject({ ok: false });
  expect(checkOrigin('http://localhost:8321')).toMatchObject({ ok: true });
  const reached = ['127.0.0.1', '::1', 'localhost', '0.0.0.0', '10.1.2.3'].map((host) => isBehindProxy({ host }));
  expect(reached).toEqual([false, false, false, true, true]);
});
