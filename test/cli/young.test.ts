import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/list.ts';
import { scratchFolder } from '../scratch.ts';
import { cli } from './terminal.ts';

const folder = join(scratchFolder(), 'young');
const here = ['--workspace', folder];
const EVENTS = /^ {2}- \{ table: events.*\n/m;
const asked = COMMANDS.map(({ name }) => name.split(' ')).filter(([first]) => first === 'evidence');

describe('a company of which nothing is tracked yet', () => {
  beforeAll(async () => {
    await cli(['simulate', folder, '--accounts', '12', '--months', '3', '--end', '2026-11-20']);
    const file = join(folder, 'bellwether.yaml');
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(EVENTS);
    writeFileSync(file, text.replace(EVENTS, ''));
    expect(await cli(['import', ...here])).toMatchObject({ status: 0 });
  });

  test.each(asked.map((words) => words.join(' ')))('%s answers, and claims nothing', async (name) => {
    const out = name.endsWith('report') ? ['--out', join(folder, 'evidence.html')] : [];
    const { status, stdout, stderr } = await cli([...name.split(' '), ...out, ...here]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('impossible') });
    const told = out[1] === undefined ? stdout : readFileSync(out[1], 'utf8');
    expect(told.length).toBeGreaterThan(40);
    expect(told).not.toMatch(/NaN|Infinity|\b[1-9]\d* hold\b/);
  });
});
