import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { storedTable } from '../../src/warehouse/cluster.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import { whole } from '../../src/warehouse/values.ts';
import type { OpenWarehouse } from '../../src/warehouse/warehouse.ts';
import { randomWorld } from '../oracle/random-world.ts';
import { loadWorld } from '../profile/load-world.ts';
import { profilesOf } from '../profile/parity.ts';
import { scratchFolder } from '../scratch.ts';
import { rehearsal, SHARDED_TABLES } from './rehearsal.ts';

let plain: OpenWarehouse;
let spread: OpenWarehouse;

beforeAll(async () => {
  plain = await openWarehouse({ directory: scratchFolder() });
  spread = await openWarehouse({ directory: scratchFolder(), rehearsal: rehearsal('bellwether') });
});

afterAll(async () => {
  await plain.close();
  await spread.close();
});

test.each([1, 2, 3])('world %i', async (seed) => {
  const world = randomWorld(seed);
  for (const t of SHARDED_TABLES) if (t.name !== 'ddl_steps') await spread.command(`TRUNCATE TABLE ${storedTable(spread, t.name)}`);
  await loadWorld(plain, world);
  await loadWorld(spread, world);
  const n = z.object({ n: whole, s: z.unknown() });
  console.log(await plain.rows('SELECT count() n, 0 s FROM events', n), await spread.rows('SELECT count() n, shardNum() s FROM events GROUP BY s', n));
  const [a, b] = world.asOfs;
  console.time('plain');
  const p = await profilesOf(plain, world, a!, b!);
  console.timeEnd('plain');console.time('spread');
  const s = await profilesOf(spread, world, a!, b!);
  console.timeEnd('spread');
  expect(s).toEqual(p);
});
