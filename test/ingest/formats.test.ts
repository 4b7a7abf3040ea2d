import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import type { ColumnType } from '../../src/model/table.ts';
import { FACT_TABLES } from '../../src/model/tables.ts';
import { source } from './builder.ts';
import { openWorkspace } from './workspace.ts';

const workspace = openWorkspace();
const { write, load, ask } = workspace;

describe('formats', () => {
  it('reads Parquet with its own types', async () => {
    const at = new Date('2024-05-01T10:00:00.250Z');
    const bytes = parquetWriteBuffer({
      columnData: [
        { name: 'event', data: ['opened', 'opened', 'closed'], type: 'STRING' },
        { name: 'time', data: [at, new Date(+at + 1), null], type: 'TIMESTAMP' },
        { name: 'user_id', data: ['u1', 'u2', 'u3'], type: 'STRING' },
        { name: 'size', data: [1, null, 3], type: 'INT32', nullable: true },
        { name: 'ratio', data: [0.5, 1.5, 2.5], type: 'DOUBLE' },
        { name: 'ok', data: [true, false, true], type: 'BOOLEAN' },
      ],
    });
    const path = write('e.parquet', new Uint8Array(bytes));
    const report = await load([source({ name: 's', table: 'events', path, columns: { message_id: "'m' || size" } })]);
    expect(report.files).toMatchObject([{ read: 3, accepted: 2, refused: 1 }]);
    expect(await ask('SELECT time, user_id, message_id, line, properties FROM events ORDER BY line')).toEqual([
      { time: at.toISOString(), user_id: 'u1', message_id: 'm1', line: '1', properties: { ok: 'true', ratio: '0.5' } },
      {
        time: '2024-05-01T10:00:00.251Z',
        user_id: 'u2',
        message_id: 'm',
        line: '2',
        properties: { ok: 'false', ratio: '1.5' },
      },
    ]);
    expect(report.refusals).toMatchObject([{ field: 'time', reason: 'missing', line: 3 }]);
  });

  it('takes every column of every table', async () => {
    const example: Record<ColumnType, string> = {
      text: 'word',
      number: '1.5',
      integer: '3',
      money: '12.34',
      instant: '2024-01-02T03:04:05Z',
      day: '2024-01-02',
      flag: 'yes',
      list: 'a;b',
      map: '{"k":"v"}',
    };
    const special: Record<string, string> = {
      'contracts.kind': 'paid',
      'account_links.kind': 'merged',
      'traits.entity': 'account',
    };
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    const sources = FACT_TABLES.map((table) => {
      const values = table.columns.map(({ name, type }) => quoted(special[`${table.name}.${name}`] ?? example[type]));
      const header = table.columns.map(({ name }) => name).join(',');
      return source({
        name: table.name,
        table: table.name,
        path: write(`${table.name}.csv`, `${header}\n${values.join(',')}\n`),
      });
    });
    const report = await load(sources);
    expect(report.refusals).toEqual([]);
    expect(report.files.map(({ table, accepted }) => [table, accepted])).toEqual(
      FACT_TABLES.map(({ name }) => [name, 1]),
    );
    const [contract] = await ask('SELECT * FROM contracts');
    expect(contract).toMatchObject({ arr_cents: '1234', starts: '2024-01-02', ends: '2024-01-02', seats: 1.5 });
    const [need] = await ask('SELECT source, origin FROM needs');
    expect(need).toEqual({ source: 'word', origin: 'needs' });
  });

  it('says of a file that is no Parquet that it cannot be read, and goes on', async () => {
    const bad = write('bad.parquet', 'no parquet');
    const torn = write('torn.csv.gz', gzipSync('account_id\n'.concat('x\n'.repeat(100_000))).subarray(0, 100));
    const good = write('good.csv', 'account_id\na\n');
    const report = await load([
      source({ name: 'bad', table: 'accounts', path: bad }),
      source({ name: 'torn', table: 'accounts', path: torn }),
      source({ name: 'good', table: 'accounts', path: good }),
    ]);
    expect(report.diagnostics).toMatchObject([
      { code: 'unreadable-file', severity: 'error' },
      { code: 'unreadable-file', severity: 'error' },
    ]);
    expect(report.files).toMatchObject([{ source: 'good', accepted: 1 }]);
  });

  it('reads JSONL: nested keys, lists, numbers, blank and broken lines', async () => {
    const lines = [
      '{"event":"a","at":1700000000,"user":{"id":"u1","plan":"x"},"context":{"page":{"url":"/a"},"n":1.5,"none":null},"tags":["p","q"]}',
      '',
      '{"event":"b","at":1700000001,"user":{"id":"u2"}',
      '["no object"]',
      '{"event":"c","at":"soon","user":{"id":"u3"}}',
      '{"event":"d","at":1700000002,"user":{"id":7}}',
    ];
    const path = write('e.jsonl', `\uFEFF${lines.join('\r\n')}`);
    const columns = { time: 'at', user_id: 'user.id' };
    const report = await load([source({ name: 's', table: 'events', path, columns, timeFormat: 'unix_s' })]);
    expect(report.files).toMatchObject([{ read: 5, accepted: 2, refused: 3 }]);
    expect(await ask('SELECT event, time, user_id, properties, line FROM events ORDER BY line')).toEqual([
      {
        event: 'a',
        time: '2023-11-14T22:13:20.000Z',
        user_id: 'u1',
        properties: { 'context.n': '1.5', 'context.page.url': '/a', tags: '["p","q"]', 'user.plan': 'x' },
        line: '1',
      },
      { event: 'd', time: '2023-11-14T22:13:22.000Z', user_id: '7', properties: {}, line: '6' },
    ]);
    expect(await ask('SELECT line, field, reason FROM quarantine ORDER BY line')).toEqual([
      { line: '3', field: '', reason: 'json' },
      { line: '4', field: '', reason: 'json' },
      { line: '5', field: 'time', reason: 'time' },
    ]);
  });

  it('reads lists, maps and properties in text', async () => {
    const path = write(
      'a.csv',
      'account_id,tech_stack,traits\na1,"[""go"",""k8s""]","{""tier"":""x"",""deep"":{""n"":1}}"\na2,go; rust ;,\na3,,broken\n',
    );
    await load([source({ name: 's', table: 'accounts', path })]);
    expect(await ask('SELECT account_id, tech_stack, traits FROM accounts ORDER BY 1')).toEqual([
      { account_id: 'a1', tech_stack: ['go', 'k8s'], traits: { 'deep.n': '1', tier: 'x' } },
      { account_id: 'a2', tech_stack: ['go', 'rust'], traits: {} },
    ]);
    expect(await ask('SELECT field, reason FROM quarantine')).toEqual([{ field: 'traits', reason: 'json' }]);
  });

  it('unpacks gzip and expands patterns in the order of their names', async () => {
    write('in/2024-02.csv.gz', gzipSync('account_id,name\na1,second\na2,two\n'));
    write('in/2024-01.csv', 'account_id,name\na1,first\n');
    write('in/deep/2024-03.csv', 'account_id,name\na3,three\n');
    write('in/other.txt', 'account_id\nx\n');
    const report = await load([source({ name: 's', table: 'accounts', path: 'in/**/2024-*.{csv,csv.gz}' })]);
    expect(report.files.map(({ file, accepted, refused }) => [file, accepted, refused])).toEqual([
      ['in/2024-01.csv', 1, 0],
      ['in/2024-02.csv.gz', 1, 1],
      ['in/deep/2024-03.csv', 1, 0],
    ]);
    expect(report.conflicts).toEqual([{ table: 'accounts', file: 'in/2024-02.csv.gz', rows: 1, line: 2 }]);
    expect(await ask("SELECT name FROM accounts WHERE account_id = 'a1'")).toEqual([{ name: 'first' }]);
  });

  it('keeps line numbers over many pieces', async () => {
    const rows = 700_000;
    const file = createWriteStream(join(workspace.directory, 'big.csv'));
    file.write('account_id,time,amount,cost_id\n');
    for (let i = 0; i < rows; i += 1) {
      const bad = i % 100_000 === 7;
      const text = bad
        ? `acc_${i},"2024-01-01,5,c${i}\n`
        : `acc_${i % 100},"2024-01-01 10:00:00",${i % 50},c${i}_${'x'.repeat(40)}\n`;
      if (!file.write(text)) await new Promise<void>((resolve) => file.once('drain', () => resolve()));
    }
    await new Promise<void>((resolve) => file.end(() => resolve()));
    const report = await load([source({ name: 's', table: 'costs', path: 'big.csv' })]);
    expect(report.files).toMatchObject([{ read: rows, accepted: rows - 7, refused: 7 }]);
    const off = `SELECT countIf(toString(line - 2) != extract(cost_id, '^c(\\\\d+)_')) AS n, uniqExact(line) AS l FROM costs`;
    expect(await ask(off)).toEqual([{ n: '0', l: String(rows - 7) }]);
    expect(await ask('SELECT line FROM quarantine ORDER BY line LIMIT 2')).toEqual([{ line: '9' }, { line: '100009' }]);
  });
});

describe('mapping', () => {
  it('computes columns and takes the rows that `where` asks for', async () => {
    const path = write(
      'm.csv',
      'Account ID,mrr,region,is_trial,email\n X-1 ,100.5,emea,False,A@ACME.COM\nX-2,abc,emea,False,\nX-3,1,apac,False,\nX-4,2,emea,True,\n',
    );
    const columns = {
      account_id: 'Account ID',
      contract_id: 'lower(substring("Account ID", 1, 3)) || \'/\' || upper(region)',
      starts: "'2024-01-01'",
      arr: 'mrr * 12 + 0.5',
      plan: "split(email, '@', 2)",
      currency: "coalesce(email, 'EUR')",
    };
    const where = "region like 'em%' and not is_trial = true and mrr is not null";
    const report = await load([source({ name: 's', table: 'contracts', path, columns, where })]);
    expect(report.files).toMatchObject([{ read: 2, accepted: 1, refused: 1, skipped: 2 }]);
    expect(await ask('SELECT account_id, contract_id, arr_cents, plan, currency FROM contracts')).toEqual([
      { account_id: 'X-1', contract_id: 'x-1/EMEA', arr_cents: '120650', plan: 'ACME.COM', currency: 'A@ACME.COM' },
    ]);
    expect(report.refusals).toMatchObject([{ field: 'arr', reason: 'number', line: 3 }]);
  });

  it('fills free attributes by mapping, beside those that go under their own names', async () => {
    const path = write('t.csv', 'customer_id,Plan Family,seats_sold,region_code\na,Pro,12,eu\nb,,7,us\nc,,many,us\n');
    const columns = {
      account_id: 'customer_id',
      'traits.plan_family': 'Plan Family',
      'traits.seat_pairs': 'seats_sold / 2',
    };
    const report = await load([source({ name: 's', table: 'accounts', path, columns })]);
    expect(report.diagnostics).toEqual([]);
    expect(report.refusals).toMatchObject([{ field: 'traits', reason: 'number', line: 4 }]);
    expect(await ask('SELECT account_id, traits FROM accounts ORDER BY account_id')).toEqual([
      { account_id: 'a', traits: { plan_family: 'Pro', region_code: 'eu', seat_pairs: '6' } },
      { account_id: 'b', traits: { region_code: 'us', seat_pairs: '3.5' } },
    ]);
    const lone = write('p.csv', 'who,what,when,size\nu1,export,2024-01-01T10:00:00Z,3\n');
    const events = {
      user_id: 'who',
      event: 'what',
      time: 'when',
      'properties.size_kb': 'size',
    };
    await load([source({ name: 'e', table: 'events', path: lone, columns: events })]);
    expect(await ask('SELECT properties FROM events')).toEqual([{ properties: { size_kb: '3' } }]);
  });

  it('names the nearest for every name that does not exist, all at once', async () => {
    const path = write('m.csv', 'customer_id,signup_date\na,2024-01-01\n');
    const columns = {
      account_id: 'custmer_id',
      created: 'signup_dat',
      nam: 'customer_id',
      industry: 'lowr(customer_id)',
    };
    const report = await load([source({ name: 's', table: 'accounts', path, columns })]);
    expect(report.files).toEqual([]);
    expect(report.diagnostics.map(({ code, suggestion }) => [code, suggestion])).toEqual([
      ['unknown-column', 'did you mean name?'],
      ['unknown-name', 'did you mean customer_id?'],
      ['unknown-name', 'did you mean signup_date?'],
      ['unknown-name', 'did you mean lower?'],
    ]);
  });

  it('tells of files that are not there, empty files and missing columns', async () => {
    write('empty.csv', '');
    write('poor.csv', 'account_id,score\na,1\n');
    const report = await load([
      source({ name: 'none', table: 'accounts', path: 'nothing-*.csv' }),
      source({ name: 'unset', table: 'accounts', path: '$NOT_SET/x.csv' }),
      source({ name: 'empty', table: 'accounts', path: 'empty.csv' }),
      source({ name: 'poor', table: 'nps', path: 'poor.csv' }),
    ]);
    expect(report.diagnostics.map(({ code }) => code)).toEqual([
      'no-file',
      'unset-variable',
      'unreadable-file',
      'missing-column',
    ]);
  });
});
