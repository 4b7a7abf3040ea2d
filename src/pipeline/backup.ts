import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createGzip } from 'node:zlib';
import { z } from 'zod';
import * as ledgerCopy from '../ledger/copy.ts';
import type { Queryable } from '../ledger/ledger.ts';
import { Failure } from '../model/failure.ts';
import * as warehouseCopy from '../warehouse/copy.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
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
  /** Who asked for it; the ledger keeps where copies are. */
  readonly by?: string;
  readonly onProgress?: (done: number, all: number) => void;
}

/**
 * Copies both engines and the model into a folder, while work goes on.
 *
 * The ledger is copied first, as of one moment, then the facts: the facts then hold at least what the ledger's decisions
 * were made of. Derived tables are left out, since they are computed again. The folder has another name until it is
 * whole, and was read back. Where it is, is noted in the ledger, so that an erasure can name it. Refuses `backup-exists`,
 * and `backup-failed` where what was written is not what the engines hold.
 */
export async function backUp(engines: Engines, request: BackupRequest): Promise<BackupManifest> {
  const { folder } = request;
  if (await exists(folder)) throw new Failure('backup-exists', `${folder} exists already. Name another folder.`);
  const backupId = await noteBegun(engines, request);
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  try {
    const manifest = await write(engines, partial, request);
    await readBack(engines.warehouse, partial, manifest.files);
    await rename(partial, folder);
    await noteEnded(engines, backupId, manifest, null);
    return manifest;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    const reason = error instanceof Failure ? error.code : 'unexpected';
    // What failed first is what the caller hears, also where the ledger is away by now.
    await noteEnded(engines, backupId, null, reason).catch(() => undefined);
    throw error;
  }
}

async function write(
  { warehouse, ledger, model, modelText }: Engines,
  partial: string,
  { now, onProgress }: BackupRequest,
): Promise<BackupManifest> {
  // It holds what people do and the hashes of keys: for its owner alone.
  await mkdir(partial, { recursive: true, mode: 0o700 });
  await mkdir(join(partial, 'ledger'), { recursive: true });
  await mkdir(join(partial, 'warehouse'), { recursive: true });
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
  return manifest;
}

/**
 * Reads every file of the warehouse's back from the disk: its bytes are those that were written, the engine understands
 * them to the end, and they are at least the rows that were counted before. A table that broke off on its way is found here
 * and not when it is needed. Refuses `backup-failed`.
 */
export async function readBack(warehouse: Warehouse, folder: string, files: readonly BackupFile[]): Promise<void> {
  for (const { path, engine, table, rows, bytes, sha256 } of files) {
    const hash = createHash('sha256');
    let read = 0;
    const measured = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        read += chunk.length;
        done(null, chunk);
      },
    });
    const unpacked = createGunzip();
    const whole = pipeline(createReadStream(join(folder, path)), measured, unpacked);
    try {
      const found = await Promise.all([
        engine === 'warehouse' && rows > 0
          ? warehouseCopy.countCopied(warehouse, table, unpacked)
          : drain(unpacked, rows),
        whole,
      ]);
      if (found[0] < rows) throw new Error(`${found[0]} of ${rows} rows`);
      if (read !== bytes || hash.digest('hex') !== sha256) throw new Error('other bytes than were written');
    } catch (cause) {
      const message = `${path} was not written whole. Nothing is kept of this backup; look at the disk and at the logs of the engines, and try again.`;
      throw new Failure('backup-failed', message, { cause, isRetryable: true });
    }
  }
}

async function drain(body: Readable, rows: number): Promise<number> {
  for await (const _ of body);
  return rows;
}

async function noteBegun({ ledger, model }: Engines, { folder, now, by = 'operator' }: BackupRequest): Promise<number> {
  const [row] = await ledger.query(
    `INSERT INTO backups (folder, begun_at, begun_by, status, model_version) VALUES ($1, $2, $3, 'running', $4) RETURNING backup_id`,
    [folder, now, by, model.version],
    z.object({ backup_id: z.coerce.number() }),
  );
  if (row === undefined) throw new Error('an insert answered no row');
  return row.backup_id;
}

async function noteEnded(
  { ledger }: Engines,
  backupId: number,
  manifest: BackupManifest | null,
  failure: string | null,
): Promise<void> {
  const sum = (of: (file: BackupFile) => number) => manifest?.files.reduce((all, file) => all + of(file), 0) ?? null;
  await ledger.command(
    `UPDATE backups SET status = $2, finished_at = clock_timestamp(), rows = $3, bytes = $4, failure = $5 WHERE backup_id = $1`,
    [backupId, failure === null ? 'done' : 'failed', sum(({ rows }) => rows), sum(({ bytes }) => bytes), failure],
  );
}

const backupSchema = z.object({
  backup_id: z.coerce.number(),
  folder: z.string(),
  begun_at: z.date(),
  begun_by: z.string(),
  status: z.enum(['running', 'done', 'failed']),
  finished_at: z.date().nullable(),
  model_version: z.string(),
  rows: z.coerce.number().nullable(),
  bytes: z.coerce.number().nullable(),
  failure: z.string().nullable(),
});

/** A copy as the ledger knows it. Instants are ISO text. */
export interface BackupNote {
  readonly backupId: number;
  readonly folder: string;
  readonly begunAt: string;
  readonly by: string;
  readonly status: 'running' | 'done' | 'failed';
  readonly finishedAt: string | null;
  readonly modelVersion: string;
  readonly rows: number | null;
  readonly bytes: number | null;
  /** Code of what ended it. */
  readonly failure: string | null;
}

/** Copies that were made of this workspace, the latest first, whether or not their folders are still there. */
export async function listBackups(ledger: Queryable): Promise<readonly BackupNote[]> {
  const rows = await ledger.query('SELECT * FROM backups ORDER BY backup_id DESC', [], backupSchema);
  return rows.map((row) => ({
    backupId: row.backup_id,
    folder: row.folder,
    begunAt: row.begun_at.toISOString(),
    by: row.begun_by,
    status: row.status,
    finishedAt: row.finished_at?.toISOString() ?? null,
    modelVersion: row.model_version,
    rows: row.rows,
    bytes: row.bytes,
    failure: row.failure,
  }));
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
