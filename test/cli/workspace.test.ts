import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratchFolder } from '../scratch.ts';
import { cli, json } from './terminal.ts';

const folder = join(scratchFolder(), 'acme');
const here = ['--workspace', folder];

interface Row {
  readonly [name: string]: unknown;
}

beforeAll(async () => {
  const made = await cli(['init', folder, '--name', 'Acme Analytics']);
  expect(made.stderr).toBe('');
  expect(made.status).toBe(0);
});

describe('before any data', () => {
  test('a new workspace is clean, and a second one is not written over it', async () => {
    expect(await cli(['check', ...here])).toEqual({
      status: 0,
      stdout: 'Nothing to find.\n\nNo data was looked at: nothing is imported yet.\n',
      stderr: '',
    });
    const again = await cli(['init', folder]);
    expect(again.status).toBe(2);
    expect(again.stderr).toContain('already holds bellwether.yaml');
  });

  test('signals and runs are refused with what to do first', async () => {
    const measured = await cli(['signals', ...here]);
    expect(measured).toMatchObject({ status: 2, stdout: '' });
    expect(measured.stderr).toContain('`bellwether import`');
  });

  test('a dry run keeps nothing', async () => {
    const report = (await json(['import', '--dry-run', ...here])) as { files: Row[]; dryRun: boolean };
    expect(report.dryRun).toBe(true);
    expect(report.files.map(({ table, accepted }) => [table, accepted])).toContainEqual(['accounts', 4]);
    expect(await cli(['check', ...here])).toMatchObject({ status: 0 });
  });
});

describe('with data', () => {
  beforeAll(async () => {
    const imported = await cli(['import', ...here]);
    expect(imported.stderr).toBe('');
    expect(imported.status).toBe(0);
    expect(imported.stdout).toContain('Next: `bellwether check`, then `bellwether run`.');
  });

  test('a second import changes nothing', async () => {
    const report = (await json(['import', ...here])) as { files: Row[]; quarantine: number };
    expect(report.quarantine).toBe(0);
    expect(report.files.every(({ read, accepted, duplicates }) => accepted === 0 && read === duplicates)).toBe(true);
  });

  test('check tells what the data lacks, instrumentation first, and which dimensions it holds', async () => {
    const found = await cli(['check', '--json', ...here]);
    expect(found.status).toBe(1);
    const { diagnostics, dimensions, asOf } = JSON.parse(found.stdout) as {
      diagnostics: Row[];
      dimensions: Row[];
      asOf: string;
    };
    expect(asOf).toBe('2026-04-01T00:00:00.000Z');
    expect(diagnostics[0]).toMatchObject({
      code: 'event-never-seen',
      kind: 'instrumentation',
      place: { file: 'bellwether.yaml', line: 37 },
    });
    expect(new Set(diagnostics.map(({ code }) => code))).toEqual(
      new Set([
        'event-never-seen',
        'signal-unknown',
        'interviews',
        'branch',
        'scale',
        'next-step',
        'hole',
        'empty-segment',
      ]),
    );
    expect(dimensions.map(({ dimension, isPopulated }) => [dimension, isPopulated])).toEqual([
      ['firmographic', true],
      ['behavioural', true],
      ['lifecycle', true],
      ['needs', true],
      ['value', true],
    ]);
  });

  test('signals of accounts: values, reasons, classes', async () => {
    const rows = (await json(['signals', '--entity', 'account', '--as-of', '2026-03-20', ...here])) as Row[];
    expect(rows.map((row) => row['account_id'])).toEqual(['a1', 'a2', 'a3', 'a4']);
    expect(rows[0]).toMatchObject({
      account_id: 'a1',
      as_of: '2026-03-20T00:00:00.000Z',
      signals: { arr: 120_000, seats: 200, activated: 1, active_users_30d: 3, value_tier: 'Platinum' },
      nulls: { activation_days: 'missing' },
      relationship: 'customer',
      eligible: true,
    });
    expect(Array.isArray(rows[0]?.['assumed'])).toBe(true);
    expect(Object.keys(rows[0] ?? {})).not.toContain('user_id');
  });

  test('signals of users, one account, and a weekly panel in the order of days', async () => {
    const users = (await json(['signals', '--entity', 'user', ...here])) as Row[];
    expect(users.map((row) => `${row['account_id']}/${row['user_id']}`)).toEqual([
      'a1/u1',
      'a1/u2',
      'a1/u3',
      'a2/u4',
      'a2/u5',
      'a3/u6',
      'a3/u7',
      'a4/u8',
    ]);
    expect(users[0]).toMatchObject({ tier: 'average', signals: { activation_depth: 1 } });
    const panel = (await json([
      'signals',
      ...['--panel', '2026-03-02..2026-03-20', '--every', '7d', '--account', 'a2'],
      ...here,
    ])) as Row[];
    expect(panel.map((row) => `${row['as_of']} ${row['account_id']}`)).toEqual([
      '2026-03-02T00:00:00.000Z a2',
      '2026-03-09T00:00:00.000Z a2',
      '2026-03-16T00:00:00.000Z a2',
    ]);
  });

  test('users: where they stall, and who is chosen', async () => {
    const users = (await json(['users', '--tier', 'dormant', ...here])) as Row[];
    expect(users.map(({ user_id, tier, stalled_step }) => [user_id, tier, stalled_step])).toEqual([
      ['u6', 'dormant', null],
      ['u8', 'dormant', null],
    ]);
  });

  test('a run records once; the same day again is only read', async () => {
    const first = (await json(['run', ...here])) as Row;
    expect(first).toMatchObject({ asOf: '2026-04-01T00:00:00.000Z', accounts: 4, held: 0, recorded: true });
    expect((first['segments'] as Row[]).map(({ name }) => name)).toEqual([
      'At-Risk',
      'Strategic',
      'Growth',
      'Efficient',
      'Long-Tail',
    ]);
    expect((first['moves'] as Row[]).map(({ account_id, from, cause }) => [account_id, from, cause])).toEqual(
      ['a1', 'a2', 'a3', 'a4'].map((id) => [id, null, 'first assignment']),
    );
    const again = (await json(['run', ...here])) as Row;
    expect(again).toMatchObject({ recorded: false, moves: [], segments: first['segments'] });
  });

  test('accounts and why each is where it is', async () => {
    const rows = (await json(['accounts', ...here])) as Row[];
    expect(rows.map(({ account_id, segment }) => [account_id, segment])).toEqual([
      ['a1', 'Strategic'],
      ['a2', 'Growth'],
      ['a3', 'At-Risk'],
      ['a4', 'Long-Tail'],
    ]);
    const explained = (await json(['accounts', 'explain', 'a3', ...here])) as Row;
    expect(explained['account']).toMatchObject({ account_id: 'a3', segment: 'At-Risk' });
    const text = await cli(['accounts', 'explain', 'a3', ...here]);
    expect(text.stdout).toContain('Tidepool Retail (a3) is in At-Risk');
    const unknown = await cli(['accounts', 'explain', 'a33', ...here]);
    expect(unknown).toMatchObject({ status: 2, stdout: '' });
    expect(unknown.stderr).toContain('a3');
  });
});

describe('refusals', () => {
  const broken = join(scratchFolder(), 'broken');
  const there = ['--workspace', broken];

  beforeAll(async () => {
    await cli(['init', broken]);
  });

  test('a faulty model is told with its place: by check as a finding, by others as what stops them', async () => {
    const path = join(broken, 'bellwether.yaml');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('employees between 20 and 5000', 'employes between 20 and 5000'));
    const checked = await cli(['check', ...there]);
    const imported = await cli(['import', ...there]);
    writeFileSync(path, text);
    expect(checked.status).toBe(1);
    expect(checked.stdout).toContain('bellwether.yaml:29:9 error unknown-name');
    expect(imported).toMatchObject({ status: 2, stdout: '' });
    expect(imported.stderr).toContain('Did you mean `employees`?');
  });

  test('rows that are refused are a problem found, with file and line', async () => {
    const path = join(broken, 'data', 'contracts.csv');
    writeFileSync(path, `${readFileSync(path, 'utf8')}c5,a4,never,,,100,1,paid,starter\n`);
    const imported = await cli(['import', ...there]);
    expect(imported.status).toBe(1);
    expect(imported.stdout).toContain('data/contracts.csv:6');
  });

  test.each([
    [['nonsense'], "unknown command 'nonsense'"],
    [
      ['signals', '--entity', 'dog', '--as-of', '2026-02-30'],
      '--entity must be account or user\n--as-of must be a day',
    ],
    [['signals', '--panel', '2026-03-01..2026-01-01'], '--panel must be FROM..TO'],
    [['signals', '--panel', '2020-01-01..2026-01-01', '--every', '1d'], 'choose a larger --every'],
    [['run', '--as-of', 'yesterday'], '--as-of must be a day such as 2026-03-01'],
    [['import', '--what'], "unknown option '--what'"],
    [['accounts', 'explain'], 'missing required argument'],
    [['simulate', 'x', '--accounts', 'many'], '--accounts must be a whole number'],
  ])('%j could not run', async (words, said) => {
    const { status, stdout, stderr } = await cli([...words, ...there]);
    expect(stderr).toContain(said);
    expect([status, stdout]).toEqual([2, '']);
  });

  test('no model, and an environment with faults, told all at once and without their values', async () => {
    expect((await cli(['check', '--workspace', '/nowhere'])).stderr).toContain(
      'There is no model at /nowhere/bellwether.yaml',
    );
    const environment = {
      CLICKHOUSE_URL: 'ftp://u:secret@x',
      DATABASE_URL: 'mysql://u:secret@x',
      BELLWETHER_MEMORY: 'much',
    };
    const { status, stderr } = await cli(['check', ...there], environment);
    expect(status).toBe(2);
    for (const name of Object.keys(environment)) expect(stderr).toContain(name);
    expect(stderr).not.toContain('secret');
  });
});

describe('help', () => {
  test('every command has help with examples and the shape of its JSON', async () => {
    const { stdout, status } = await cli(['--help']);
    expect(status).toBe(0);
    for (const command of ['init', 'simulate', 'check', 'import', 'run', 'signals', 'accounts', 'users', 'doctor']) {
      expect(stdout).toContain(`  ${command}`);
      const help = await cli([command, '--help']);
      expect(help).toMatchObject({ status: 0, stderr: '' });
      expect(help.stdout).toContain('Examples:\n  bellwether ');
      expect(help.stdout).toContain('--json prints');
    }
  });

  test('the signals that conditions may name, also outside a workspace', async () => {
    const shipped = (await json(['signals', 'list', '--workspace', '/'])) as Row[];
    expect(shipped[0]).toEqual({
      name: 'account_age_days',
      entity: 'account',
      unit: expect.any(String),
      type: 'number',
      inputs: expect.any(Array),
      meaning: expect.any(String),
      requirement: expect.any(String),
    });
    const own = (await json(['signals', 'list', ...here])) as Row[];
    expect(own.slice(shipped.length).map(({ name }) => name)).toEqual([
      'exports_14d',
      'api_gb_30d',
      'feature_breadth_14d',
    ]);
  });
});
