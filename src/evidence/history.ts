import { z } from 'zod';
import type { Warehouse } from '../warehouse/warehouse.ts';

/** A spell as a customer; instants in milliseconds. `churnedMs` null: it lasts. */
export interface Spell {
  readonly startMs: number;
  readonly churnedMs: number | null;
}

/** What an account pays from the midnight `atMs` to the next step; `arr` null: no customer, or unknown. */
export interface ArrStep {
  readonly atMs: number;
  readonly arr: number | null;
  readonly isCustomer: boolean;
}

/** What became of one account as a customer; each list by time. */
export interface Custom {
  readonly spells: readonly Spell[];
  readonly arr: readonly ArrStep[];
  /** Ends of terms on paper, and when each was known. */
  readonly terms: readonly { readonly endsMs: number; readonly knownMs: number }[];
}

/** Something that could be a milestone, and when an account first did it: its first moments, and those of its first users. */
export interface Reach {
  readonly kind: 'event' | 'area' | 'workflow' | 'milestone';
  readonly name: string;
  readonly isProxy: boolean;
  readonly times: readonly number[];
  readonly userTimes: readonly number[];
}

/** One account of the past. */
export interface PastAccount {
  readonly accountId: string;
  /** Null where no fact says when it was created. */
  readonly createdMs: number | null;
  readonly reaches: readonly Reach[];
  /** Numbers of UTC days with an activity, ascending. */
  readonly activeDays: readonly number[];
  /** Instants at which it was declared to be merged or renamed, ascending. */
  readonly linkedMs: readonly number[];
  /** By itself; and with what was merged into it. The same where nothing was. */
  readonly apart: Custom;
  readonly linked: Custom;
}

/** What accounts were on paper at an instant of their own. */
interface Paper {
  readonly isEligible: boolean | null;
  /** By name of the band; null where it is unknown. */
  readonly bands: Readonly<Record<string, string | null>>;
}

/** Everything that happened before `throughMs`, as analyses look at it. */
export interface History {
  readonly throughMs: number;
  /** End of follow-up: an account that was a customer until then is censored there. */
  readonly followedMs: number;
  readonly eventsFromMs: number | null;
  readonly hasContracts: boolean;
  readonly accounts: readonly PastAccount[];
  /** Firmographics by `paperKey`. */
  readonly papers: ReadonlyMap<string, Paper>;
}

/** Key of an account at an instant, milliseconds. */
export function paperKey(accountId: string, atMs: number): string {
  return `${accountId} ${atMs}`;
}

/** Names of the tables to read, as the pipeline had them built. */
export interface HistorySource {
  readonly accounts: string;
  readonly reaches: string;
  readonly firmographics: string;
  readonly activeDays: string;
  readonly links: string;
  readonly apart: CustomSource;
  readonly linked: CustomSource;
  readonly hasContracts: boolean;
  readonly eventsFrom: number | null;
}

interface CustomSource {
  readonly spells: string;
  readonly arr: string;
  readonly terms: string;
}

const ms = z.coerce.number();
const accountSchema = z.object({ account_id: z.string(), created_ms: ms.nullable(), is_assumed: ms });
const reachSchema = z.object({
  account_id: z.string(),
  kind: z.enum(['event', 'area', 'workflow', 'milestone']),
  name: z.string(),
  is_proxy: ms,
  times: z.array(ms),
  user_times: z.array(ms),
});
const daysSchema = z.object({ account_id: z.string(), days: z.array(ms) });
const linkSchema = z.object({ account_id: z.string(), at: z.array(ms) });
const spellSchema = z.object({ account_id: z.string(), spells: z.array(z.tuple([ms, ms])) });
const arrSchema = z.object({ account_id: z.string(), t: ms, arr: z.number().nullable(), is_customer: ms });
const termSchema = z.object({ account_id: z.string(), terms: z.array(z.tuple([ms, ms])) });
const paperSchema = z
  .object({ account_id: z.string(), at_ms: ms, eligible: ms.nullable() })
  .catchall(z.string().nullable());

/**
 * Reads the history of all accounts, by account id.
 *
 * Without a contract source follow-up ends `inactiveDays` before `throughMs`: a later silence could not be told yet.
 */
export async function readHistory(
  warehouse: Warehouse,
  source: HistorySource,
  throughMs: number,
  inactiveDays: number,
): Promise<History> {
  const { accounts, reaches, activeDays, links } = source;
  const listed = await warehouse.rows(`SELECT * FROM ${accounts} ORDER BY account_id`, accountSchema);
  const reached = groupBy(await warehouse.rows(`SELECT * FROM ${reaches} ORDER BY kind, name`, reachSchema));
  const days = byAccount(await warehouse.rows(`SELECT account_id, days FROM ${activeDays}`, daysSchema));
  const linkSql = `SELECT account_id, arraySort(groupArray(at_ms)) AS at FROM ${links} GROUP BY account_id`;
  const linkedAt = byAccount(await warehouse.rows(linkSql, linkSchema));
  const apart = await readCustom(warehouse, source.apart);
  const linked = source.linked.spells === source.apart.spells ? apart : await readCustom(warehouse, source.linked);
  return {
    throughMs,
    followedMs: source.hasContracts ? throughMs : throughMs - inactiveDays * DAY_MS,
    eventsFromMs: source.eventsFrom,
    hasContracts: source.hasContracts,
    papers: await readPapers(warehouse, source.firmographics),
    accounts: listed.map(({ account_id, created_ms, is_assumed }) => ({
      accountId: account_id,
      createdMs: is_assumed === 1 ? null : created_ms,
      reaches: (reached.get(account_id) ?? []).map((row) => ({
        kind: row.kind,
        name: row.name,
        isProxy: row.is_proxy === 1,
        times: row.times,
        userTimes: row.user_times,
      })),
      activeDays: days.get(account_id)?.days ?? [],
      linkedMs: linkedAt.get(account_id)?.at ?? [],
      apart: apart.get(account_id) ?? NO_CUSTOM,
      linked: linked.get(account_id) ?? NO_CUSTOM,
    })),
  };
}

/** Milliseconds of a day. */
export const DAY_MS = 86_400_000;

const NO_CUSTOM: Custom = { spells: [], arr: [], terms: [] };

async function readCustom(warehouse: Warehouse, source: CustomSource): Promise<ReadonlyMap<string, Custom>> {
  const spells = await warehouse.rows(
    `SELECT account_id, arraySort(groupArray((start_ms, ifNull(churned_ms, -1)))) AS spells FROM ${source.spells} GROUP BY account_id`,
    spellSchema,
  );
  const steps = groupBy(
    await warehouse.rows(`SELECT account_id, t, arr, is_customer FROM ${source.arr} ORDER BY account_id, t`, arrSchema),
  );
  const terms = byAccount(
    await warehouse.rows(
      `SELECT account_id, arraySort(groupArray((term_ends_ms, known_ms))) AS terms FROM ${source.terms} GROUP BY account_id`,
      termSchema,
    ),
  );
  const ids = new Set([...spells.map((row) => row.account_id), ...steps.keys()]);
  const spellsOf = byAccount(spells);
  return new Map(
    [...ids].map((id) => [
      id,
      {
        spells: (spellsOf.get(id)?.spells ?? []).map(([startMs, end]) => ({
          startMs,
          churnedMs: end === -1 ? null : end,
        })),
        arr: (steps.get(id) ?? []).map((row) => ({ atMs: row.t, arr: row.arr, isCustomer: row.is_customer === 1 })),
        terms: (terms.get(id)?.terms ?? []).map(([endsMs, knownMs]) => ({ endsMs, knownMs })),
      },
    ]),
  );
}

async function readPapers(warehouse: Warehouse, table: string): Promise<ReadonlyMap<string, Paper>> {
  const rows = await warehouse.rows(`SELECT * FROM ${table}`, paperSchema);
  return new Map(
    rows.map(({ account_id, at_ms, eligible, ...bands }) => [
      paperKey(account_id, at_ms),
      { isEligible: eligible === null ? null : eligible === 1, bands },
    ]),
  );
}

function byAccount<Row extends { readonly account_id: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row.account_id, row]));
}

function groupBy<Row extends { readonly account_id: string }>(rows: readonly Row[]): ReadonlyMap<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.account_id);
    if (group === undefined) groups.set(row.account_id, [row]);
    else group.push(row);
  }
  return groups;
}
