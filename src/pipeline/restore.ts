import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import * as ledgerCopy from '../ledger/copy.ts';
import { Failure } from '../model/failure.ts';
import * as warehouseCopy from '../warehouse/copy.ts';
import { type BackupFile, type BackupManifest, MANIFEST } from './backup.ts';
import type { Engines } from './engines.ts';

const manifestSchema: z.ZodType<BackupManifest> = z.object({
  format: z.literal(1),
  at: z.string(),
  modelVersion: z.string(),
  files: z.array(
    z.object({
      path: z.string().regex(/^(?:warehouse|ledger)\/\w+\.(?:native|jsonl)\.gz$/),
      engine: z.enum(['warehouse', 'ledger']),
      table: z.string().regex(/^\w+$/),
      rows: z.number(),
      bytes: z.number(),
      sha256: z.string(),
    }),
  ),
});

/**
 * Reads what a backup says that it holds, and looks at every byte of it. Refuses `no-backup` where there is none, and
 * `backup-damaged` with the file where one is not what was written.
 */
export async function readBackup(folder: string): Promise<BackupManifest> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch((cause: unknown) => {
    throw new Failure('no-backup', `There is no backup in ${folder}: it has no ${MANIFEST}.`, { cause });
  });
  const parsed = manifestSchema.safeParse(parseJson(text));
  if (!parsed.success) throw damaged(MANIFEST);
  for (const file of parsed.data.files) {
    if ((await hashOf(join(folder, file.path))) !== file.sha256) throw damaged(file.path);
  }
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const damaged = (path: string): Failure =>
  new Failure('backup-damaged', `${path} of the backup is missing or is not what was written. Use another backup.`);

async function hashOf(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch {
    return null;
  }
  return hash.digest('hex');
}

/**
 * Puts a backup into a workspace that holds nothing yet. Refuses `not-empty`, and `restore-mismatch` where a table ends with
 * another number of rows than the backup has; nothing should then be used of the workspace.
 */
export async function restore(
  engines: Pick<Engines, 'warehouse' | 'ledger'>,
  folder: string,
  manifest: BackupManifest,
  onProgress: (done: number, all: number) => void = () => undefined,
): Promise<void> {
  const { warehouse, ledger } = engines;
  await refuseUnlessEmpty(engines);
  const of = (engine: BackupFile['engine']) => manifest.files.filter((file) => file.engine === engine);
  for (const [index, file] of of('warehouse').entries()) {
    onProgress(index, manifest.files.length);
    if (file.rows === 0) continue;
    await warehouseCopy.copyIn(warehouse, file.table, createReadStream(join(folder, file.path)).pipe(createGunzip()));
  }
  await ledgerCopy.copyIn(
    ledger,
    of('ledger').map(({ table, path }) => ({ table, lines: linesOf(join(folder, path)) })),
  );
  for (const file of manifest.files) {
    const rows =
      file.engine === 'ledger'
        ? await ledgerCopy.countRows(ledger, file.table)
        : await warehouseCopy.countRows(warehouse, file.table);
    // A fact that arrived while the backup was made may be in its file and not in its count; the ledger is of one moment.
    if (file.engine === 'ledger' ? rows !== file.rows : rows < file.rows) {
      const message = `${file.table} has ${rows} rows after restoring, and the backup says ${file.rows}.`;
      throw new Failure('restore-mismatch', message);
    }
  }
}

async function refuseUnlessEmpty({ warehouse, ledger }: Pick<Engines, 'warehouse' | 'ledger'>): Promise<void> {
  for (const table of await warehouseCopy.keptTables(warehouse)) {
    if ((await warehouseCopy.countRows(warehouse, table)) > 0) throw notEmpty(table);
  }
  for (const table of await ledgerCopy.keptTables(ledger)) {
    if ((await ledgerCopy.countRows(ledger, table)) > 0) throw notEmpty(table);
  }
}

const notEmpty = (table: string): Failure =>
  new Failure('not-empty', `The workspace holds ${table} already. Restore into a folder that holds nothing.`);

const LINES_AT_ONCE = 2_000;

/** Lines end with a line feed and nothing else: text may hold every other separator that Unicode knows. */
async function* linesOf(path: string): AsyncGenerator<readonly string[]> {
  let block: string[] = [];
  let rest = '';
  const unpacked = createReadStream(path).pipe(createGunzip()).setEncoding('utf8');
  for await (const chunk of unpacked) {
    const lines = `${rest}${String(chunk)}`.split('\n');
    rest = lines.pop() ?? '';
    block.push(...lines);
    if (block.length < LINES_AT_ONCE) continue;
    yield block;
    block = [];
  }
  if (rest !== '') block.push(rest);
  if (block.length > 0) yield block;
}
