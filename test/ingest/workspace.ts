import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { z } from 'zod';
import type { Source } from '../../src/definition/model.ts';
import { importSources } from '../../src/ingest/import-sources.ts';
import type { ImportReport } from '../../src/ingest/report.ts';
import { FACT_TABLES } from '../../src/model/tables.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import type { OpenWarehouse } from '../../src/warehouse/warehouse.ts';
import { scratchFolder } from '../scratch.ts';

/** The real engine, emptied before each test, with a folder for files. */
export interface Workspace {
  readonly directory: string;
  readonly warehouse: OpenWarehouse;
  readonly write: (name: string, content: string | Uint8Array) => string;
  readonly load: (sources: readonly Source[], day?: number, dryRun?: boolean) => Promise<ImportReport>;
  readonly ask: (sql: string) => Promise<Record<string, unknown>[]>;
}

/** Opens it for the tests of this file. Day 1 is 2026-11-01. */
export function openWorkspace(): Workspace {
  const directory = scratchFolder();
  let opened: OpenWarehouse;
  beforeAll(async () => {
    opened = await openWarehouse({ directory: join(directory, '.bellwether'), memoryLimitBytes: 2_000_000_000 });
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    for (const table of [...FACT_TABLES.map(({ name }) => name), 'quarantine', 'coverage', 'imports']) {
      await opened.command(`TRUNCATE TABLE ${table}`);
    }
  });
  return {
    directory,
    get warehouse() {
      return opened;
    },
    write: (name, content) => {
      const path = join(directory, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return name;
    },
    load: (sources, day = 1, dryRun = false) =>
      importSources({
        warehouse: opened,
        model: { sources },
        directory,
        environment: () => undefined,
        now: new Date(Date.UTC(2026, 10, day, 12)),
        dryRun,
      }),
    ask: (sql) => opened.rows(sql, z.record(z.string(), z.unknown())),
  };
}
