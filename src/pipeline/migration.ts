import { z } from 'zod';
import type { Model } from '../definition/model.ts';
import { readAnswers } from '../segment/answer.ts';
import type { AccountRow } from './accounts.ts';
import type { Engines } from './engines.ts';
import { recordedBefore } from './moves.ts';

/** Accounts that went from one segment to another over a period, each once, by where it was at both ends. */
interface MigrationFlow {
  /** Null: in no segment. */
  readonly from: string | null;
  readonly to: string | null;
  readonly accounts: number;
  /** What they pay at the end; null where the ARR of none is known. */
  readonly arr: number | null;
  readonly arr_unknown: number;
}

/** What a segment had, gained and lost over a period. */
interface MigrationSegment {
  readonly name: string;
  readonly at_start: number;
  readonly came: number;
  readonly left: number;
  readonly at_end: number;
  /** ARR that came less ARR that left, of what is known. */
  readonly net_arr: number;
}

/** An account that is on its way: its cohort has turned in the period, or it still holds while its use turns. */
export interface Heading {
  readonly account_id: string;
  readonly name: string | null;
  readonly segment: string | null;
  readonly arr: number | null;
  readonly cohort_before: string | null;
  readonly cohort: string | null;
  readonly direction: string | null;
  /** `turned`: its cohort is another than at the start. `turning`: the cohort is the same, and its use grows or declines. */
  readonly kind: 'turned' | 'turning';
}

/** The flow of accounts between segments over a period (R134), and who moves where (R135): `moves flow --json`. */
export interface Migration {
  readonly since: string;
  readonly until: string;
  readonly flows: readonly MigrationFlow[];
  readonly segments: readonly MigrationSegment[];
  /** Recorded moves in the period, by cause. */
  readonly causes: readonly { readonly cause: string; readonly moves: number }[];
  readonly toward_power: readonly Heading[];
  readonly toward_at_risk: readonly Heading[];
}

/** What is said of an account at the end of the period. */
export interface Said {
  readonly accountId: string;
  readonly name: string | null;
  readonly arr: number | null;
  readonly segment: string | null;
  readonly cohort: string | null;
  readonly direction: string | null;
}

/** Milliseconds: from the start, included, to the end, excluded. */
export interface Span {
  readonly since: number;
  readonly until: number;
}

/** Cohorts from the best down; a fall is a step to one further down. */
const RANK: readonly string[] = ['Power User', 'Steady State', 'At Risk', 'Dormant'];
const EVERYBODY = 10_000_000;

/** Where accounts were recorded at both ends of a period, and which are heading up or down; `said`: what is said of each now. */
export async function migration(engines: Engines, said: readonly Said[], span: Span): Promise<Migration> {
  const { since, until } = span;
  const at = async (asOf: number): Promise<ReadonlyMap<string, string | null>> => {
    const rows = await recordedBefore(engines, { asOf, after: null, limit: EVERYBODY });
    return new Map(rows.map(({ account_id, to }) => [account_id, to]));
  };
  const [start, end, causes, before] = await Promise.all([
    at(since),
    at(until),
    causesIn(engines, span),
    cohortsAt(engines, since),
  ]);
  const known = new Map(said.map((each) => [each.accountId, each]));
  const steps = [...new Set([...start.keys(), ...end.keys()])].flatMap((accountId): readonly Step[] => {
    const [from, to] = [start.get(accountId) ?? null, end.get(accountId) ?? null];
    return from === null && to === null ? [] : [{ from, to, arr: known.get(accountId)?.arr ?? null }];
  });
  const headings = said.flatMap((each) => headingOf(each, before.get(each.accountId) ?? null));
  return {
    since: new Date(since).toISOString(),
    until: new Date(until).toISOString(),
    flows: flowsOf(steps),
    segments: segmentsOf(engines.model, steps),
    causes,
    toward_power: headings.filter(({ isUp }) => isUp).map(({ heading }) => heading),
    toward_at_risk: headings.filter(({ isUp }) => !isUp).map(({ heading }) => heading),
  };
}

/** What is said of accounts in a list of them. */
export function saidOf(accounts: readonly AccountRow[]): readonly Said[] {
  return accounts.map(({ account_id: accountId, name, arr, segment, cohort, direction }) => ({
    ...{ accountId, name, arr, segment, cohort, direction },
  }));
}

interface Step {
  readonly from: string | null;
  readonly to: string | null;
  readonly arr: number | null;
}

function flowsOf(steps: readonly Step[]): readonly MigrationFlow[] {
  const flows = new Map<string, { from: string | null; to: string | null; arrs: (number | null)[] }>();
  for (const { from, to, arr } of steps) {
    const key = JSON.stringify([from, to]);
    const flow = flows.get(key) ?? { from, to, arrs: [] };
    flow.arrs.push(arr);
    flows.set(key, flow);
  }
  return [...flows.values()]
    .map(({ from, to, arrs }) => {
      const known = arrs.filter((arr) => arr !== null);
      const arr = known.length === 0 ? null : known.reduce((sum, each) => sum + each, 0);
      return { from, to, accounts: arrs.length, arr, arr_unknown: arrs.length - known.length };
    })
    .sort((a, b) => b.accounts - a.accounts || compare(JSON.stringify([a.from, a.to]), JSON.stringify([b.from, b.to])));
}

function segmentsOf({ segments }: Model, steps: readonly Step[]): readonly MigrationSegment[] {
  const names = [...new Set([...segments.map(({ name }) => name), ...steps.flatMap(({ from, to }) => [from, to])])];
  return names.flatMap((name): readonly MigrationSegment[] => {
    if (name === null) return [];
    const came = steps.filter(({ from, to }) => to === name && from !== name);
    const left = steps.filter(({ from, to }) => from === name && to !== name);
    const sum = (moved: readonly Step[]): number => moved.reduce((total, { arr }) => total + (arr ?? 0), 0);
    return [
      {
        name,
        at_start: steps.filter(({ from }) => from === name).length,
        came: came.length,
        left: left.length,
        at_end: steps.filter(({ to }) => to === name).length,
        net_arr: sum(came) - sum(left),
      },
    ];
  });
}

async function causesIn({ ledger }: Engines, { since, until }: Span): Promise<Migration['causes']> {
  return ledger.query(
    'SELECT cause, count(*)::int AS moves FROM moves WHERE at >= $1 AND at < $2 GROUP BY cause ORDER BY moves DESC, cause',
    [new Date(since), new Date(until)],
    z.object({ cause: z.string(), moves: z.number() }),
  );
}

const DAY_MS = 86_400_000;

/** Cohorts on the first midnight from an instant on of which there are answers. */
async function cohortsAt({ warehouse, model }: Engines, since: number): Promise<ReadonlyMap<string, string | null>> {
  const [row] = await warehouse.rows(
    `SELECT toUnixTimestamp64Milli(min(a.as_of)) AS day FROM ${warehouse.database}.answers AS a
    WHERE model_version = {version:String} AND a.as_of >= fromUnixTimestamp64Milli(toInt64(${since}), 'UTC')
      AND toUnixTimestamp64Milli(a.as_of) % ${DAY_MS} = 0`,
    z.object({ day: z.coerce.number() }),
    { parameters: { version: model.version } },
  );
  if (row === undefined || row.day === 0) return new Map();
  const answers = await readAnswers(warehouse, model.version, row.day, row.day);
  return new Map(answers.map(({ accountId, cohort }) => [accountId, cohort]));
}

function headingOf(
  { accountId, name, arr, segment, cohort, direction }: Said,
  before: string | null,
): readonly { readonly isUp: boolean; readonly heading: Heading }[] {
  if (segment === null || cohort === null) return [];
  const turn = directionOf({ cohort, before, direction });
  if (turn === null) return [];
  const { isUp, kind } = turn;
  return [
    { isUp, heading: { account_id: accountId, name, segment, arr, cohort_before: before, cohort, direction, kind } },
  ];
}

function directionOf({
  cohort,
  before,
  direction,
}: {
  readonly cohort: string;
  readonly before: string | null;
  readonly direction: string | null;
}): { readonly isUp: boolean; readonly kind: Heading['kind'] } | null {
  const [now, then] = [RANK.indexOf(cohort), before === null ? -1 : RANK.indexOf(before)];
  if (cohort === RANK[0] && then > 0) return { isUp: true, kind: 'turned' };
  if (now >= 2 && then >= 0 && then < 2) return { isUp: false, kind: 'turned' };
  if (cohort === RANK[1] && direction === 'growing') return { isUp: true, kind: 'turning' };
  if (now >= 0 && now < 2 && direction === 'declining') return { isUp: false, kind: 'turning' };
  return null;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
