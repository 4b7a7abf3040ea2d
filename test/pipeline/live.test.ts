import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AnswerBook } from '../../src/activation/book.ts';
import { arrivalRow } from '../../src/ingest/arrival.ts';
import { readCall } from '../../src/ingest/call.ts';
import { Landing } from '../../src/ingest/landing.ts';
import { type OpenLedger, openLedger } from '../../src/ledger/open.ts';
import { TRACKING_SOURCE } from '../../src/model/tables.ts';
import type { Engines } from '../../src/pipeline/engines.ts';
import { decideHold, openHolds } from '../../src/pipeline/hold.ts';
import { LiveLoop } from '../../src/pipeline/live.ts';
import type { LiveEvents } from '../../src/pipeline/live-options.ts';
import { listMoves } from '../../src/pipeline/moves.ts';
import { endOverride, setOverride } from '../../src/pipeline/override.ts';
import { ask, type OpenEngines, openEngines } from '../api/serving.ts';
import { laidOutFolder } from '../laid-out.ts';
import { loadRows } from '../profile/load-world.ts';

const anyRow = z.record(z.string(), z.unknown());
const DAY = 86_400_000;
const HOUR = 3_600_000;
/** A Tuesday, at noon. */
const START = Date.UTC(2026, 2, 10, 12);

let opened: OpenEngines;
let open: OpenEngines & { readonly ledger: OpenLedger };
let now = START;
let runs = 0;

beforeAll(async () => {
  opened = await openEngines();
});
afterAll(() => opened.close());

const WAREHOUSE = ['arrivals', 'settled_batches', 'answers', 'book', 'coverage', 'live_marks', 'rankings'];

// A ledger of its own for each test: what was recorded cannot be taken back.
beforeEach(async () => {
  now = START;
  open = { ...opened, ledger: await openLedger({ directory: await laidOutFolder('ledger') }) };
  for (const table of WAREHOUSE) await open.warehouse.command(`TRUNCATE TABLE IF EXISTS ${table}`);
  await loadRows(open.warehouse, customers(['acme', 'beta', 'corp']));
});
afterEach(() => open.ledger.close());

/** Customers of old with a paid contract and one user each. */
function customers(ids: readonly string[]): Map<string, readonly Record<string, unknown>[]> {
  const created = new Date(START - 300 * DAY);
  return new Map<string, readonly Record<string, unknown>[]>([
    // Tracked for longer than any window, so that counts over it are known.
    [
      'events',
      ids.map((account_id) => ({
        account_id,
        user_id: `${account_id}-1`,
        event: 'data_connected',
        time: new Date(START - 200 * DAY),
        source: TRACKING_SOURCE,
      })),
    ],
    ['accounts', ids.map((account_id) => ({ account_id, created, name: account_id }))],
    // Of files that ended days ago: what they say is measured at another instant than what is tracked.
    [
      'tickets',
      ids.map((account_id) => ({ account_id, opened: new Date(START - 5 * DAY), user_id: `${account_id}-1` })),
    ],
    ['nps', ids.map((account_id) => ({ account_id, time: new Date(START - 9 * DAY), score: 8 }))],
    ['users', ids.map((account_id) => ({ account_id, user_id: `${account_id}-1`, from: created }))],
    [
      'contracts',
      ids.map((account_id) => ({
        account_id,
        contract_id: `k-${account_id}`,
        starts: created,
        arr: 1200,
        kind: 'paid',
      })),
    ],
  ]);
}

interface Live {
  readonly engines: Engines;
  readonly loop: LiveLoop;
  readonly book: AnswerBook;
  readonly failures: unknown[];
  /** Rounds until there is nothing left to do. */
  readonly catchUp: () => Promise<void>;
  readonly send: (...calls: readonly object[]) => Promise<void>;
}

/** A loop of its own over the open engines, driven round by round. */
function live(parts: { engines?: Partial<Engines>; events?: LiveEvents; isDry?: boolean; run?: string } = {}): Live {
  runs += 1;
  const engines: Engines = { ...open, ...parts.engines, run: parts.run ?? `live${runs}` };
  const book = new AnswerBook();
  const failures: unknown[] = [];
  const loop = new LiveLoop({
    engines,
    book,
    clock: () => now,
    pause: () => Promise.resolve(),
    isDry: parts.isDry ?? false,
    onFailure: (error) => failures.push(error),
    ...parts.events,
  });
  const landing = new Landing({
    warehouse: open.warehouse,
    clock: () => now,
    pause: () => Promise.resolve(),
    process: engines.run,
    table: 'arrivals',
    write: arrivalRow,
  });
  const send = async (...calls: readonly object[]): Promise<void> => {
    const rows = calls.flatMap((raw) => {
      const around = { receivedAt: now, sentAt: null, context: {}, kind: null, accountProperty: null, newId };
      const reading = readCall(raw, around);
      if ('refusal' in reading) throw new Error(reading.refusal.message);
      return reading.call.arrivals;
    });
    await landing.land(rows, now, 1);
  };
  const catchUp = async (): Promise<void> => {
    while (await loop.round());
  };
  return { engines, loop, book, failures, catchUp, send };
}

let ids = 0;
const newId = (): string => {
  ids += 1;
  return `id-${ids}`;
};
const event = (account: string, name: string, at: number = now, user = `${account}-1`) => ({
  type: 'track',
  event: name,
  userId: user,
  messageId: newId(),
  context: { groupId: account },
  timestamp: new Date(at).toISOString(),
});
const report = (account: string, at: number = now) => event(account, 'report_created', at);
const segmentOf = ({ book }: Live, account: string) => book.account(account)?.segment;
const movesOf = async (account: string) => {
  const all = await listMoves(open, { since: undefined, until: undefined, accountId: account, segment: undefined });
  return [...all].sort((a, b) => (a.at < b.at ? -1 : 1)).map(({ from, to, cause }) => [from, to, cause]);
};
const contents = ({ book }: Live) =>
  [...book.accounts()]
    .map((account) => ({ ...account, users: book.users(account.accountId) }))
    .sort((a, b) => (a.accountId < b.accountId ? -1 : 1));

describe('the live loop', () => {
  it('shows an event that tips an account within the next round, and records the move with its cause', async () => {
    const one = live();
    await one.send(...['acme', 'beta', 'corp'].map((account) => report(account, now - DAY)));
    await one.catchUp();
    expect(segmentOf(one, 'acme')).toBe('Quiet');
    now += 5_000;
    await one.send(event('acme', 'cancel_clicked'));
    expect(await one.loop.round()).toBe(true);
    expect([segmentOf(one, 'acme'), segmentOf(one, 'beta')]).toEqual(['At-Risk', 'Quiet']);
    expect(await movesOf('acme')).toEqual([
      [null, 'Quiet', 'first assignment'],
      ['Quiet', 'At-Risk', 'behaviour'],
    ]);
    // Strictly after the event: facts count before the as-of.
    expect(one.book.account('acme')?.asOf).toBe(now + 1);
    expect(one.failures).toEqual([]);
  });

  it('moves an account that goes silent by the clock alone, at the hour', async () => {
    const one = live();
    await one.send(report('acme'), report('beta'));
    await one.catchUp();
    now = START + 2 * DAY;
    await one.send(report('beta'));
    await one.catchUp();
    expect([segmentOf(one, 'acme'), segmentOf(one, 'beta')]).toEqual(['Quiet', 'Quiet']);
    now = START + 3 * DAY + 2 * HOUR;
    await one.catchUp();
    expect([segmentOf(one, 'acme'), segmentOf(one, 'beta')]).toEqual(['At-Risk', 'Quiet']);
    expect((await movesOf('acme')).at(-1)).toEqual(['Quiet', 'At-Risk', 'passing of time']);
  });

  it('lets a segment wait out its dwell over midnights, and midnight is what moves it', async () => {
    const one = live();
    await one.catchUp();
    await one.send(...Array.from({ length: 6 }, (_, index) => report('acme', now - index)));
    await one.catchUp();
    const told: unknown[] = [];
    for (let day = 0; day < 4; day += 1) {
      told.push(segmentOf(one, 'acme'));
      now += DAY - (day === 0 ? 11 * HOUR : 0);
      await one.send(report('acme'));
      await one.catchUp();
    }
    // Answered so at the first, the second and the third midnight: two days.
    expect(told).toEqual(['Quiet', 'Quiet', 'Quiet', 'Busy']);
  });

  it('recomputes the days that late events touch, and calls the move late data', async () => {
    const one = live();
    await one.send(report('acme', now - DAY));
    await one.catchUp();
    now += 60_000;
    await one.send(...Array.from({ length: 6 }, (_, index) => report('acme', now - 4 * DAY + index)));
    await one.catchUp();
    expect(segmentOf(one, 'acme')).toBe('Busy');
    expect((await movesOf('acme')).at(-1)).toEqual(['Quiet', 'Busy', 'late data']);
    const answers = await ask(
      open.warehouse,
      `SELECT toDate(as_of) AS d, raw FROM answers WHERE account_id = 'acme' AND raw = 'Busy' ORDER BY as_of`,
    );
    expect(answers.map(({ d }) => d)).toEqual(['2026-03-07', '2026-03-08', '2026-03-09', '2026-03-10']);
  });

  it('holds a flood until a person releases it, and then the book shows it', async () => {
    const model = { ...open.model, breaker: { share: 0, minimum: 1 } };
    const one = live({ engines: { model } });
    await one.send(report('acme'), report('beta'));
    await one.catchUp();
    now += 1_000;
    await one.send(event('acme', 'cancel_clicked'), event('beta', 'cancel_clicked'));
    await one.catchUp();
    expect(one.book.account('acme')).toMatchObject({ segment: 'Quiet', isHeld: true });
    const [hold] = await openHolds(open);
    expect(hold?.moves.length).toBe(2);
    now += 1_000;
    const by = { holdId: hold?.holdId ?? 0, by: 'me', reason: 'looked', now: new Date(now) };
    await decideHold(open, { ...by, action: 'release' });
    await one.catchUp();
    expect(one.book.account('acme')).toMatchObject({ segment: 'At-Risk', isHeld: false });
    expect((await movesOf('beta')).at(-1)).toEqual(['Quiet', 'At-Risk', 'behaviour']);
    expect(await openHolds(open)).toEqual([]);
  });

  it('keeps what a person discarded, and does not hold it again', async () => {
    const model = { ...open.model, breaker: { share: 0, minimum: 1 } };
    const one = live({ engines: { model } });
    await one.send(report('acme'));
    await one.catchUp();
    now += 1_000;
    await one.send(event('acme', 'cancel_clicked'));
    await one.catchUp();
    const [hold] = await openHolds(open);
    expect(one.book.account('acme')?.isHeld).toBe(true);
    now += 1_000;
    await decideHold(open, {
      holdId: hold?.holdId ?? 0,
      action: 'discard',
      by: 'me',
      reason: 'a test of theirs',
      now: new Date(now),
    });
    await one.send(event('acme', 'cancel_clicked'));
    await one.catchUp();
    expect([segmentOf(one, 'acme'), one.book.account('acme')?.isHeld]).toEqual(['Quiet', false]);
    now += 2 * DAY;
    await one.catchUp();
    expect([segmentOf(one, 'acme'), one.book.account('acme')?.isHeld]).toEqual(['Quiet', false]);
    expect(await openHolds(open)).toEqual([]);
  });

  it('shows an override and its end without waiting for a sweep', async () => {
    const one = live();
    await one.send(report('acme'));
    await one.catchUp();
    now += 1_000;
    const asked = { accountId: 'acme', segment: 'Busy', reason: 'pilot', author: 'me', days: null };
    await setOverride(open, { ...asked, now: new Date(now) });
    await one.catchUp();
    expect(one.book.account('acme')).toMatchObject({ segment: 'Busy', isOverridden: true });
    now += 1_000;
    await endOverride(open, 'acme', new Date(now));
    await one.catchUp();
    expect(one.book.account('acme')).toMatchObject({ segment: 'Quiet', isOverridden: false });
  });

  it('records nothing in a dry run, and tells what would move', async () => {
    const told: string[] = [];
    const one = live({ isDry: true, events: { onDryMoves: (moves) => told.push(...moves.map((m) => m.accountId)) } });
    await one.send(report('acme'), event('beta', 'cancel_clicked'));
    await one.catchUp();
    expect([...new Set(told)].sort()).toEqual(['acme', 'beta', 'corp']);
    for (const table of ['moves', 'assignments', 'holds', 'runs']) {
      expect(await open.ledger.query(`SELECT count(*)::int AS n FROM ${table}`, [], anyRow)).toEqual([{ n: 0 }]);
    }
    expect(await ask(open.warehouse, 'SELECT count() AS n FROM book')).toEqual([{ n: '0' }]);
    expect([...one.book.accounts()].some(({ isHeld }) => isHeld)).toBe(false);
  });

  it('serves what was written down before the first sweep of a new process ends', async () => {
    const one = live();
    await one.send(report('acme'), event('beta', 'cancel_clicked'));
    await one.catchUp();
    const before = contents(one);
    await one.loop.stop();
    now += 60_000;
    let seen: unknown = null;
    const two = live({ events: { onSettled: () => (seen = contents(two)) } });
    await two.send(event('corp', 'cancel_clicked'));
    await two.loop.round();
    expect(seen).toEqual(before);
    expect(segmentOf(two, 'corp')).toBe('At-Risk');
  });

  it('opens every review that fell due, once, also those of an absence', async () => {
    const one = live();
    await one.catchUp();
    await one.loop.stop();
    now = Date.UTC(2026, 3, 2, 3);
    const two = live();
    await two.catchUp();
    await two.catchUp();
    now = Date.UTC(2027, 0, 1, 0, 0, 1);
    await two.catchUp();
    const reviews = await open.ledger.query(
      'SELECT kind, due_on::text AS day FROM reviews ORDER BY due_on, kind',
      [],
      anyRow,
    );
    const days = (kind: string) => reviews.filter((row) => row['kind'] === kind).map(({ day }) => day);
    expect(days('migration')).toEqual(
      [
        '2026-04',
        '2026-05',
        '2026-06',
        '2026-07',
        '2026-08',
        '2026-09',
        '2026-10',
        '2026-11',
        '2026-12',
        '2027-01',
      ].map((month) => `${month}-01`),
    );
    expect(days('model')).toEqual(['2026-04-01', '2026-07-01', '2026-10-01', '2027-01-01']);
    expect(days('interviews')).toEqual(['2027-01-01']);
  });
});

describe('two loops over the same engines', () => {
  it('one computes, the other follows; it takes over when the role is given up', async () => {
    const one = live();
    const two = live();
    await one.send(report('acme'), report('beta'));
    await one.catchUp();
    await two.catchUp();
    expect([one.loop.state.isSweeper, two.loop.state.isSweeper]).toEqual([true, false]);
    expect(contents(two)).toEqual(contents(one));
    now += 1_000;
    await one.send(event('acme', 'cancel_clicked'));
    await one.catchUp();
    await two.catchUp();
    expect(segmentOf(two, 'acme')).toBe('At-Risk');
    await one.loop.stop();
    now += 1_000;
    await two.send(event('beta', 'cancel_clicked'));
    await two.catchUp();
    expect(two.loop.state.isSweeper).toBe(true);
    expect(segmentOf(two, 'beta')).toBe('At-Risk');
    expect(await movesOf('beta')).toHaveLength(2);
  });

  it('refuses the old holder, which follows from then on', async () => {
    const one = live();
    const two = live();
    await one.send(report('acme'));
    await one.catchUp();
    // The lease ends while the holder is held up.
    await open.ledger.command('UPDATE roles_held SET until = clock_timestamp()');
    await two.catchUp();
    expect(two.loop.state.isSweeper).toBe(true);
    now += 1_000;
    await one.send(event('acme', 'cancel_clicked'));
    await expect(one.loop.round()).rejects.toMatchObject({ code: 'role-lost' });
    expect(await movesOf('acme')).toHaveLength(1);
    expect(segmentOf(one, 'acme')).toBe('Quiet');
    await two.catchUp();
    now += 10_000;
    await two.send(report('beta'));
    await two.catchUp();
    await one.catchUp();
    expect(one.loop.state.isSweeper).toBe(false);
    expect([segmentOf(one, 'acme'), segmentOf(two, 'acme')]).toEqual(['At-Risk', 'At-Risk']);
    expect(await movesOf('acme')).toHaveLength(2);
  });
});

describe('a clock', () => {
  it('that jumps forward and back computes nothing twice and loses nothing', async () => {
    const one = live();
    await one.send(report('acme'));
    await one.catchUp();
    now += 6 * HOUR;
    await one.catchUp();
    now -= 6 * HOUR - 5_000;
    await one.send(event('acme', 'cancel_clicked'));
    await one.catchUp();
    expect(segmentOf(one, 'acme')).toBe('At-Risk');
    expect(one.book.account('acme')?.asOf).toBeGreaterThan(START + 6 * HOUR);
    expect((await movesOf('acme')).map(([, to]) => to)).toEqual(['Quiet', 'At-Risk']);
    now += 3 * DAY;
    await one.catchUp();
    now -= 3 * DAY;
    await one.send(event('beta', 'cancel_clicked'));
    await expect(one.catchUp()).rejects.toMatchObject({ code: 'clock-jumped' });
    now += 3 * DAY + 1_000;
    await one.catchUp();
    expect(segmentOf(one, 'beta')).toBe('At-Risk');
  });
});

describe('the book', () => {
  it.each([1, 2])('says what a full computation says, after any calls in any order (seed %i)', async (seed) => {
    const pick = drawing(seed);
    const one = live();
    await one.catchUp();
    for (let step = 0; step < 4; step += 1) {
      await one.send(...Array.from({ length: 1 + pick(6) }, () => randomCall(pick)));
      now += 1 + pick(3 * HOUR);
      await one.catchUp();
    }
    const before = contents(one).map((entry) => ({ ...entry, asOf: 0 }));
    await one.loop.stop();
    for (const table of ['answers', 'book', 'rankings']) {
      await open.warehouse.command(`TRUNCATE TABLE IF EXISTS ${table}`);
    }
    const two = live();
    await two.loop.round();
    expect(before.length).toBeGreaterThan(2);
    expect(contents(two).map((entry) => ({ ...entry, asOf: 0 }))).toEqual(before);
    await two.loop.stop();
  });
});

/** Whole numbers below a bound, the same for the same seed (a linear congruence; its high bits). */
function drawing(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A call of any kind: late or not, sent before or not, by a user, a visitor, or somebody who became another. */
function randomCall(pick: (below: number) => number): object {
  const of = <T>(list: readonly T[]): T => list[pick(list.length)] as T;
  const userId = of(['acme-1', 'beta-1', 'u1', 'u2', 'v1']);
  const account = of(['acme', 'beta', 'corp', 'newly']);
  const timestamp = new Date(now - of([0, 0, HOUR, 30 * HOUR, 4 * DAY])).toISOString();
  const named = pick(3) === 0 ? {} : { context: { groupId: account } };
  const call = { userId, timestamp, messageId: `m${pick(40)}` };
  return of([
    { ...call, ...named, type: 'track', event: 'report_created' },
    { ...call, ...named, type: 'track', event: of(['report_exported', 'cancel_clicked', 'data_connected']) },
    { type: 'track', event: 'report_created', timestamp, anonymousId: 'a1', messageId: `m${pick(40)}` },
    { ...call, type: 'group', groupId: account, traits: { industry: of(['saas', 'retail']) } },
    { ...call, type: 'identify', anonymousId: of(['a1', 'a2']), traits: { role: of(['admin', 'user']) } },
    { ...call, type: 'alias', previousId: of(['a1', 'v1']) },
  ]);
}
