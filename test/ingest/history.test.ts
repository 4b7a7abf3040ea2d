import { describe, expect, it } from 'vitest';
import { FACT_TABLES } from '../../src/model/tables.ts';
import { source } from './builder.ts';
import { openWorkspace } from './workspace.ts';

const { write, load, ask } = openWorkspace();

async function counts(): Promise<Record<string, unknown>> {
  const parts = [...FACT_TABLES.map(({ name }) => name), 'quarantine'].map(
    (name) => `(SELECT count() FROM ${name}) AS ${name}`,
  );
  return (await ask(`SELECT ${parts.join(', ')}`))[0] ?? {};
}

describe('importing again', () => {
  it('changes nothing when the files are the same, refused rows included', async () => {
    const accounts = write('accounts.csv', 'account_id,created,plan\na1,2024-01-01,x\na2,oops,y\n');
    const users = write('users.csv', 'user_id,account_id,role\nu1,a1,admin\nu1,a1,admin\n');
    const events = write(
      'events.csv',
      'event,time,user_id\nopen,2024-01-02,u1\nopen,2024-01-02,u1\nopen,2024-01-03,u1\n',
    );
    const traits = write('traits.csv', 'entity,id,name,value\naccount,a1,color,red\n');
    const sources = [
      source({ name: 'a', table: 'accounts', path: accounts }),
      source({ name: 'u', table: 'users', path: users }),
      source({ name: 'e', table: 'events', path: events }),
      source({ name: 't', table: 'traits', path: traits }),
    ];
    const first = await load(sources, 1);
    expect(first.files.map(({ read, accepted, refused, duplicates }) => [read, accepted, refused, duplicates])).toEqual(
      [
        [2, 1, 1, 0],
        [2, 1, 0, 1],
        [3, 2, 0, 1],
        [1, 1, 0, 0],
      ],
    );
    const before = await counts();
    const second = await load(sources, 2);
    expect(
      second.files.map(({ read, accepted, refused, duplicates }) => [read, accepted, refused, duplicates]),
    ).toEqual([
      [2, 0, 1, 1],
      [2, 0, 0, 2],
      [3, 0, 0, 3],
      [1, 0, 0, 1],
    ]);
    expect(await counts()).toEqual(before);
  });

  it('keeps the first of two rows with one key, and reports the other', async () => {
    const path = write(
      'e.csv',
      'message_id,event,time,user_id\nm1,a,2024-01-01,u\nm1,a,2024-01-01,u\nm1,b,2024-01-01,u\nm2,a,2024-01-01,u\n',
    );
    const report = await load([source({ name: 's', table: 'events', path })]);
    expect(report.files).toMatchObject([{ read: 4, accepted: 2, refused: 1, duplicates: 1 }]);
    expect(report.conflicts).toEqual([{ table: 'events', file: 'e.csv', rows: 1, line: 4 }]);
    expect(await ask('SELECT message_id, event FROM events ORDER BY 1')).toEqual([
      { message_id: 'm1', event: 'a' },
      { message_id: 'm2', event: 'a' },
    ]);
    const later = write('later.csv', 'message_id,event,time,user_id\nm2,changed,2024-02-01,u\nm3,a,2024-02-01,u\n');
    const next = await load([source({ name: 's', table: 'events', path: later })], 2);
    expect(next.files).toMatchObject([{ accepted: 1, refused: 1 }]);
  });

  it('changes nothing in a dry run, and counts as the run would', async () => {
    write('one.csv', 'account_id,name\na1,x\na2,y\nbad\n');
    write('two.csv', 'account_id,name\na2,y\na3,z\n');
    const sources = ['one', 'two'].map((name) => source({ name, table: 'accounts', path: `${name}.csv` }));
    const dry = await load(sources, 1, true);
    expect(new Set(Object.values(await counts()))).toEqual(new Set(['0']));
    expect(await ask('SELECT count() AS n FROM coverage')).toEqual([{ n: '0' }]);
    expect(await ask("SELECT count() AS n FROM system.tables WHERE name LIKE 'staged%'")).toEqual([{ n: '0' }]);
    const wet = await load(sources, 1);
    expect(wet).toEqual({ ...dry, dryRun: false });
    expect(wet.files).toMatchObject([
      { accepted: 2, refused: 1 },
      { accepted: 1, duplicates: 1 },
    ]);
  });
});

describe('registers that move on', () => {
  it('keeps the account and opens a trait for each attribute that changed in a later import', async () => {
    const accounts = (rows: string): ReturnType<typeof source>[] => {
      const path = write('accounts.csv', `account_id,created,industry,employees,plan\n${rows}`);
      return [source({ name: 'a', table: 'accounts', path })];
    };
    await load(accounts('a1,2024-01-01,fintech,10,basic\na2,2024-01-01,saas,5,basic\n'), 1);
    const changed = accounts('a1,2024-01-01,fintech,20,pro\na2,2024-01-01,saas,5,\n');
    const second = await load(changed, 2);
    expect(second.files).toMatchObject([{ accepted: 2, refused: 0, duplicates: 0 }]);
    const again = await load(changed, 3);
    expect(again.files).toMatchObject([{ accepted: 0, refused: 0, duplicates: 2 }]);
    expect(await ask('SELECT employees FROM accounts ORDER BY account_id')).toEqual([
      { employees: 10 },
      { employees: 5 },
    ]);
    expect(await ask('SELECT entity, id, name, value, `from`, assumed FROM traits ORDER BY id, name')).toEqual([
      { entity: 'account', id: 'a1', name: 'employees', value: '20', from: '2026-11-02T12:00:00.000Z', assumed: 1 },
      { entity: 'account', id: 'a1', name: 'plan', value: 'pro', from: '2026-11-02T12:00:00.000Z', assumed: 1 },
      { entity: 'account', id: 'a2', name: 'plan', value: '', from: '2026-11-02T12:00:00.000Z', assumed: 1 },
    ]);
    const created = await load(accounts('a1,2024-02-02,fintech,20,pro\n'), 4);
    expect(created.files).toMatchObject([{ accepted: 0, refused: 1 }]);
  });

  it('opens a row of a person who has no dates and has changed, and leaves dated rows alone', async () => {
    const users = (rows: string): ReturnType<typeof source>[] => {
      const path = write('users.csv', `user_id,account_id,role,is_sponsor,from\n${rows}`);
      return [source({ name: 'u', table: 'users', path })];
    };
    await load(users('u1,a,admin,1,\nu2,a,user,,\nu3,a,user,,2024-01-01\n'), 1);
    const second = await load(users('u1,a,viewer,,\nu2,a,user,,\nu3,a,boss,,2024-01-01\nu3,a,boss,,2025-01-01\n'), 2);
    expect(second.files).toMatchObject([{ read: 4, accepted: 2, refused: 1, duplicates: 1 }]);
    expect(
      await ask('SELECT user_id, role, is_sponsor, `from`, assumed FROM users ORDER BY user_id, `from` NULLS FIRST'),
    ).toEqual([
      { user_id: 'u1', role: 'admin', is_sponsor: 1, from: null, assumed: 0 },
      { user_id: 'u1', role: 'viewer', is_sponsor: null, from: '2026-11-02T12:00:00.000Z', assumed: 1 },
      { user_id: 'u2', role: 'user', is_sponsor: null, from: null, assumed: 0 },
      { user_id: 'u3', role: 'user', is_sponsor: null, from: '2024-01-01T00:00:00.000Z', assumed: 0 },
      { user_id: 'u3', role: 'boss', is_sponsor: null, from: '2025-01-01T00:00:00.000Z', assumed: 0 },
    ]);
  });

  it('dates traits without dates: creation at the first load, now for what turns up later', async () => {
    const accounts = write('accounts.csv', 'account_id,created\na1,2024-01-01\n');
    const traits = (rows: string): ReturnType<typeof source>[] => {
      const path = write('traits.csv', `entity,id,name,value,from\n${rows}`);
      return [source({ name: 'a', table: 'accounts', path: accounts }), source({ name: 't', table: 'traits', path })];
    };
    await load(traits('account,a1,color,red,\naccount,a1,size,big,2025-01-01\n'), 1);
    await load(traits('account,a1,color,blue,\naccount,a1,shape,round,\n'), 2);
    const third = await load(traits('account,a1,color,blue,\naccount,a1,shape,round,\n'), 3);
    expect(third.files[1]).toMatchObject({ read: 2, accepted: 0, duplicates: 2 });
    expect(await ask('SELECT name, value, `from`, assumed FROM traits ORDER BY name, `from`')).toEqual([
      { name: 'color', value: 'red', from: '2024-01-01T00:00:00.000Z', assumed: 1 },
      { name: 'color', value: 'blue', from: '2026-11-02T12:00:00.000Z', assumed: 1 },
      { name: 'shape', value: 'round', from: '2026-11-02T12:00:00.000Z', assumed: 1 },
      { name: 'size', value: 'big', from: '2025-01-01T00:00:00.000Z', assumed: 0 },
    ]);
  });
});

describe('the report', () => {
  it('tells what is covered, unknown, unattributed and contradictory', async () => {
    const accounts = write(
      'accounts.csv',
      'account_id,created,churned\na1,2024-01-01,0\na2,2024-01-01,1\na3,2024-01-01,1\n',
    );
    const users = write(
      'users.csv',
      'user_id,account_id,from,to\nu1,a1,,\nu2,a1,,2024-02-01\nu2,a2,2024-02-01,\nu3,a1,,\nu3,a2,,\n',
    );
    const events = write(
      'events.csv',
      'event,time,user_id,account_id\nx,2023-12-31T12:00:00,u1,a1\nx,2024-03-01,u1,\nx,2024-03-01,u2,\nx,2024-03-01,u3,\nx,2024-03-01,u9,\nx,2024-03-05T01:00:00,u8,b1\n',
    );
    const server = write('server.csv', 'event,time,account_id\nsync,2024-02-01T00:00:00,a1\n');
    const contracts = write(
      'contracts.csv',
      'account_id,starts,arr,ends,term_ends,contract_id\na1,2024-01-01,1,2024-03-01,2024-06-01,c1\na2,2024-01-01,1,,,c2\na3,2024-01-01,1,2024-02-01,2024-05-01,c3\n',
    );
    const report = await load([
      source({ name: 'a', table: 'accounts', path: accounts }),
      source({ name: 'u', table: 'users', path: users }),
      source({ name: 'e', table: 'events', path: events }),
      source({ name: 's', table: 'events', path: server, coversFrom: new Date('2024-01-01T00:00:00Z') }),
      source({ name: 'c', table: 'contracts', path: contracts }),
    ]);
    expect(report.created).toEqual({ accounts: 1, users: 2 });
    expect(report.unattributed).toBe(2);
    expect(report.withoutUsers).toEqual(['s']);
    expect(report.coverage.filter(({ table }) => table === 'events')).toEqual([
      {
        source: 'e',
        table: 'events',
        coversFrom: '2024-01-01T00:00:00.000Z',
        completeThrough: '2024-03-06T00:00:00.000Z',
        carriesUsers: true,
        rows: 6,
      },
      {
        source: 's',
        table: 'events',
        coversFrom: '2024-01-01T00:00:00.000Z',
        completeThrough: '2024-02-02T00:00:00.000Z',
        carriesUsers: false,
        rows: 1,
      },
    ]);
    expect(report.contradictions.map(({ code, count, of }) => [code, count, of])).toEqual([
      ['usage-before-creation', 1, 1],
      ['churn-flag-without-end', 1, 3],
      ['end-without-churn-flag', 1, 3],
    ]);
    expect(await ask('SELECT count() AS n FROM coverage')).toEqual([{ n: '5' }]);
  });

  it('finds use and tickets from before an account was created, under its former names too', async () => {
    const accounts = write('accounts.csv', 'account_id,created\na1,2024-02-01\na2,2024-02-01\n');
    const names = write('names.csv', 'account_id,into_account_id,at,kind\nold1,a1,2024-01-01,renamed\n');
    const events = write('events.csv', 'message_id,account_id,event,time\nm1,old1,x,2024-01-05\nm2,a2,x,2024-02-05\n');
    const tickets = write('tickets.csv', 'ticket_id,account_id,opened\nt1,a1,2024-03-01\nt2,a2,2024-01-31\n');
    const report = await load([
      source({ name: 'a', table: 'accounts', path: accounts }),
      source({ name: 'l', table: 'account_links', path: names }),
      source({ name: 'e', table: 'events', path: events }),
      source({ name: 't', table: 'tickets', path: tickets }),
    ]);
    expect(report.created).toEqual({ accounts: 0, users: 0 });
    expect(report.contradictions.map(({ code, count, of }) => [code, count, of])).toEqual([
      ['usage-before-creation', 1, 2],
      ['ticket-before-creation', 1, 2],
    ]);
  });
});
