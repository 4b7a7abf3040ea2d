import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { OpenWarehouse } from '../src/warehouse/warehouse.ts';
import type { WorldSize } from './world.ts';

/** One line of the table that `npm run bench` prints. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  /** `s`, `ms`, `x` (a ratio), `%`, `MB`, `bytes` or `count`. */
  readonly unit: 's' | 'ms' | 'x' | '%' | 'MB' | 'bytes' | 'count';
  /** Bar of DESIGN section 10: the value must be below it. Absent: told for information. */
  readonly below?: number;
  /** What the figure leaves out or rests on. */
  readonly note?: string;
}

/** What a row prints as one JSON document on its standard output. */
export interface RowResult {
  readonly row: string;
  readonly sizes: Readonly<Record<string, number>>;
  readonly versions: Readonly<Record<string, string>>;
  /** Whether what is compared was found equal before it was timed; a row that finds a difference throws instead. */
  readonly isEqual: boolean;
  readonly figures: readonly Figure[];
  readonly notes: readonly string[];
}

/** A line for whoever waits; the standard output is kept for the result. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Prints the result of a row. */
export function report(result: RowResult): void {
  process.stdout.write(`${JSON.stringify(result, null, 1)}\n`);
}

/** Seconds that work takes. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** The median of the seconds of several runs. The caller has run it once before: what is cold is not counted. */
export async function medianSeconds(runs: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) times.push(await seconds(work));
  return median(times);
}

/** The middle of the values, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Most memory that a process ever held at once, in megabytes. */
export function peakMegabytes(pid: number | null): number {
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(peak ?? 0) / 1024);
}

/** Ticks of a second in `/proc`; the same on every Linux that Node runs on. */
const TICKS = 100;

/** Processor seconds that a process has used so far, on all cores: steadier than a clock where others work too. */
export function processorSeconds(pid: number | null): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

const versionSchema = z.object({ version: z.string() });

/** Versions of Node and of the engine. */
export async function versionsOf(warehouse: OpenWarehouse): Promise<Record<string, string>> {
  const [row] = await warehouse.rows('SELECT version() AS version', versionSchema);
  return { node: process.versions.node, clickhouse: row?.version ?? 'unknown' };
}

/** A warehouse that notes how long every statement takes, by the name of the table that it builds. */
export function timed(warehouse: OpenWarehouse, times: Map<string, number>): OpenWarehouse {
  const note = async <T>(sql: string, run: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    try {
      return await run();
    } finally {
      const name =
        /scratch_\w+?_(?:c_|r_)?([a-z]\w*)/.exec(sql.slice(0, 200))?.[1] ?? sql.slice(0, 60).replace(/\s+/g, ' ');
      times.set(name, (times.get(name) ?? 0) + (performance.now() - start) / 1000);
    }
  };
  return new Proxy(warehouse, {
    get: (target, name) => {
      if (name === 'command') return (sql: string, options?: object) => note(sql, () => target.command(sql, options));
      if (name === 'rows') {
        return (sql: string, schema: z.ZodType, options?: object) => note(sql, () => target.rows(sql, schema, options));
      }
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

const wholeSchema = z.coerce.number().int().positive();

/** What a row was asked for on its command line; the defaults are those of a quick `npm run bench`. */
export function readSize(): {
  readonly size: WorldSize;
  readonly runs: number;
  readonly weeks: number;
  readonly statements: boolean;
} {
  const { values } = parseArgs({
    options: {
      accounts: { type: 'string', default: '1000' },
      'users-per-account': { type: 'string', default: '40' },
      events: { type: 'string', default: '2400000' },
      months: { type: 'string', default: '18' },
      runs: { type: 'string', default: '3' },
      weeks: { type: 'string', default: '52' },
      statements: { type: 'boolean', default: false },
    },
  });
  return {
    size: {
      accounts: wholeSchema.parse(values.accounts),
      usersPerAccount: wholeSchema.parse(values['users-per-account']),
      events: wholeSchema.parse(values.events),
      months: wholeSchema.parse(values.months),
    },
    runs: wholeSchema.parse(values.runs),
    weeks: wholeSchema.parse(values.weeks),
    statements: values.statements,
  };
}
