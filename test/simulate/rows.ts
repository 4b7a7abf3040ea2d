import type { Batch, EventFact, Fact } from '../../src/simulate/facts.ts';
import type { SimulateOptions } from '../../src/simulate/planted.ts';
import type { Truth } from '../../src/simulate/truth.ts';
import { simulatedRows } from '../../src/simulate/world.ts';

/** All rows of a world by table, with the late events apart. */
export interface Rows<T> {
  readonly tables: ReadonlyMap<string, readonly Fact[]>;
  readonly events: readonly EventFact[];
  readonly late: readonly EventFact[];
  readonly result: T;
}

/** Reads a stream of rows to its end. */
export function collectRows<T>(stream: Generator<Batch, T>): Rows<T> {
  const tables = new Map<string, Fact[]>();
  const late: EventFact[] = [];
  let step = stream.next();
  for (; !step.done; step = stream.next()) {
    const { table, rows, isLate } = step.value;
    const held = tables.get(table) ?? [];
    tables.set(table, held);
    for (const row of rows) held.push(row);
    if (isLate) for (const row of rows) late.push(row as EventFact);
  }
  return { tables, events: (tables.get('events') ?? []) as EventFact[], late, result: step.value };
}

/** The simulated world of those options. */
export function worldRows(options: SimulateOptions): Rows<Truth> {
  return collectRows(simulatedRows(options));
}

/** Rows by the value of a column. */
export function groupBy<R extends Fact>(rows: readonly R[], column: string): ReadonlyMap<unknown, readonly R[]> {
  const groups = new Map<unknown, R[]>();
  for (const row of rows) {
    const group = groups.get(row[column]);
    if (group === undefined) groups.set(row[column], [row]);
    else group.push(row);
  }
  return groups;
}
