import { expect, it } from 'vitest';
import { openLedger } from '../../src/ledger/open.ts';
import { examine } from '../../src/pipeline/doctor.ts';
import { scratchFolder } from '../scratch.ts';

it('finds this machine fit, and tells of a workspace in use', async () => {
  const directory = scratchFolder();
  const checks = await examine({ warehouse: {}, directory });
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
  const again = await examine({ warehouse: {}, directory });
  await holder.close();
  expect(again.find((check) => check.name === 'ledger')).toMatchObject({ ok: false, found: 'workspace-in-use' });
});
