import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseModel } from '../../src/definition/parse.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { openWorkspace } from '../ingest/workspace.ts';

const workspace = openWorkspace();

it('is imported whole: nothing refused, nothing invented, duplicates known as such', async () => {
  const truth = await simulate({ seed: 9, accounts: 60, months: 8, end: '2026-11-21' }, workspace.directory);
  const text = readFileSync(join(workspace.directory, 'bellwether.yaml'), 'utf8');
  const { model } = parseModel(text, { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
  const report = await workspace.load(model?.sources ?? [], 22);
  expect(report.diagnostics).toEqual([]);
  expect(report.refusals).toEqual([]);
  expect(report.conflicts).toEqual([]);
  expect(report.contradictions).toEqual([]);
  expect(report.created).toEqual({ accounts: 0, users: 0 });
  const read = new Map<string, number>();
  for (const file of report.files) read.set(file.table, (read.get(file.table) ?? 0) + file.read);
  expect(Object.fromEntries(read)).toEqual(truth.counts.rows);
  const duplicates = report.files.reduce((sum, file) => sum + file.duplicates, 0);
  expect(duplicates).toBe(truth.counts.events.duplicates);
});
