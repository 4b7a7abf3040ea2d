import type { Warehouse } from '../warehouse/warehouse.ts';

/** Statements of one small computation that run at a time: most of each is one core's planning. */
const LANES = 2;

/**
 * The warehouse for a computation whose parts are started together: at most two statements run at a time where some
 * accounts are measured, one where all are, since each then fills cores and memory by itself. After a failure no further
 * statement is begun.
 */
export function inLanes(warehouse: Warehouse, isSmall: boolean): Warehouse {
  let free = isSmall ? LANES : 1;
  let failure: { readonly error: unknown } | null = null;
  const waiting: (() => void)[] = [];
  const run = async <T>(statement: () => Promise<T>): Promise<T> => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free--;
    try {
      if (failure !== null) throw failure.error;
      return await statement();
    } catch (error) {
      failure ??= { error };
      throw error;
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
  return {
    database: warehouse.database,
    kind: warehouse.kind,
    cluster: warehouse.cluster,
    command: (sql, options) => run(() => warehouse.command(sql, options)),
    rows: (sql, schema, options) => run(() => warehouse.rows(sql, schema, options)),
    stream: (sql, schema, options) => warehouse.stream(sql, schema, options),
    insertRows: (table, rows, options) => run(() => warehouse.insertRows(table, rows, options)),
    insertFile: (statement, body, options) => run(() => warehouse.insertFile(statement, body, options)),
    download: (sql, options) => run(() => warehouse.download(sql, options)),
    close: () => warehouse.close(),
  };
}

/** Waits until all parts have ended, so that nothing is built behind a failure; throws the first. */
export async function allOf(parts: readonly Promise<unknown>[]): Promise<void> {
  const ended = await Promise.allSettled(parts);
  const failed = ended.find((part) => part.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** A part that begins once others have ended well. */
export async function after(needed: readonly Promise<unknown>[], part: () => Promise<void>): Promise<void> {
  await Promise.all(needed);
  await part();
}
