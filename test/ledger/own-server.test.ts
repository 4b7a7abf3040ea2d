import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import * as ledgerCopy from '../../src/ledger/copy.ts';
import { type OpenLedger, openLedger } from '../../src/ledger/open.ts';
import { backUp } from '../../src/pipeline/backup.ts';
import { beginErasure, erasureWaits, listReceipts } from '../../src/pipeline/erasure/erase.ts';
import { setOverride } from '../../src/pipeline/override.ts';
import { readBackup, restore } from '../../src/pipeline/restore.ts';
import { type OpenEngines, openEngines, type Serving, serve, settled, until } from '../api/serving.ts';
import { scratchFolder } from '../scratch.ts';
import { installedPostgres, type OwnPostgres, startOwnPostgres, WHY_NOT } from './own-postgres.ts';

test('the newest Postgres of a system is found, and where there is none that is said', () => {
  const folder = scratchFolder();
  expect(installedPostgres(join(folder, 'nowhere'))).toBeNull();
  expect(installedPostgres(folder)).toBeNull();
  for (const version of ['9', '15', '16']) {
    mkdirSync(join(folder, version, 'bin'), { recursive: true });
    writeFileSync(join(folder, version, 'bin', 'initdb'), '');
  }
  mkdirSync(join(folder, '17'));
  expect(installedPostgres(folder)).toBe(join(folder, '16', 'bin'));
  expect(WHY_NOT === '').toBe(installedPostgres() !== null);
});

const programs = installedPostgres();

describe.skipIf(programs === null)(`a service on the Postgres of the system${WHY_NOT}`, () => {
  let own: OwnPostgres;
  let ledger: OpenLedger;
  let engines: OpenEngines;
  let service: Serving;

  beforeAll(async () => {
    own = await startOwnPostgres(programs ?? '');
    ledger = await openLedger({ directory: 'unused', url: own.url });
    const embedded = await openEngines();
    await embedded.ledger.close();
    engines = { ...embedded, ledger, close: () => embedded.warehouse.close() };
    service = await serve(engines);
  });
  afterAll(async () => {
    await service.close();
    await engines.close();
    await ledger.close();
    await own.stop();
  });

  it('takes events, records what moves, and answers', async () => {
    const call = (userId: string) => ({ type: 'track', userId, event: 'cancel_clicked', context: { groupId: 'acme' } });
    expect((await service.send('/v1/batch', { batch: [call('ada_1'), call('bob_2')] })).status).toBe(200);
    await settled(engines.warehouse);
    await until(
      () => ({ accounts: service.book.accountsOf('ada_1'), isFilled: service.loop.state.isFilled }),
      // The first sweep puts accounts into the book before all of them are there to be asked for.
      ({ accounts, isFilled }) => isFilled && accounts.length > 0,
    );
    const answer = await fetch(`${service.address}/api/v1/accounts/acme`, {
      headers: { authorization: `Bearer ${service.keyOf('read')}` },
    });
    expect(answer.status).toBe(200);
    const runs = await ledger.query('SELECT count(*) AS n FROM runs', [], z.object({ n: z.number() }));
    expect(runs[0]?.n).toBeGreaterThan(0);
  });

  it('erases, with a receipt', async () => {
    const now = new Date();
    await setOverride(engines, {
      ...{ accountId: 'acme', segment: 'Busy', reason: 'ada_1 asked for it', author: 'Zoë' },
      ...{ days: 30, now },
    });
    await beginErasure(engines, { userId: 'ada_1', accountId: null, also: [], by: 'Zoë', now });
    await until(
      () => erasureWaits(ledger),
      (waits) => !waits,
    );
    expect((await listReceipts(ledger))[0]).toMatchObject({ remaining: [], ids: 1 });
    const reasons = await ledger.query('SELECT reason FROM overrides', [], z.object({ reason: z.string() }));
    expect(reasons).toEqual([{ reason: '[erased] asked for it' }]);
    await expect(ledger.command("UPDATE moves SET cause = 'x'")).rejects.toThrow(/never rewritten/);
  });

  it('is backed up, and restored into the embedded server', async () => {
    const folder = join(scratchFolder(), 'backup');
    // What is decided after the copy began is not in it: the loop goes on meanwhile.
    const { files } = await backUp(engines, { folder, now: new Date() });
    const other = await openEngines();
    await restore(other, folder, await readBackup(folder));
    for (const table of ['moves', 'overrides', 'suppressions', 'erasure_key']) {
      const copied = files.find((file) => file.engine === 'ledger' && file.table === table);
      expect(await ledgerCopy.countRows(other.ledger, table), table).toBe(copied?.rows);
    }
    await other.close();
  });
});
