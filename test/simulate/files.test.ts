import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { parseModel } from '../../src/definition/parse.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { simulate, writeWorkspace } from '../../src/simulate/simulate.ts';
import { steadySpan, steadyWorld } from '../../src/simulate/steady.ts';
import { scratchFolder } from '../scratch.ts';

const folder = scratchFolder();
const options = { seed: 5, accounts: 40, months: 6, end: '2026-11-21' };

function digests(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => `${path.slice(directory.length)} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`)
    .sort();
}

describe('simulate', () => {
  it('writes the same bytes for the same seed, and others for another', async () => {
    const [first, again, other] = ['first', 'again', 'other'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await simulate(options, first);
    await simulate({ ...options, seed: 6 }, again);
    await simulate(options, again);
    await simulate({ ...options, seed: 6 }, other);
    expect(digests(again)).toEqual(digests(first));
    expect(digests(other)).not.toEqual(digests(first));
  });

  it('writes a model that the parser takes without a word, and the truth', async () => {
    const directory = join(folder, 'model');
    const truth = await simulate(options, directory);
    const text = readFileSync(join(directory, 'bellwether.yaml'), 'utf8');
    const { model, diagnostics } = parseModel(text, { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
    expect(diagnostics).toEqual([]);
    expect(model?.sources.map((source) => source.table)).toContain('events');
    expect(JSON.parse(readFileSync(join(directory, 'truth.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(truth)));
  });

  it('writes a steady world as a workspace too', () => {
    const directory = join(folder, 'steady');
    const steady = { seed: 1, accounts: 3, end: '2026-11-21' };
    const { from, to } = steadySpan(steady);
    writeWorkspace({ start: from, end: to }, steadyWorld(steady), directory);
    const text = readFileSync(join(directory, 'bellwether.yaml'), 'utf8');
    const { model } = parseModel(text, { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
    expect(model?.sources.map((source) => source.table)).toEqual(['accounts', 'users', 'events', 'contracts']);
    expect(readFileSync(join(directory, 'data/accounts.csv'), 'utf8').trim().split('\n').length).toBe(4);
  });

  it('writes every event, with its time and properties, in Parquet', async () => {
    const directory = join(folder, 'parquet');
    const truth = await simulate(options, directory);
    const events = join(directory, 'data/events');
    const rows = (
      await Promise.all(
        readdirSync(events).map(async (name) =>
          parquetReadObjects({ file: await asyncBufferFromFile(join(events, name)) }),
        ),
      )
    ).flat();
    expect(rows.length).toBe(truth.counts.rows['events']);
    const exported = rows.find((row) => row['event'] === 'report_exported');
    expect(exported?.['time']).toBeInstanceOf(Date);
    expect(JSON.parse(String(exported?.['properties']))).toHaveProperty('status');
  });

  it('comes near the number of events that was asked for', async () => {
    const truth = await simulate({ ...options, eventsTarget: 150_000 }, join(folder, 'target'));
    expect(truth.counts.events.distinct).toBeGreaterThan(110_000);
    expect(truth.counts.events.distinct).toBeLessThan(190_000);
  });
});
