import { describe, expect, it } from 'vitest';
import { source } from './builder.ts';
import { openWorkspace } from './workspace.ts';

const workspace = openWorkspace();
const { write, load, ask } = workspace;

describe('damage done by spreadsheets', () => {
  it('reads a mark, semicolons, quoted newlines, blank lines, Windows line ends and decimal commas', async () => {
    const path = write(
      'a.csv',
      '\uFEFFid;name;employees;revenue;note\r\n' +
        'a1;"Two\r\nlines";120;"1.234,50";x\r\n' +
        '\r\n' +
        ';;;;\r\n' +
        'a2;"says ""hi""; yes";;1504,72;\r\n' +
        'a3; spaced ;7;-3;z;;\r\n',
    );
    const columns = { account_id: 'id' };
    const report = await load([source({ name: 's', table: 'accounts', path, columns })]);
    expect(report.files).toMatchObject([{ read: 3, accepted: 3, refused: 0, duplicates: 0 }]);
    expect(
      await ask('SELECT account_id, name, employees, revenue, line, traits FROM accounts ORDER BY account_id'),
    ).toEqual([
      { account_id: 'a1', name: 'Two\r\nlines', employees: 120, revenue: 1234.5, line: '2', traits: { note: 'x' } },
      { account_id: 'a2', name: 'says "hi"; yes', employees: null, revenue: 1504.72, line: '6', traits: {} },
      { account_id: 'a3', name: 'spaced', employees: 7, revenue: -3, line: '7', traits: { note: 'z' } },
    ]);
  });

  it('loses one line to one broken quote, and says which', async () => {
    const path = write(
      'b.csv',
      'account_id,name,employees\n' +
        'a1,"never closed,1\n' +
        'a2,fine,2\n' +
        'a3,"closed"wrongly,3\n' +
        'a4,"fine, too",4\n' +
        'a5,short\n' +
        'a6,too,1,long\n' +
        'a7,fine,12 people\n' +
        ',nobody,3\n' +
        'a8,5" pipe,8',
    );
    const report = await load([source({ name: 's', table: 'accounts', path })]);
    expect(report.files).toMatchObject([{ read: 9, accepted: 3, refused: 6, duplicates: 0 }]);
    expect(report.quarantine).toBe(6);
    expect(await ask('SELECT account_id FROM accounts ORDER BY 1')).toEqual([
      { account_id: 'a2' },
      { account_id: 'a4' },
      { account_id: 'a8' },
    ]);
    expect(await ask('SELECT line, field, reason, raw FROM quarantine ORDER BY line')).toEqual([
      { line: '2', field: '', reason: 'broken-quotes', raw: 'a1,"never closed,1' },
      { line: '4', field: '', reason: 'broken-quotes', raw: 'a3,"closed"wrongly,3' },
      { line: '6', field: '', reason: 'columns', raw: 'a5,short' },
      { line: '7', field: '', reason: 'columns', raw: 'a6,too,1,long' },
      {
        line: '8',
        field: 'employees',
        reason: 'number',
        raw: '{"account_id":"a7","name":"fine","employees":"12 people"}',
      },
      { line: '9', field: 'account_id', reason: 'missing', raw: '{"account_id":"","name":"nobody","employees":"3"}' },
    ]);
  });

  it('reads flags however they are written and refuses what is neither', async () => {
    const path = write(
      'f.csv',
      'user_id,account_id,is_sponsor\nu1,a,TRUE\nu2,a,True\nu3,a,1\nu4,a,no\nu5,a,\nu6,a,maybe\n',
    );
    const report = await load([source({ name: 's', table: 'users', path })]);
    expect(report.files).toMatchObject([{ read: 6, accepted: 5, refused: 1 }]);
    expect(await ask('SELECT groupArray(is_sponsor) AS f FROM (SELECT * FROM users ORDER BY user_id)')).toEqual([
      { f: [1, 1, 1, 0] },
    ]);
    expect(report.refusals).toMatchObject([{ field: 'is_sponsor', reason: 'flag', line: 7 }]);
  });

  it('refuses numbers that can be read as two', async () => {
    const path = write('n.csv', 'account_id,employees,revenue\na1,"1,234",$5\na2,"1,234.5","12,345,678"\na3,NaN,inf\n');
    const report = await load([source({ name: 's', table: 'accounts', path })]);
    expect(report.refusals).toMatchObject([
      { field: 'employees', reason: 'number', line: 2 },
      { field: 'revenue', reason: 'number', line: 4 },
    ]);
    expect(await ask('SELECT employees, revenue FROM accounts')).toEqual([{ employees: 1234.5, revenue: 12345678 }]);
  });

  it('reads UTF-16 and Windows-1252', async () => {
    const text = 'account_id,name\na1,Müller\n';
    const wide = write('w.csv', Buffer.from(`\uFEFF${text}`, 'utf16le'));
    const narrow = write('l.csv', Buffer.from(text.replace('a1', 'a2'), 'latin1'));
    await load([
      source({ name: 'w', table: 'accounts', path: wide }),
      source({ name: 'l', table: 'accounts', path: narrow }),
    ]);
    expect(await ask('SELECT name FROM accounts')).toEqual([{ name: 'Müller' }, { name: 'Müller' }]);
  });
});

describe('times', () => {
  const costs = async (rows: string[], given: Partial<Parameters<typeof source>[0]> = {}) => {
    const path = write('t.csv', `account_id,time,amount\n${rows.map((time, i) => `a${i},${time},1\n`).join('')}`);
    const report = await load([source({ name: 's', table: 'costs', path, ...given })]);
    const times = await ask('SELECT account_id, time FROM costs ORDER BY account_id');
    return { report, times: times.map(({ time }) => time) };
  };

  it('reads ISO in all its dress, in the zone of the source, and refuses days that are none', async () => {
    const { report, times } = await costs(
      [
        '2024-02-29',
        '2024-07-01 10:30',
        '2024-07-01T10:30:00.5Z',
        '2024-07-01T10:30:00+05:30',
        '2023-02-29',
        '45581',
        '2024-01-01 25:00:00',
        '2024-7-1 9:05',
      ],
      { timezone: 'Europe/Berlin' },
    );
    expect(times).toEqual([
      '2024-02-28T23:00:00.000Z',
      '2024-07-01T08:30:00.000Z',
      '2024-07-01T10:30:00.500Z',
      '2024-07-01T05:00:00.000Z',
      '2024-07-01T07:05:00.000Z',
    ]);
    expect(report.refusals).toMatchObject([{ field: 'time', reason: 'time', rows: 3, line: 6 }]);
  });

  it('takes day and month from the whole column where it tells', async () => {
    const { report, times } = await costs(['01/02/2024', '16/10/2024', '2024-10-16', '3.4.2024 14:30']);
    expect(report.quarantine).toBe(0);
    expect(times).toEqual([
      '2024-02-01T00:00:00.000Z',
      '2024-10-16T00:00:00.000Z',
      '2024-10-16T00:00:00.000Z',
      '2024-04-03T14:30:00.000Z',
    ]);
    const american = await costs(['01/02/2025', '10/16/2025']);
    expect(american.times).toContain('2025-01-02T00:00:00.000Z');
  });

  it.each([[['01/02/2024', '03/04/2024', '2024-10-16']], [['16/10/2024', '10/16/2024', '2024-10-16']]])(
    'asks instead of guessing: %s',
    async (rows) => {
      const { report, times } = await costs(rows);
      expect(times).toEqual(['2024-10-16T00:00:00.000Z']);
      expect(report.refusals).toMatchObject([{ field: 'time', reason: 'ambiguous-time', rows: 2 }]);
      expect(report.diagnostics).toMatchObject([
        { code: 'ambiguous-time', suggestion: expect.stringContaining('time_format') as unknown },
      ]);
    },
  );

  it.each([
    ['DD/MM/YYYY', '01/02/2024', '2024-02-01T00:00:00.000Z'],
    ['MM/DD/YYYY HH:mm', '1/2/2024 14:05', '2024-01-02T14:05:00.000Z'],
    ['YYYY-MM-DD HH:mm:ss', '2024-01-02 14:05:06', '2024-01-02T14:05:06.000Z'],
    ['unix_s', '1700000000', '2023-11-14T22:13:20.000Z'],
    ['unix_ms', '1700000000123', '2023-11-14T22:13:20.123Z'],
  ])('reads %s', async (timeFormat, text, expected) => {
    const { times } = await costs([text], { timeFormat });
    expect(times).toEqual([expected]);
  });

  it('keeps the written day of a contract, and makes inclusive ends exclusive', async () => {
    const path = write(
      'c.csv',
      'account_id,starts,arr,ends\na,2024-01-31T23:30:00+02:00,"$1,200.50",2024-12-31\nb,2024-02-01,oops,\n',
    );
    await load([source({ name: 's', table: 'contracts', path, endsInclusive: true, timezone: 'America/New_York' })]);
    expect(
      await ask('SELECT starts, known, ends, arr_cents, contract_id = hex(fact_key) AS own FROM contracts'),
    ).toEqual([
      { starts: '2024-01-31', known: '2024-01-31T00:00:00.000Z', ends: '2025-01-01', arr_cents: '120050', own: 1 },
    ]);
  });
});
