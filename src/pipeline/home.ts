import type { Model } from '../definition/model.ts';
import { fisherExact } from '../stats/fisher.ts';
import { benjaminiHochberg } from '../stats/multiple_testing.ts';
import { wilsonInterval } from '../stats/proportion.ts';
import type { AccountRow } from './accounts.ts';
import type { Engines } from './engines.ts';
import { flowsBy, netOf } from './flow.ts';
import { sumArr } from './money.ts';
import { listMoves } from './moves.ts';

const DAY_MS = 86_400_000;
/** Over which segments' gains are told. */
const FLOW_DAYS = 30;
const MOST_LISTED = 8;
const Q_HOLDS = 0.05;
/** Fewest customers of a kind of which something is said. */
const FEWEST = 5;

/** An account as the three questions read it. */
export interface HomeAccount {
  readonly accountId: string;
  readonly name: string | null;
  readonly relationship: string;
  readonly eligible: boolean | null;
  readonly segment: string | null;
  /** ISO text. */
  readonly since: string | null;
  readonly home: string | null;
  readonly valueTier: string | null;
  readonly valueScore: number | null;
  readonly arr: number | null;
  readonly health: number | null;
  readonly csm: string | null;
  readonly archetype: string | null;
  readonly job: string | null;
  readonly firmographics: Readonly<Record<string, string | number | null>>;
}

/** A short list with what stands behind all of it. */
interface Listed {
  readonly accounts: readonly HomeAccount[];
  /** Of all, not only of those listed. */
  readonly total: number;
  readonly arr: number | null;
  readonly arrUnknown: number;
}

/** A kind of company, and how often its customers are among the best. */
interface Kind {
  readonly dimension: string;
  readonly value: string;
  readonly customers: number;
  readonly best: number;
  /** Of its customers, with a 95% interval. */
  readonly share: number;
  readonly interval: readonly [number, number];
  /** Of all other customers. */
  readonly elsewhere: number | null;
  /** After all kinds that were tried (Benjamini-Hochberg). */
  readonly q: number;
  readonly verdict: 'holds' | 'too_little_data';
  /** Prospects, trials and free accounts of this kind, inside the market as far as is known. */
  readonly open: number;
}

/** One segment: who is in it now, and what it gained in the last 30 days. */
interface HomeSegment {
  readonly name: string;
  readonly isOverlay: boolean;
  readonly accounts: number;
  readonly arr: number | null;
  readonly arrUnknown: number;
  readonly came: number;
  readonly left: number;
  readonly net: number;
}

/** The three questions (R136), and the segments behind them. */
export interface Home {
  readonly best: Listed;
  readonly atRisk: Listed;
  readonly more: { readonly kinds: readonly Kind[]; readonly tried: number; readonly customers: number };
  readonly segments: readonly HomeSegment[];
  readonly flowDays: number;
  /** Moves recorded as of the last 24 hours, the latest first. */
  readonly changes: {
    readonly since: string;
    readonly moves: readonly {
      readonly accountId: string;
      readonly name: string | null;
      readonly at: string;
      readonly from: string | null;
      readonly to: string | null;
      readonly cause: string;
    }[];
  };
}

/** An account of the recomputed list as the three questions read it. */
export function homeAccount(row: AccountRow): HomeAccount {
  return {
    ...{ accountId: row.account_id, name: row.name, relationship: row.relationship, eligible: row.eligible },
    ...{
      segment: row.segment,
      since: row.since,
      home: row.home,
      valueTier: row.value_tier,
      valueScore: row.value_score,
    },
    ...{ arr: row.arr, health: row.health, csm: row.csm, archetype: row.archetype, job: row.job },
    firmographics: row.firmographics,
  };
}

/** Answers the three questions of accounts as of an instant in milliseconds, with what was recorded up to it. */
export async function homeOf(
  engines: Pick<Engines, 'model' | 'ledger'>,
  accounts: readonly HomeAccount[],
  asOf: number,
): Promise<Home> {
  const { model } = engines;
  const flows = await flowsBy(engines, { period: 'day', since: asOf - FLOW_DAYS * DAY_MS, until: asOf + 1 });
  const net = netOf(flows.map((flow) => ({ ...flow, period: '' })));
  const since = asOf - DAY_MS;
  const moves = (await listMoves(engines, { since, until: asOf + 1 })).toReversed();
  const names = new Map(accounts.map(({ accountId, name }) => [accountId, name]));
  return {
    ...threeQuestions(model, accounts),
    segments: model.segments.map(({ name, isOverlay }) => {
      const { arr, unknown } = sumArr(accounts.filter(({ segment }) => segment === name).map((account) => account.arr));
      const { came = 0, left = 0, net: gained = 0 } = net.find(({ segment }) => segment === name) ?? {};
      const members = accounts.filter(({ segment }) => segment === name).length;
      return { name, isOverlay, accounts: members, arr, arrUnknown: unknown, came, left, net: gained };
    }),
    flowDays: FLOW_DAYS,
    changes: {
      since: new Date(since).toISOString(),
      moves: moves.map(({ account_id: accountId, at, from, to, cause }) => {
        const name = names.get(accountId) ?? null;
        return { accountId, name, at, from, to, cause };
      }),
    },
  };
}

/**
 * Who the best customers are, who is most at risk, and who there should be more of. Pure.
 *
 * Best: customers outside the overlay, by what they are worth. Most at risk: those in the overlay, by ARR. More of: kinds of
 * company whose customers are in the two highest value tiers more often than all others (one-sided Fisher, all kinds
 * that were tried corrected for); of fewer than five customers nothing is said.
 */
export function threeQuestions(model: Model, accounts: readonly HomeAccount[]): Pick<Home, 'best' | 'atRisk' | 'more'> {
  const overlays = new Set(model.segments.filter(({ isOverlay }) => isOverlay).map(({ name }) => name));
  const customers = accounts.filter(({ relationship }) => relationship === 'customer');
  const isAtRisk = ({ segment }: HomeAccount): boolean => segment !== null && overlays.has(segment);
  const steady = customers.filter((account) => !isAtRisk(account) && account.valueScore !== null);
  return {
    best: listed(steady, ({ valueScore }) => valueScore),
    atRisk: listed(customers.filter(isAtRisk), ({ arr }) => arr),
    more: kindsOf(model, accounts, customers),
  };
}

function listed(accounts: readonly HomeAccount[], worth: (account: HomeAccount) => number | null): Listed {
  const { arr, unknown } = sumArr(accounts.map((account) => account.arr));
  const sorted = accounts.toSorted(
    (a, b) => (worth(b) ?? -Infinity) - (worth(a) ?? -Infinity) || (a.accountId < b.accountId ? -1 : 1),
  );
  return { accounts: sorted.slice(0, MOST_LISTED), total: accounts.length, arr, arrUnknown: unknown };
}

const OPEN: ReadonlySet<string> = new Set(['prospect', 'trial', 'free']);

function kindsOf(model: Model, accounts: readonly HomeAccount[], customers: readonly HomeAccount[]): Home['more'] {
  const top = new Set(model.value.tiers.slice(0, 2).map(({ name }) => name));
  const ranked = customers.filter(({ valueTier }) => valueTier !== null);
  const isBest = ({ valueTier }: HomeAccount): boolean => valueTier !== null && top.has(valueTier);
  const dimensions: readonly (readonly [string, (account: HomeAccount) => string | null])[] = [
    ...[...new Set(['industry', 'country', ...model.bands.map(({ name }) => name)])].map(
      (name) => [name, (account: HomeAccount) => textOf(account.firmographics[name])] as const,
    ),
    ['job', ({ job }) => job],
  ];
  const bestInAll = ranked.filter(isBest).length;
  const tried = dimensions.flatMap(([dimension, of]) => {
    const values = new Set(ranked.flatMap((account) => of(account) ?? []));
    return [...values].sort().flatMap((value) => {
      const members = ranked.filter((account) => of(account) === value);
      const best = members.filter(isBest).length;
      const others = ranked.length - members.length;
      if (members.length < FEWEST || others < FEWEST) return [];
      const open = accounts.filter((a) => OPEN.has(a.relationship) && a.eligible !== false && of(a) === value).length;
      const rest = bestInAll - best;
      const p = fisherExact({ a: best, b: members.length - best, c: rest, d: others - rest }, 'greater');
      const interval = wilsonInterval({ successes: best, trials: members.length }) ?? [0, 1];
      const share = best / members.length;
      return [
        { dimension, value, customers: members.length, best, share, interval, elsewhere: rest / others, open, p },
      ];
    });
  });
  const qs = benjaminiHochberg(tried.map(({ p }) => p));
  const kinds = tried.map(({ p: _, ...kind }, index): Kind => {
    const q = qs[index] ?? 1;
    return { ...kind, q, verdict: q <= Q_HOLDS ? 'holds' : 'too_little_data' };
  });
  const byEvidence = kinds.toSorted((a, b) => a.q - b.q || b.share - a.share || b.customers - a.customers);
  return { kinds: byEvidence.slice(0, MOST_LISTED), tried: tried.length, customers: ranked.length };
}

const textOf = (value: string | number | null | undefined): string | null =>
  value === null || value === undefined || value === '' ? null : String(value);
