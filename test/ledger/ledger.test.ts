import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { applyLedgerSteps, readLedgerSteps } from '../../src/ledger/apply-steps.ts';
import { type OpenLedger, openLedger } from '../../src/ledger/open.ts';
import { scratchFolder } from '../scratch.ts';
import { hasEnded, hold } from '../warehouse/process.ts';
import { installedPostgres, type OwnPostgres, startOwnPostgres } from './own-postgres.ts';

const count = z.object({ n: z.number() });
const directory = scratchFolder();
let embedded: OpenLedger;

beforeAll(async () => {
  embedded = await openLedger({ directory });
  await embedded.command("INSERT INTO model_versions (version, text, published_at) VALUES ('v1', '', '2024-01-01Z')");
});
afterAll(() => embedded.close());

const INSERT_MOVE = `INSERT INTO moves (account_id, at, to_segment, cause, model_version, evidence, recorded_at)
  VALUES ($1, $2, 'Growth', 'first', 'v1', $3, $2) RETURNING move_id, at, evidence`;

const programs = installedPostgres();
const KINDS = ['embedded', 'server', ...(programs === null ? [] : (['of the system'] as const))] as const;

describe.each(KINDS)('the %s ledger', (kind) => {
  let ledger: OpenLedger;
  let own: OwnPostgres | null = null;
  beforeAll(async () => {
    if (kind === 'of the system' && programs !== null) own = await startOwnPostgres(programs);
    const url = own?.url ?? embedded.server.url();
    ledger = kind === 'embedded' ? embedded : await openLedger({ directory: 'unused', url });
    if (own !== null)
      await ledger.command("INSERT INTO model_versions (version, text, published_at) VALUES ('v1', '', '2024-01-01Z')");
  });
  afterAll(async () => {
    if (kind !== 'embedded') await ledger.close();
    await own?.stop();
  });

  it('keeps values as they were given', async () => {
    const at = new Date('2024-02-29T23:59:59.123Z');
    const schema = z.object({ move_id: z.number(), at: z.date(), evidence: z.object({ seen: z.number() }) });
    const rows = await ledger.query(INSERT_MOVE, ['a', at, { seen: 0.1 }], schema);
    expect(rows[0]).toMatchObject({ at, evidence: { seen: 0.1 } });
  });

  it('never rewrites a move', async () => {
    for (const sql of ["UPDATE moves SET cause = 'x'", 'DELETE FROM moves', 'TRUNCATE moves']) {
      await expect(ledger.command(sql)).rejects.toThrow(/never rewritten/);
    }
  });

  it('commits whole transactions only', async () => {
    const key = `in_${kind}`;
    const add = `INSERT INTO model_versions (version, text, published_at) VALUES ($1, '', '2024-01-01Z')`;
    const failing = ledger.transaction(async (transaction) => {
      await transaction.command(add, [key]);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    const found = 'SELECT count(*) AS n FROM model_versions WHERE version = $1';
    expect(await ledger.query(found, [key], count)).toEqual([{ n: 0 }]);
    await ledger.transaction((transaction) => transaction.command(add, [key]));
    expect(await ledger.query(found, [key], count)).toEqual([{ n: 1 }]);
  });

  it('keeps the SQL and the cause of a failure', async () => {
    const failed = await ledger.query('SELECT nothing_such', [], count).catch((error: unknown) => error);
    expect(failed).toMatchObject({ name: 'Failure', code: 'ledger-query' });
    expect(String((failed as Error).cause)).toContain('SELECT nothing_such');
    await expect(ledger.query("SELECT 'a' AS n", [], count)).rejects.toMatchObject({ code: 'ledger-shape' });
  });

  it('has no more rights than it needs', async () => {
    await expect(ledger.command("SELECT pg_read_file('/etc/passwd')")).rejects.toThrow(/permission denied/);
    await expect(ledger.command('CREATE ROLE somebody')).rejects.toThrow(/permission denied/);
  });
});

describe('the schema', () => {
  it('is applied once, and refuses a step that was changed or is newer', async () => {
    const steps = readLedgerSteps(new URL('../../src/ledger/ddl/', import.meta.url));
    await Promise.all([applyLedgerSteps(embedded, steps), applyLedgerSteps(embedded, steps)]);
    const changed = steps.map((step) => ({ ...step, sql: `${step.sql} ` }));
    await expect(applyLedgerSteps(embedded, changed)).rejects.toMatchObject({ code: 'ddl-changed' });
    await expect(applyLedgerSteps(embedded, [])).rejects.toMatchObject({ code: 'ddl-changed' });
  });
});

describe('the embedded server', () => {
  it('refuses a second process on the folder and says what to do', async () => {
    await expect(openLedger({ directory })).rejects.toMatchObject({
      code: 'workspace-in-use',
      message: expect.stringMatching(/pid \d+.*--workspace/) as unknown,
    });
  });

  it('comes back after a kill -9 with all that it acknowledged', async () => {
    const before = await embedded.query('SELECT count(*) AS n FROM moves', [], count);
    const pid = embedded.server.pid() ?? 0;
    process.kill(pid, 'SIGKILL');
    await hasEnded(pid);
    await sleep(50);
    expect(await embedded.query('SELECT count(*) AS n FROM moves', [], count)).toEqual(before);
    expect(embedded.server.restarts()).toBe(1);
  });

  it('leaves no process behind when its parent is killed, and starts again at once', async () => {
    const other = scratchFolder();
    const { holder, enginePid } = await hold('ledger', other);
    holder.kill('SIGKILL');
    await hasEnded(holder.pid ?? 0);
    const next = await openLedger({ directory: other });
    expect(await next.query('SELECT count(*) AS n FROM moves', [], count)).toEqual([{ n: 0 }]);
    expect(next.server.pid()).not.toBe(enginePid);
    await next.close();
    expect(await hasEnded(enginePid)).toBe(true);
  });
});
