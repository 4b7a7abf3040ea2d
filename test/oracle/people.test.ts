import { describe, expect, it } from 'vitest';
import { profileOf } from './profile.ts';
import { contractRow } from './random-contracts.ts';
import { area } from './random-model.ts';
import { accountRow, userRow } from './random-people.ts';
import type { EventRow, NeedRow, NpsRow, TicketRow, UserRow } from './rows.ts';
import { AS_OF, act, daysAgo, onDay, smallWorld } from './small-world.ts';
import type { World } from './world.ts';

const accountOf = (world: World, asOf = AS_OF) => profileOf(world, asOf).accounts[0];
const signalsOf = (world: World) => accountOf(world)?.signals ?? {};

describe('the sponsor', () => {
  const sponsor = (user: string, from: number | null, to: number | null, is_sponsor = true): UserRow =>
    userRow('a', user, {
      is_sponsor,
      from: from === null ? null : daysAgo(from),
      to: to === null ? null : daysAgo(to),
    });
  const events = [act('old', 'x', daysAgo(10)), act('new', 'x', daysAgo(45))];
  const told = (...users: UserRow[]) => signalsOf(smallWorld({ users, events }));

  it('is no change when it is the first, a second, the same again or a new row of the same', () => {
    expect(told(sponsor('old', 100, null))['days_since_sponsor_change']).toBeNull();
    expect(told(sponsor('old', 100, null), sponsor('new', 50, null))['days_since_sponsor_change']).toBeNull();
    expect(told(sponsor('old', 100, 60), sponsor('old', 60, null))['days_since_sponsor_change']).toBeNull();
    // lost 60 days ago, taken again by the same person 50 days ago: the loss is the last change
    expect(told(sponsor('old', 100, 60), sponsor('old', 50, null))['days_since_sponsor_change']).toBe(60);
  });

  it('changes when it is lost and when another takes it after a vacancy', () => {
    expect(told(sponsor('old', 100, 60))).toMatchObject({
      days_since_sponsor_change: 60,
      sponsor_active_30d: null,
      sponsor_engaged: 0,
    });
    expect(told(sponsor('old', 100, 60), sponsor('new', 50, null))).toMatchObject({
      days_since_sponsor_change: 50,
      sponsor_active_30d: 0,
      sponsor_engaged: 1, // 45 days ago, since 50 days ago
    });
    expect(told(sponsor('old', null, 40), sponsor('new', 40, null))).toMatchObject({
      days_since_sponsor_change: 40,
      sponsor_engaged: 0,
    });
  });

  it('is engaged by a meeting too, and the end of a row is unknown before it has come', () => {
    const users = [sponsor('new', 40, -5)];
    const touches = [{ account_id: 'a', time: daysAgo(20), kind: 'meeting', touch_id: null, user_id: 'new' }];
    expect(signalsOf(smallWorld({ users, events, touches }))).toMatchObject({
      days_since_sponsor_change: null,
      sponsor_engaged: 1,
    });
  });
});

describe('the adoption pathway', () => {
  const contracts = [contractRow('a', daysAgo(100), 1000)];
  const path = (events: EventRow[], users: UserRow[] = [], more = contracts) =>
    signalsOf(smallWorld({ events, users, contracts: more }))['adoption_pathway'];
  const first = (user: string, day: number) => act(user, 'x', daysAgo(day));

  it('is bottom-up with three who are no executives before it, the first 14 days before', () => {
    const events = [first('u1', 114), first('u2', 101), first('u3', 100.5)];
    expect(path(events)).toBe('bottom_up');
    expect(path([first('u1', 113.9), first('u2', 101), first('u3', 100.5)])).not.toBe('bottom_up');
    expect(path(events, [userRow('a', 'u3', { seniority: 'vp' })])).not.toBe('bottom_up');
  });

  it('is top-down with an executive among the first three, or half joining within a week', () => {
    const spread = [first('u1', 105), first('u2', 97), first('u3', 85), first('u4', 77)];
    const again = [first('u1', 90)];
    expect(path([...spread, ...again])).toBe('mixed'); // at most one of four within 7 days: 97, 85, 77 and 105
    expect(path([...spread, ...again], [userRow('a', 'u2', { seniority: 'founder' })])).toBe('top_down');
    expect(path([...spread, ...again, first('u5', 84)])).toBe('mixed'); // 2 of 5
    expect(path([first('u1', 99), first('u2', 93), first('u3', 80)])).toBe('top_down'); // 2 of 3
    expect(path([first('u0', 114.1), first('u1', 99), first('u2', 93)])).toBe('mixed'); // someone was early
  });

  it('leaves out activity in a trial, and waits for 30 days', () => {
    const trial = contractRow('a', daysAgo(130), 0, { kind: 'trial', ends: daysAgo(100) });
    const events = [first('u1', 120), first('u2', 101), first('u3', 100.5)];
    expect(path(events, [], [...contracts, trial])).toBe('mixed'); // nobody active after it, no executive
    const boss = [userRow('a', 'u1', { is_sponsor: true, to: daysAgo(110) })];
    expect(path(events, boss, [...contracts, trial])).toBe('top_down');
    const recent = smallWorld({ events: [first('u1', 5)], contracts: [contractRow('a', daysAgo(30), 1)] });
    expect(accountOf(recent)?.nulls['adoption_pathway']).toBe('not_yet');
  });
});

describe('service, voice and needs', () => {
  const ticket = (day: number, user: string | null = null): TicketRow => ({
    account_id: 'a',
    opened: daysAgo(day),
    ticket_id: `t${day}`,
    closed: null,
    priority: null,
    user_id: user,
    theme: null,
  });
  const answer = (day: number, score: number, user: string | null): NpsRow => ({
    account_id: 'a',
    time: daysAgo(day),
    score,
    response_id: `n${day}${score}${user}`,
    user_id: user,
    comment: null,
  });
  const need = (day: number, job: string, source: string | null, more: Partial<NeedRow> = {}): NeedRow => ({
    account_id: 'a',
    job,
    time: daysAgo(day),
    maturity: null,
    decision_process: null,
    success_criteria: null,
    integration_need: null,
    second_job: null,
    source,
    quote: null,
    coded_by: null,
    ...more,
  });

  it('counts tickets and help', () => {
    const world = smallWorld(
      {
        tickets: [ticket(30), ticket(10, 'u1'), ticket(31), ticket(60), ticket(61)],
        events: [act('u1', 'h', daysAgo(1)), act(null, 'h', daysAgo(2))],
      },
      { taxonomy: { features: [area('help', ['h'], { isHelp: true })], workflows: [], proxies: [], ignore: [] } },
    );
    expect(signalsOf(world)).toMatchObject({
      tickets_30d: 2,
      tickets_change_30d: 0,
      tickets_per_active_user_30d: 2,
      self_service_ratio_30d: 0.5,
    });
    expect(profileOf(world, AS_OF).users[0]?.signals['tickets_30d']).toBe(1);
  });

  it('takes the latest answer of each respondent, the lower of two at one instant', () => {
    const nps = [
      answer(20, 9, 'u1'),
      answer(10, 4, 'u1'),
      answer(10, 6, 'u1'),
      answer(5, 10, null),
      answer(6, 7, null),
      answer(181, 0, 'u2'),
    ];
    expect(signalsOf(smallWorld({ nps }))['nps_latest']).toBe(7);
    const accounts = [accountRow('a', { created: daysAgo(100) })];
    const early = [answer(40, 8, 'u1'), answer(10, 2, 'u1'), answer(41, 0, 'u1')]; // days 60, 90 and 59
    expect(signalsOf(smallWorld({ accounts, nps: early }))['nps_day_90']).toBe(5);
  });

  it('reads the job by order of source and the rest by time', () => {
    const needs = [
      need(50, 'reporting', 'interview', { maturity: 'new' }),
      need(40, 'platform', 'interview', { second_job: 'reporting' }),
      need(10, 'control', 'sales', { maturity: 'replacing', success_criteria: 'faster' }),
    ];
    const releases = [{ feature: 'f', time: daysAgo(90), jobs: ['reporting'] }];
    expect(signalsOf(smallWorld({ needs, releases }))).toMatchObject({
      job: 'platform',
      second_job: 'reporting',
      maturity: 'replacing',
      success_criteria: 'faster',
      second_job_released: 1,
    });
  });

  it('measures the sales cycle of the earliest-created opportunity that is won', () => {
    const stage = (id: string, created: number, won: number | null) => ({
      opportunity_id: id,
      account_id: 'a',
      time: daysAgo(won ?? created),
      stage: won === null ? 'lost' : 'won',
      created: daysAgo(created),
      won: won === null ? null : daysAgo(won),
      amount: null,
      kind: null,
      job: null,
    });
    const opportunities = [stage('o1', 90, null), stage('o2', 80, 10.5), stage('o3', 70, 60)];
    expect(signalsOf(smallWorld({ opportunities }))['sales_cycle_days']).toBe(69.5);
  });

  it('is realised when two users use an area of the job', () => {
    const jobs = [{ name: 'j', label: 'j', codebook: [], features: ['f'], place: { file: 'x' } }];
    const taxonomy = { features: [area('f', ['e'])], workflows: [], proxies: [], ignore: [] };
    const events = [act('u1', 'e', daysAgo(1)), act(null, 'e', daysAgo(1))];
    const needs = [need(5, 'j', null)];
    expect(signalsOf(smallWorld({ events, needs }, { jobs, taxonomy }))['job_realised']).toBe(0);
    const contracts = [contractRow('a', daysAgo(10), 1, { seats: 1 })];
    expect(signalsOf(smallWorld({ events, needs, contracts }, { jobs, taxonomy }))['job_realised']).toBe(1);
    const two = [...events, act('u2', 'e', onDay(2, 5))];
    expect(signalsOf(smallWorld({ events: two, needs }, { jobs, taxonomy }))['job_realised']).toBe(1);
  });
});
