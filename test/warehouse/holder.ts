// A process that opens the engines of a folder, says so, and waits to be killed.
import { openLedger } from '../../src/ledger/open.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';

const [what, directory = ''] = process.argv.slice(2);
const pid =
  what === 'warehouse'
    ? (await openWarehouse({ directory })).engine.pid()
    : (await openLedger({ directory })).server.pid();
process.stdout.write(`${pid}\n`);
setInterval(() => undefined, 1_000);
