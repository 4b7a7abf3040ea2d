import { DAY_MS, type History, type PastAccount, paperKey, type Reach } from '../src/evidence/history.ts';
import { outcomeAfter } from '../src/evidence/outcome.ts';
import type { Panel, PanelRow } from '../src/evidence/panel.ts';
import type { PanelSignal } from '../src/evidence/signal.ts';
import { type RandomStream, randomStream } from '../src/stats/random.ts';

/** How much is planted. */
export interface PastSize {
  readonly accounts: number;
  readonly landmarks: number;
  /** Events that could be milestones, and signals that could have a cut. */
  readonly candidates: number;
}

/** A past without an engine: the history, the panel of its last weeks, and the names of its signals. */
export interface PlantedPast {
  readonly history: History;
  readonly panel: Panel;
  readonly signals: readonly PanelSignal[];
}

const BEGIN = Date.UTC(2024, 0, 1);
const CREATED_WITHIN_DAYS = 364;
const WEEK_DAYS = 7;
const AGES = [14, 30, 60] as const;
const BANDS = ['smb', 'mid_market', 'enterprise'] as const;
const LEVELS = 100;
const SEED = 7;

/**
 * Accounts that leave at a steady rate, half as often where they did the first candidate early, and whose first signal
 * falls before they leave; all other candidates and signals mean nothing. Signals are whole numbers of 100 levels.
 */
export function plantPast({ accounts: count, landmarks: weeks, candidates }: PastSize): PlantedPast {
  const followedMs = BEGIN + (CREATED_WITHIN_DAYS + WEEK_DAYS * weeks) * DAY_MS;
  const accounts = Array.from({ length: count }, (_, number) => accountOf(number, candidates, followedMs));
  const papers = accounts.flatMap(({ accountId, createdMs }, number) =>
    AGES.map((age) => {
      const bands = { size_band: BANDS[number % BANDS.length] ?? 'smb' };
      return [paperKey(accountId, (createdMs ?? 0) + age * DAY_MS), { isEligible: true, bands }] as const;
    }),
  );
  const history: History = {
    throughMs: followedMs,
    followedMs,
    eventsFromMs: BEGIN,
    hasContracts: true,
    accounts,
    papers: new Map(papers),
  };
  const landmarks = Array.from({ length: weeks }, (_, week) => followedMs - (weeks - 1 - week) * WEEK_DAYS * DAY_MS);
  return { history, panel: panelOf(history, landmarks, candidates), signals: namesOf(candidates).map(signalOf) };
}

function namesOf(candidates: number): readonly string[] {
  return Array.from({ length: candidates }, (_, index) => `signal_${index}`);
}

function signalOf(name: string): PanelSignal {
  const facts = { isFlag: false, leak: null, isComposite: false, isOwn: false } as const;
  return { name, isNumber: true, dimension: 'behavioural', ...facts };
}

function accountOf(number: number, candidates: number, followedMs: number): PastAccount {
  const random = randomStream(SEED, 'account', number);
  const createdMs = BEGIN + Math.floor(random.next() * CREATED_WITHIN_DAYS) * DAY_MS;
  const reaches = Array.from({ length: candidates }, (_, index): Reach => {
    const first = createdMs + (random.exponential() * 60 + 0.5) * DAY_MS;
    return { kind: 'event', name: `event_${index}`, isProxy: false, times: [first], userTimes: [first] };
  });
  const isEarly = (reaches[0]?.times[0] ?? 0) < createdMs + 30 * DAY_MS;
  const churnMs = createdMs + (30 + random.exponential() * (isEarly ? 1_400 : 700)) * DAY_MS;
  const custom = {
    spells: [{ startMs: createdMs, churnedMs: churnMs < followedMs ? churnMs : null }],
    arr: [{ atMs: createdMs, arr: 1_000, isCustomer: true }],
    terms: [],
  };
  return {
    accountId: `a${String(number).padStart(5, '0')}`,
    createdMs,
    reaches,
    activeDays: [],
    linkedMs: [],
    apart: custom,
    linked: custom,
  };
}

function panelOf(history: History, landmarks: readonly number[], candidates: number): Panel {
  const { accounts } = history;
  const rows = landmarks.flatMap((landmarkMs, at) =>
    accounts.map((account, number): PanelRow => {
      const where = { index: at * accounts.length + number, accountId: account.accountId, cluster: number, landmarkMs };
      const outcome = outcomeAfter(history, account, landmarkMs);
      return { ...where, isEligible: true, home: 'Growth', raw: 'Growth', account, outcome };
    }),
  );
  const columns = new Map(
    namesOf(candidates).map(
      (name, index) => [name, columnOf(rows, accounts, index, randomStream(SEED, name))] as const,
    ),
  );
  return {
    landmarks,
    rows,
    numbers: (name) => {
      const column = columns.get(name);
      if (column === undefined) throw new Error(`the panel holds no column ${name}`);
      return column;
    },
    texts: (name) => {
      throw new Error(`the panel holds no column ${name}`);
    },
  };
}

const FALLS_DAYS = 90;

/** A level of the account's own with noise; the first signal falls before a churn. */
function columnOf(
  rows: readonly PanelRow[],
  accounts: readonly PastAccount[],
  index: number,
  random: RandomStream,
): Float64Array {
  const levels = accounts.map(() => random.next());
  return Float64Array.from(rows, ({ cluster, outcome }) => {
    const isFalling = index === 0 && outcome?.isChurned === true && outcome.days <= FALLS_DAYS;
    const value = 0.7 * (levels[cluster] ?? 0) + 0.3 * random.next() - (isFalling ? 0.4 : 0);
    return Math.floor(Math.min(1, Math.max(0, value)) * (LEVELS - 1));
  });
}
