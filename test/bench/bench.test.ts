import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { scratchFolder } from '../scratch.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SIZE = ['--accounts', '50', '--users-per-account', '6', '--events', '10000', '--months', '13', '--runs', '1'];

const resultSchema = z.strictObject({
  row: z.string(),
  sizes: z.record(z.string(), z.number().int().positive()),
  versions: z.record(z.string(), z.string().regex(/\d/)),
  isEqual: z.literal(true),
  figures: z.array(
    z.strictObject({
      what: z.string().min(1),
      value: z.number().nonnegative(),
      unit: z.enum(['s', 'x', '%', 'MB', 'count']),
      below: z.number().optional(),
      note: z.string().optional(),
    }),
  ),
  notes: z.array(z.string()),
});

/** Both rows in one test, one after the other: they share one world, which has the folder to itself. */
test('the rows signals and panel find equal results and print their fields', async () => {
  const env = { ...process.env, TMPDIR: scratchFolder() };
  for (const [row, least] of [
    ['signals', 72],
    ['panel', 0],
  ] as const) {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', `bench/${row}.ts`, ...SIZE, '--weeks', '2'],
      { cwd: ROOT, env },
    );
    const result = resultSchema.parse(JSON.parse(stdout));
    expect(result.row).toBe(row);
    expect(result.sizes['accounts']).toBeGreaterThanOrEqual(50);
    expect(result.figures.filter(({ unit }) => unit === 'x').length).toBeGreaterThan(0);
    const compared = result.notes
      .filter((note) => note.startsWith('DuckDB'))
      .flatMap((note) => note.split(', ').slice(1));
    expect(compared.length).toBeGreaterThanOrEqual(least);
  }
});
