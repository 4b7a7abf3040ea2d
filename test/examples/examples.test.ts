import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Model } from '../../src/definition/model.ts';
import { parseModel } from '../../src/definition/parse.ts';
import { importSources } from '../../src/ingest/import-sources.ts';
import type { ImportReport } from '../../src/ingest/report.ts';
import { openLedger } from '../../src/ledger/open.ts';
import { type ProfileRow, readProfiles } from '../../src/pipeline/accounts.ts';
import type { Standing } from '../../src/pipeline/movement.ts';
import { type RunReport, runModel, standings } from '../../src/pipeline/run.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import { scratchFolder } from '../scratch.ts';

const data = process.env['BELLWETHER_DATA'];
if (data === undefined) process.stderr.write('not run: the examples, because BELLWETHER_DATA is not set\n');
const suite = describe.skipIf(data === undefined);
const titled = (name: string): string => (data === undefined ? `${name} (not run: BELLWETHER_DATA is not set)` : name);

const DAY_MS = 86_400_000;
/** Days of raw answers behind an assignment: fewer than the model's 56, to keep the run to the as-of and its last days. */
const WINDOW_DAYS = 3;

interface Outcome {
  readonly model: Model;
  readonly dry: ImportReport;
  readonly first: ImportReport;
  readonly second: ImportReport;
  readonly run: RunReport;
  readonly all: readonly Standing[];
  readonly profiles: ReadonlyMap<string, ProfileRow>;
}

/** The example's model file, imported and run in a folder of its own. */
async function play(name: string, drySources?: readonly string[]): Promise<Outcome> {
  const directory = new URL(`../../examples/${name}/`, import.meta.url).pathname;
  const file = join(directory, 'bellwether.yaml');
  const modelText = `${readFileSync(file, 'utf8')}\nassignment: { window_days: ${WINDOW_DAYS} }\n`;
  const { model, diagnostics } = parseModel(modelText, { file, catalogue: SIGNAL_CATALOGUE });
  expect(diagnostics).toEqual([]);
  if (model === null) throw new Error('no model');
  const folder = join(scratchFolder(), '.bellwether');
  const warehouse = await openWarehouse({ directory: folder });
  const ledger = await openLedger({ directory: folder });
  try {
    const engines = { model, modelText, warehouse, ledger, run: 'test' };
    const environment = (variable: string): string | undefined => process.env[variable];
    const load = (minute: number, dryRun: boolean, only?: readonly string[]): Promise<ImportReport> =>
      importSources({
        ...engines,
        directory,
        environment,
        now: new Date(Date.UTC(2026, 10, 1, 12, minute)),
        dryRun,
        only,
      });
    const dry = await load(0, true, drySources);
    const first = await load(1, false);
    const second = await load(2, false);
    const now = new Date(Date.UTC(2026, 10, 1, 12, 3));
    const run = await runModel(engines, { asOf: null, now });
    const asOf = Date.parse(run.asOf);
    const { all, daysComputed } = await standings(engines, asOf, now);
    expect(daysComputed).toBe(0);
    const rows = await readProfiles(engines, [asOf], null);
    return {
      model,
      dry,
      first,
      second,
      run,
      all,
      profiles: new Map(rows.map((row) => [String(row['account_id']), row])),
    };
  } finally {
    await ledger.close();
    await warehouse.close();
  }
}

type Line = Readonly<Record<string, string>>;

/** Rows of a file of the data folder, by plain splitting: none of these files quotes. */
function readLines(path: string): readonly Line[] {
  const bytes = readFileSync(join(data ?? '', path));
  const [head = '', ...rest] = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes)
    .toString('utf8')
    .trim()
    .split(/\r?\n/);
  const names = head.split(',');
  return rest.map((line) => {
    const fields = line.split(',');
    return Object.fromEntries(names.map((name, index) => [name, fields[index] ?? '']));
  });
}

const at = (text: string): number => Date.parse(text.length === 10 ? text : `${text.replace(/Z$/, '')}Z`);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const within = (time: number, asOf: number, days: number): boolean => time >= asOf - days * DAY_MS && time < asOf;

/** What must hold of every example. */
function invariants(of: () => Outcome): void {
  it('reads every row once, and changes nothing when it is imported again', () => {
    const { dry, first, second } = of();
    for (const report of [dry, first, second]) {
      expect(report.diagnostics).toEqual([]);
      for (const { read, accepted, refused, duplicates } of report.files) {
        expect(accepted + refused + duplicates).toBe(read);
      }
    }
    const counts = (report: ImportReport) =>
      report.files.map(({ source, read, accepted }) => ({ source, read, accepted }));
    const told = new Set(dry.files.map(({ source }) => source));
    expect(counts(dry)).toEqual(counts(first).filter(({ source }) => told.has(source)));
    expect(counts(second)).toEqual(counts(first).map((count) => ({ ...count, accepted: 0 })));
    expect(second.contradictions).toEqual(first.contradictions);
  });

  it('gives each customer exactly one segment and a home, and nobody else one', () => {
    const { model, all, run } = of();
    const names = model.segments.map(({ name }) => name);
    const homes = model.segments.filter(({ isOverlay }) => !isOverlay).map(({ name }) => name);
    for (const { answer, assignment } of all) {
      if (answer.relationship === 'customer') {
        expect(names).toContain(assignment.segment);
        expect(homes).toContain(answer.home);
      } else {
        expect([assignment.segment, answer.home]).toEqual([null, null]);
      }
    }
    expect(new Set(all.map(({ answer }) => answer.accountId)).size).toBe(all.length);
    const customers = all.filter(({ answer }) => answer.relationship === 'customer').length;
    expect(sum(run.segments.map(({ accounts }) => accounts))).toBe(customers);
    expect(run.moves.length).toBe(customers);
  });
}

/** What must hold where no event names a user. */
function withoutUsers(of: () => Outcome): void {
  it('calls nobody dormant, and leaves what needs users unknown for want of data', () => {
    const { profiles, first } = of();
    expect(first.withoutUsers).toContain('usage');
    for (const row of profiles.values()) {
      expect(row['cohort']).toBeNull();
      for (const name of ['active_users_30d', 'sessions_30d', 'power_users', 'momentum_60d', 'activity_change_14d']) {
        expect([row[name], row[`${name}__null`]]).toEqual([null, 1]);
      }
      expect(row['events_30d']).not.toBeNull();
    }
  });
}

const contradictionsOf = ({ first }: Outcome): Readonly<Record<string, number>> =>
  Object.fromEntries(first.contradictions.map(({ code, count }) => [code, count]));
const customersOf = ({ all }: Outcome): readonly Standing[] =>
  all.filter(({ answer }) => answer.relationship === 'customer');
const arrOf = (outcome: Outcome): number => sum(customersOf(outcome).map(({ answer }) => answer.arr ?? 0));

suite(titled('the example saasguard'), () => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await play('saasguard');
  });
  invariants(() => outcome);
  withoutUsers(() => outcome);

  it('counts what the files count', () => {
    const asOf = Date.parse('2026-03-14');
    expect(Date.parse(outcome.run.asOf)).toBe(asOf);
    const customers = readLines('saasguard/customers_subset.csv');
    expect(outcome.all.length).toBe(customers.length);
    const paying = customers.filter(
      (row) =>
        row['plan_tier'] !== 'free' && (row['churn_date'] === '' || at(row['churn_date'] ?? '') > asOf - 30 * DAY_MS),
    );
    expect(customersOf(outcome).length).toBe(paying.length);
    expect(arrOf(outcome)).toBeCloseTo(sum(paying.map((row) => Number(row['mrr']) * 12)), 2);
    const signup = new Map(customers.map((row) => [row['customer_id'], row['signup_date'] ?? '']));
    const early = readLines('saasguard/support_tickets_subset.csv').filter(
      (row) => (row['created_date'] ?? '') < (signup.get(row['customer_id'] ?? '') ?? ''),
    );
    expect(contradictionsOf(outcome)).toEqual({ 'ticket-before-creation': early.length });
  });

  it('measures two accounts as one would by hand', () => {
    const asOf = Date.parse(outcome.run.asOf);
    const events = readLines('saasguard/usage_events_subset.csv.gz');
    const tickets = readLines('saasguard/support_tickets_subset.csv');
    for (const id of ['46dbb096-c85e-2733-4794-19a98b97ae3d', '220806e2-ba8c-a7fc-7c0d-f8b661d2454d']) {
      const own = events.filter((row) => row['customer_id'] === id);
      const times = own.map((row) => at(row['timestamp'] ?? ''));
      const recent = own.filter((row) => within(at(row['timestamp'] ?? ''), asOf, 30));
      const profile = outcome.profiles.get(id) ?? {};
      expect(profile['events_30d']).toBe(recent.length);
      expect(profile['events_90d']).toBe(times.filter((time) => within(time, asOf, 90)).length);
      expect(profile['feature_breadth_30d']).toBe(new Set(recent.map((row) => row['event_type'])).size);
      expect(profile['days_since_last_event']).toBe(Math.floor((asOf - Math.max(...times)) / DAY_MS));
      expect(profile['tickets_30d']).toBe(
        tickets.filter((row) => row['customer_id'] === id && within(at(row['created_date'] ?? ''), asOf, 30)).length,
      );
    }
  });
});

suite(titled('the example ravenstack'), () => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await play('ravenstack');
  });
  invariants(() => outcome);
  withoutUsers(() => outcome);

  it('counts what the files count, and tells how they disagree', () => {
    const asOf = Date.parse('2025-01-01');
    expect(Date.parse(outcome.run.asOf)).toBe(asOf);
    const accounts = readLines('ravenstack/ravenstack_accounts.csv');
    const subscriptions = readLines('ravenstack/ravenstack_subscriptions.csv');
    const usage = readLines('ravenstack/ravenstack_feature_usage.csv');
    const running = subscriptions.filter(
      (row) => row['is_trial'] === 'False' && (row['end_date'] === '' || at(row['end_date'] ?? '') >= asOf),
    );
    const paying = new Set(running.map((row) => row['account_id']));
    expect(outcome.all.length).toBe(accounts.length);
    expect(customersOf(outcome).length).toBe(paying.size);
    expect(arrOf(outcome)).toBeCloseTo(sum(running.map((row) => Number(row['mrr_amount']) * 12)), 2);
    const ownerOf = new Map(subscriptions.map((row) => [row['subscription_id'], row['account_id']]));
    const signup = new Map(accounts.map((row) => [row['account_id'], row['signup_date'] ?? '']));
    const seen = new Set<string | undefined>();
    const early = new Set<string | undefined>();
    for (const row of usage) {
      if (seen.has(row['usage_id'])) continue;
      seen.add(row['usage_id']);
      const owner = ownerOf.get(row['subscription_id'] ?? '');
      if ((row['usage_date'] ?? '') < (signup.get(owner) ?? '')) early.add(owner);
    }
    const lateTickets = readLines('ravenstack/ravenstack_support_tickets.csv').filter(
      (row) => (row['submitted_at'] ?? '').slice(0, 10) < (signup.get(row['account_id']) ?? ''),
    );
    const open = new Set(
      subscriptions
        .filter((row) => row['is_trial'] === 'False' && row['end_date'] === '')
        .map((row) => row['account_id']),
    );
    const churned = new Set(readLines('ravenstack/ravenstack_churn_events.csv').map((row) => row['account_id']));
    expect(contradictionsOf(outcome)).toEqual({
      'usage-before-creation': early.size,
      'ticket-before-creation': lateTickets.length,
      'churn-flag-without-end': accounts.filter((row) => row['churn_flag'] === 'True' && open.has(row['account_id']))
        .length,
      'churn-event-without-end': [...churned].filter((account) => open.has(account)).length,
    });
    expect(outcome.first.quarantine).toBe(usage.length - seen.size);
    expect(outcome.first.created).toEqual({ accounts: 0, users: 0 });
  });

  it('measures two accounts as one would by hand', () => {
    const asOf = Date.parse(outcome.run.asOf);
    const subscriptions = readLines('ravenstack/ravenstack_subscriptions.csv');
    const first = new Map(
      readLines('ravenstack/ravenstack_feature_usage.csv')
        .toReversed()
        .map((row) => [row['usage_id'], row]),
    );
    for (const id of ['A-2e4581', 'A-43a9e3']) {
      const own = new Set(subscriptions.filter((row) => row['account_id'] === id).map((row) => row['subscription_id']));
      const usage = [...first.values()].filter((row) => own.has(row['subscription_id']));
      const recent = usage.filter((row) => within(at(row['usage_date'] ?? ''), asOf, 90));
      const paid = subscriptions.filter(
        (row) =>
          row['account_id'] === id &&
          row['is_trial'] === 'False' &&
          (row['end_date'] === '' || at(row['end_date'] ?? '') >= asOf),
      );
      const profile = outcome.profiles.get(id) ?? {};
      expect(profile['usage_days_90d']).toBe(new Set(recent.map((row) => row['usage_date'])).size);
      expect(profile['uses_90d']).toBe(sum(recent.map((row) => Number(row['usage_count']))));
      expect(profile['events_30d']).toBe(usage.filter((row) => within(at(row['usage_date'] ?? ''), asOf, 30)).length);
      expect(profile['seats']).toBe(sum(paid.map((row) => Number(row['seats']))));
      expect(profile['arr']).toBeCloseTo(sum(paid.map((row) => Number(row['mrr_amount']) * 12)), 2);
    }
  });
});

suite(titled('the example openstack'), () => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await play('openstack');
  });
  invariants(() => outcome);
  const mergedInto: Readonly<Record<string, string>> = {
    'Citrix Systems': 'Citrix',
    Inktank: 'Red Hat',
    eNovance: 'Red Hat',
  };

  it('counts companies alone, under the name that they carry', () => {
    expect(outcome.run.asOf).toBe('2015-01-01T00:00:00.000Z');
    const companies = readLines('openstack-2014/accounts.csv').map((row) => row['account'] ?? '');
    const expected = companies.filter((name) => !name.startsWith('*') && mergedInto[name] === undefined);
    expect(outcome.all.map(({ answer }) => answer.accountId).toSorted()).toEqual(expected.toSorted());
    expect(customersOf(outcome).length).toBe(expected.length);
    expect(contradictionsOf(outcome)).toEqual({ 'usage-before-creation': 1 });
  });

  it('measures three companies as one would by hand, money not at all', () => {
    const asOf = Date.parse(outcome.run.asOf);
    const events = readLines('openstack-2014/events.csv');
    for (const id of ['IBM', 'Red Hat', 'SolidFire']) {
      const own = events.filter((row) => (mergedInto[row['account'] ?? ''] ?? row['account']) === id);
      const users = (days: number) =>
        new Set(own.filter((row) => within(at(row['timestamp'] ?? ''), asOf, days)).map((row) => row['user_id'])).size;
      const profile = outcome.profiles.get(id) ?? {};
      expect(profile['active_users_30d']).toBe(users(30));
      expect(profile['active_users_7d']).toBe(users(7));
      expect(profile['events_30d']).toBe(own.filter((row) => within(at(row['timestamp'] ?? ''), asOf, 30)).length);
      expect([profile['arr'], profile['value_tier']]).toEqual([null, null]);
    }
    expect(arrOf(outcome)).toBe(0);
  });
});

suite(titled('the example crm6'), () => {
  let outcome: Outcome;
  const chosen = ['0', '3'];
  const raw: Line[] = [];
  let lines = 0;
  let repeated = 0;
  beforeAll(async () => {
    // Five million rows are read dry in other tests; here what stands beside them.
    outcome = await play('crm6', ['accounts', 'base_periods', 'addon_periods']);
    const file = createReadStream(join(data ?? '', 'churnsim-crm6/events.csv.gz')).pipe(createGunzip());
    let moment = '';
    let seen = new Set<string>();
    for await (const line of createInterface({ input: file })) {
      const [account = '', time = '', event = '', user = ''] = line.split(',', 4);
      if (account === 'account_id') continue;
      lines += 1;
      if (`${account} ${time}` !== moment) {
        moment = `${account} ${time}`;
        seen = new Set();
      }
      if (seen.has(line)) repeated += 1;
      seen.add(line);
      if (chosen.includes(account)) raw.push({ account, time, event, user });
    }
  });
  afterAll(() => {
    raw.length = 0;
  });
  invariants(() => outcome);

  it('counts what the files count', () => {
    const asOf = Date.parse('2023-01-01');
    expect(Date.parse(outcome.run.asOf)).toBe(asOf);
    const accounts = readLines('churnsim-crm6/accounts.csv');
    const periods = readLines('churnsim-crm6/subscriptions.csv');
    expect(outcome.first.files.find(({ table }) => table === 'events')).toMatchObject({
      read: lines,
      duplicates: repeated,
    });
    expect(outcome.all.length).toBe(accounts.length);
    const customers = accounts.filter(
      (row) => row['churned'] === '0' || at(row['churn_date'] ?? '') > asOf - 30 * DAY_MS,
    );
    expect(customersOf(outcome).length).toBe(customers.length);
    const arr = customers.map((account) => {
      const day = account['churned'] === '0' ? asOf : at(account['churn_date'] ?? '');
      const inForce = periods.filter(
        (row) =>
          row['account_id'] === account['account_id'] &&
          at(row['start_date'] ?? '') < day &&
          at(row['end_date'] ?? '') >= day,
      );
      expect(inForce.length).toBe(3);
      return sum(inForce.map((row) => Number(row['mrr']) * 12));
    });
    expect(arrOf(outcome)).toBeCloseTo(sum(arr), 2);
    expect(contradictionsOf(outcome)).toEqual({});
  });

  it('measures two accounts as one would by hand', () => {
    const asOf = Date.parse(outcome.run.asOf);
    const periods = readLines('churnsim-crm6/subscriptions.csv');
    for (const id of chosen) {
      const recent = [...new Set(raw.filter((row) => row['account'] === id).map((row) => JSON.stringify(row)))]
        .map((row): Line => JSON.parse(row))
        .filter((row) => within(at(row['time'] ?? ''), asOf, 30));
      const active = new Set(recent.map((row) => row['user'])).size;
      const base = periods.filter(
        (row) =>
          row['account_id'] === id &&
          row['units'] === 'users' &&
          at(row['start_date'] ?? '') < asOf &&
          at(row['end_date'] ?? '') >= asOf,
      );
      const profile = outcome.profiles.get(id) ?? {};
      expect(profile['active_users_30d']).toBe(active);
      expect(profile['events_30d']).toBe(recent.length);
      expect(profile['wins_30d']).toBe(recent.filter((row) => row['event'] === 'win_opportunity').length);
      expect(profile['seats']).toBe(Number(base[0]?.['quantity']));
      expect(profile['seat_breadth']).toBeCloseTo(active / Number(base[0]?.['quantity']), 9);
    }
  });
});
