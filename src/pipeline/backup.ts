import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import * as ledgerCopy from '../ledger/copy.ts';
import { Failure } from '../model/failure.ts';
import * as warehouseCopy from '../warehouse/copy.ts';
import type { Engines } from './engines.ts';
import { MODEL_FILE } from './workspace.ts';

/** One file of a backup. */
export interface BackupFile {
  /** Relative to the backup's folder. */
  readonly path: string;
  readonly engine: 'warehouse' | 'ledger';
  readonly table: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** What a backup holds: `manifest.json` beside its files. */
export interface BackupManifest {
  readonly format: 1;
  readonly at: string;
  readonly modelVersion: string;
  readonly files: readonly BackupFile[];
}

/** Name of the file that says what a backup holds; it is written last. */
export const MANIFEST = 'manifest.json';

/** Where a backup goes, and when. */
export interface BackupRequest {
  /** Folder to make; refused where it exists. */
  readonly folder: string;
  readonly now: Date;
  readonly onProgress?: (done: number, all: number) => void;
}

/**
 * Copies both engines and the model into a folder, while work goes on.
 *
 * The ledger is copied first, as of one moment, then the facts: the facts then hold at least what the ledger's decisions
 * were made of. Derived tables are left out, since they are computed again. The folder has another name until it is
 * whole. Refuses `backup-exists`.
 */
export async function backUp(
  { warehouse, ledger, model, modelText }: Engines,
  { folder, now, onProgress }: BackupRequest,
): Promise<BackupManifest> {
  if (await exists(folder)) throw new Failure('backup-exists', `${folder} exists already. Name another folder.`);
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(join(partial, 'ledger'), { recursive: true });
  await mkdir(join(partial, 'warehouse'), { recursive: true });
  try {
    const tables = await warehouseCopy.keptTables(warehouse);
    const files = [...(await backUpLedger(ledger, partial))];
    for (const [index, table] of tables.entries()) {
      onProgress?.(index, tables.length);
      const path = join('warehouse', `${table}.native.gz`);
      const rows = await warehouseCopy.countRows(warehouse, table);
      const body = rows === 0 ? Readable.from([]) : await warehouseCopy.copyOut(warehouse, table);
      files.push({ path, engine: 'warehouse', table, rows, ...(await save(join(partial, path), body)) });
    }
    const manifest: BackupManifest = { format: 1, at: now.toISOString(), modelVersion: model.version, files };
    await writeFile(join(partial, MODEL_FILE), modelText);
    await writeFile(join(partial, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    await rename(partial, folder);
    return manifest;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

async function backUpLedger(ledger: Engines['ledger'], folder: string): Promise<readonly BackupFile[]> {
  const open = new Map<
    string,
    { path: string; rows: number; write: (lines: readonly string[]) => Promise<void>; end: () => Promise<Saved> }
  >();
  await ledgerCopy.copyOut(ledger, async (table, lines) => {
    const path = join('ledger', `${table}.jsonl.gz`);
    const file = open.get(table) ?? { path, rows: 0, ...lineFile(join(folder, path)) };
    open.set(table, file);
    file.rows += lines.length;
    await file.write(lines);
  });
  const files: BackupFile[] = [];
  for (const [table, { path, rows, end }] of open)
    files.push({ path, engine: 'ledger', table, rows, ...(await end()) });
  return files;
}

type Saved = Pick<BackupFile, 'bytes' | 'sha256'>;

function lineFile(path: string): { write: (lines: readonly string[]) => Promise<void>; end: () => Promise<Saved> } {
  const source = new Transform({ transform: (chunk, _encoding, done) => done(null, chunk) });
  const saved = save(path, source);
  return {
    write: async (lines) => {
      for (const line of lines) {
        if (!source.write(`${line}\n`)) await new Promise<void>((resolve) => source.once('drain', resolve));
      }
    },
    end: () => {
      source.end();
      return saved;
    },
  };
}

async function save(path: string, body: Readable): Promise<Saved> {
  const hash = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(
    body,
    createGzip({ level: constants.Z_BEST_SPEED }),
    measure,
    createWriteStream(path, { flush: true }),
  );
  return { bytes, sha256: hash.digest('hex') };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
