// A process that imports one file of events and is killed on its way.
import { importSources } from '../../src/ingest/import-sources.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import { source } from './builder.ts';

const [directory = '', path = ''] = process.argv.slice(2);
const warehouse = await openWarehouse({ directory, memoryLimitBytes: 2_000_000_000 });
process.stdout.write('open\n');
await importSources({
  warehouse,
  model: { sources: [source({ name: 's', table: 'events', path })] },
  directory: '/',
  environment: () => undefined,
  now: new Date('2026-11-01T12:00:00Z'),
});
process.stdout.write('done\n');
await warehouse.close();
