import { DAY_MS, type PastAccount } from '../../src/evidence/history.ts';
import { outcomeAfter } from '../../src/evidence/outcome.ts';
import type { Panel, PanelRow } from '../../src/evidence/panel.ts';
import type { PanelSignal } from '../../src/evidence/signal.ts';
import { type RandomStream, randomStream } from '../../src/stats/random.ts';

/** What is planted in a small world without an engine. */
export interface Planted {
  readonly seed: number;
  readonly accounts: number;
  readonly days: number;
  readonly everyDays: number;
  readonly yearlyChurn: number;
  /** Share of those who leave whose use falls before; 0: nothing tells. */
  readonly declineShare: number;
  /** Days before churn at which use begins to fall, from the first to the last; it takes 60 days to reach 30%. */
  readonly declineFrom: readonly [number, number];
  /** Signals that mean nothing. */
  readonly noise: number;
}

/** A planted world: the panel, and when the use of each account that declined began to fall, days before churn. */
export interface SmallWorld {
  readonly panel: Panel;
  readonly signals: readonly PanelSignal[];
  readonly leads: ReadonlyMap<string, number>;
}

const START = Date.UTC(2024, 0, 1);
const FLOOR = 0.3;
const OVER_DAYS = 60;

/**
 * Accounts with `use` (falls before churn where planted), `size_band`, `industry`, `employees` and noise signals that
 * drift within the account, each account its own level.
 */
export function smallWorld(planted: Planted): SmallWorld {
  const { days, everyDays } = planted;
  const followedMs = START + days * DAY_MS;
  const leads = new Map<string, number>();
  const rows: PanelRow[] = [];
  const columns = new Map<string, number[]>();
  const texts = new Map<string, string[]>();
  const put = <Value>(of: Map<string, Value[]>, name: string, value: Value): void => {
    const list = of.get(name);
    if (list === undefined) of.set(name, [value]);
    else list.push(value);
  };
  const lives = Array.from({ length: planted.accounts }, (_, number) => lifeOf(planted, number, leads, followedMs));
  const landmarks = Array.from({ length: Math.floor((days - 60) / everyDays) }, (_, k) => {
    return followedMs - (Math.floor((days - 60) / everyDays) - k) * everyDays * DAY_MS;
  });
  const history = historyOf(
    lives.map(({ account }) => account),
    followedMs,
  );
  for (const landmarkMs of landmarks) {
    for (const [number, { account, useAt, level, random, band, industry, employees }] of lives.entries()) {
      if ((account.createdMs ?? 0) >= landmarkMs) continue;
      const outcome = outcomeAfter(history, account, landmarkMs);
      rows.push({
        index: rows.length,
        accountId: account.accountId,
        cluster: number,
        landmarkMs,
        isEligible: true,
        home: 'Growth',
        raw: 'Growth',
        account,
        outcome,
      });
      put(columns, 'use', useAt(landmarkMs) + 0.08 * random.normal());
      put(columns, 'employees', employees);
      put(columns, 'account_age_days', Math.floor((landmarkMs - (account.createdMs ?? 0)) / DAY_MS));
      for (let noise = 0; noise < planted.noise; noise += 1) {
        put(columns, `noise_${noise}`, (level[noise] ?? 0) + 0.5 * random.normal());
      }
      put(texts, 'size_band', band);
      put(texts, 'industry', industry);
      put(texts, 'csm', number % 2 === 0 ? 'ada' : 'bo');
    }
  }
  const found = <Value>(of: ReadonlyMap<string, Value>, name: string): Value => {
    const values = of.get(name);
    if (values === undefined) throw new Error(`the panel holds no column ${name}`);
    return values;
  };
  const floats = new Map([...columns].map(([name, values]) => [name, Float64Array.from(values)]));
  const panel = {
    landmarks,
    rows,
    numbers: (name: string) => found(floats, name),
    texts: (name: string) => found(texts, name),
  };
  return { panel, signals: signalsOf([...columns.keys()]), leads };
}

function signalsOf(numbers: readonly string[]): readonly PanelSignal[] {
  const bare = { isFlag: false, isComposite: false, isOwn: false, leak: null };
  const firmographic = { ...bare, dimension: 'firmographic' } as const;
  return [
    ...numbers.map((name): PanelSignal => {
      if (name === 'employees') return { ...firmographic, name, isNumber: true };
      if (name === 'account_age_days') return { ...bare, name, isNumber: true, dimension: 'lifecycle', leak: 'tenure' };
      return { ...bare, name, isNumber: true, dimension: 'behavioural' };
    }),
    { ...firmographic, name: 'size_band', isNumber: false },
    { ...firmographic, name: 'industry', isNumber: false },
  ];
}

interface Life {
  readonly account: PastAccount;
  readonly useAt: (atMs: number) => number;
  readonly level: readonly number[];
  readonly random: RandomStream;
  readonly band: string;
  readonly industry: string;
  readonly employees: number;
}

function lifeOf(planted: Planted, number: number, leads: Map<string, number>, followedMs: number): Life {
  const random = randomStream(planted.seed, 'life', number);
  const accountId = `a${String(number).padStart(5, '0')}`;
  const createdMs = START + Math.floor(random.next() ** 2 * 0.8 * planted.days) * DAY_MS;
  const churnMs = createdMs + (90 + Math.floor((random.exponential() * 365) / planted.yearlyChurn)) * DAY_MS;
  const isChurned = churnMs < followedMs;
  const [least, most] = planted.declineFrom;
  const lead = random.next() < planted.declineShare ? least + Math.floor(random.next() * (most - least)) : null;
  if (isChurned && lead !== null) leads.set(accountId, lead);
  const fallsMs = lead === null ? Number.POSITIVE_INFINITY : churnMs - lead * DAY_MS;
  const level = Array.from({ length: planted.noise }, () => random.normal());
  const employees = Math.round(Math.exp(3 + 3 * random.next()));
  const terms = Array.from({ length: 40 }, (_, k) => ({
    endsMs: createdMs + (k + 1) * 30 * DAY_MS,
    knownMs: createdMs,
  }));
  const custom = {
    spells: [{ startMs: createdMs, churnedMs: isChurned ? churnMs : null }],
    arr: [{ atMs: createdMs, arr: 1000, isCustomer: true }],
    terms,
  };
  return {
    account: { accountId, createdMs, reaches: [], activeDays: [], linkedMs: [], apart: custom, linked: custom },
    useAt: (atMs) => {
      const fallen = Math.min(1, Math.max(0, (atMs - fallsMs) / (OVER_DAYS * DAY_MS)));
      return 1 - (1 - FLOOR) * fallen;
    },
    level,
    random,
    band: employees < 100 ? 'smb' : 'mid_market',
    industry: ['fintech', 'saas', 'retail'][number % 3] ?? 'saas',
    employees,
  };
}

function historyOf(accounts: readonly PastAccount[], followedMs: number) {
  return {
    throughMs: followedMs,
    followedMs,
    eventsFromMs: START,
    hasContracts: true,
    accounts,
    papers: new Map(),
  };
}
