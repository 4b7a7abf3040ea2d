import type { FeatureArea } from '../../src/definition/model.ts';
import type { FactTableName } from '../../src/model/table.ts';
import { acceptedFacts } from './acceptance.ts';
import { type ContractVersion, paidContracts, versionOf } from './contracts.ts';
import { coverageOf, earliest, instantOf, sourcesOf } from './coverage.ts';
import { millis } from './instants.ts';
import { byCodePoint, distinct } from './numbers.ts';
import { resolveAccount, resolveUser } from './resolution.ts';
import type {
  AccountRow,
  CostRow,
  EventRow,
  Facts,
  MeterRow,
  NeedRow,
  NoteRow,
  NpsRow,
  OpportunityRow,
  ReleaseRow,
  TicketRow,
  TouchRow,
  UserRow,
} from './rows.ts';
import type { World } from './world.ts';

/** An event of an account that counts: accepted, neither excluded nor ignored, attributed, before T. */
export interface Happening {
  readonly name: string;
  readonly time: number;
  readonly user: string | null;
  readonly row: EventRow;
}

/** An event with a user. */
export interface Activity extends Happening {
  readonly user: string;
}

/** A users row begun by T; `to` is infinite while it has not come. */
export interface PersonRow {
  readonly user: string;
  readonly from: number;
  readonly to: number;
  readonly row: UserRow;
}

/** One account and all its facts before T; every user and account identifier is resolved as of T. */
export interface AccountView {
  readonly id: string;
  readonly row: AccountRow | null;
  readonly created: number | null;
  readonly isCreatedAssumed: boolean;
  /** By time. */
  readonly events: readonly Happening[];
  /** By time. */
  readonly activity: readonly Activity[];
  readonly people: readonly PersonRow[];
  readonly contracts: readonly ContractVersion[];
  readonly tickets: readonly (TicketRow & { readonly user: string | null })[];
  readonly nps: readonly (NpsRow & { readonly user: string | null })[];
  readonly touches: readonly (TouchRow & { readonly user: string | null })[];
  readonly costs: readonly CostRow[];
  readonly needs: readonly NeedRow[];
  readonly opportunities: readonly OpportunityRow[];
  readonly meters: readonly MeterRow[];
  readonly notes: readonly NoteRow[];
}

/** The world as of `at`: only facts before it, and what was connected and covered then. */
export interface View {
  readonly at: number;
  readonly world: World;
  /** Accounts that exist as of `at` and are not excluded, by identifier. */
  readonly accounts: readonly AccountView[];
  readonly releases: readonly ReleaseRow[];
  readonly isConnected: (table: FactTableName) => boolean;
  /** Start of what the table covers, -Infinity where it covers all time. */
  readonly coversFrom: (table: FactTableName) => number;
  /** Whether any event before `at` has a user. */
  readonly eventsCarryUsers: boolean;
  /** Start of what the sources of events with users cover. */
  readonly usersCoverFrom: number;
}

/** The feature areas that an event belongs to. */
export function areasOf(world: World, event: Happening): FeatureArea[] {
  return world.model.taxonomy.features.filter((area) => {
    const condition = world.predicates.features[area.name];
    return area.events.includes(event.name) && (condition === undefined || condition(event.row));
  });
}

/** The users of an account: all who have a users row begun by T or an activity in it, by identifier. */
export function usersOf(account: AccountView): string[] {
  return distinct([...account.people.map((row) => row.user), ...account.activity.map((event) => event.user)]).sort(
    byCodePoint,
  );
}

/** The row that tells a person's role as of T: the latest begun, even if it has ended. */
export function currentRow(account: AccountView, user: string): PersonRow | null {
  let latest: PersonRow | null = null;
  for (const row of account.people) {
    if (row.user === user && (latest === null || row.from > latest.from)) latest = row;
  }
  return latest;
}

interface Resolved<Row> {
  readonly account: string;
  readonly user: string | null;
  readonly row: Row;
}

/** Everything needed to resolve facts as of an instant. */
interface Resolution {
  readonly account: (id: string | null) => string | null;
  readonly user: (id: string | null) => string | null;
  readonly excludedUsers: ReadonlySet<string>;
}

function before<Row>(rows: readonly Row[], table: FactTableName, at: number): Row[] {
  return rows.filter((row) => (instantOf(table, row) ?? Number.NEGATIVE_INFINITY) < at);
}

function resolved<Row extends { readonly account_id: string; readonly user_id?: string | null }>(
  rows: readonly Row[],
  resolution: Resolution,
): Resolved<Row>[] {
  return rows
    .map((row) => ({
      account: resolution.account(row.account_id) ?? row.account_id,
      user: resolution.user(row.user_id ?? null),
      row,
    }))
    .filter((fact) => fact.user === null || !resolution.excludedUsers.has(fact.user));
}

function excludedUsers(world: World, users: readonly UserRow[], user: Resolution['user']): Set<string> {
  const isExcluded = world.predicates.excludeUser;
  if (isExcluded === null) return new Set();
  return new Set(users.filter(isExcluded).map((row) => user(row.user_id) ?? row.user_id));
}

/** The account of an event: the one it names, else the only one whose users row of that user holds at its time. */
function accountOf(event: EventRow, people: readonly Resolved<UserRow>[], resolution: Resolution): string | null {
  const named = resolution.account(event.account_id);
  if (named !== null) return named;
  const user = resolution.user(event.user_id);
  const time = millis(event.time);
  const holding = people.filter(
    (person) =>
      person.user === user &&
      (person.row.from === null || millis(person.row.from) <= time) &&
      (person.row.to === null || time < millis(person.row.to)),
  );
  const accounts = distinct(holding.map((person) => person.account));
  return accounts.length === 1 ? (accounts[0] ?? null) : null;
}

/** The account's declared row: its own, else that of the smallest account that went into it. */
function rowOf(id: string, rows: readonly AccountRow[], resolution: Resolution): AccountRow | null {
  const own = rows.find((row) => row.account_id === id);
  if (own !== undefined) return own;
  const gone = rows.filter((row) => resolution.account(row.account_id) === id);
  return gone.sort((a, b) => byCodePoint(a.account_id, b.account_id))[0] ?? null;
}

/** The world as of `at`. */
export function viewOf(world: World, at: number): View {
  const accepted = acceptedFacts(world.facts);
  const resolution = resolutionOf(world, accepted, at);
  const { ignore } = world.model.taxonomy;
  const people = resolved(before(accepted.users, 'users', at), resolution);
  const seen = before(accepted.events, 'events', at)
    .filter((event) => !ignore.includes(event.event))
    .map((row) => ({ row, user: resolution.user(row.user_id) }))
    .filter((event) => event.user === null || !resolution.excludedUsers.has(event.user));
  const attributed = seen.flatMap(({ row, user }) => {
    const account = accountOf(row, people, resolution);
    return account === null ? [] : [{ row, user, account }];
  });
  const tables = tablesOf(accepted, at, resolution);
  const named: Named[] = [
    ...people.map((person) => ({ account: person.account, time: millis(person.row.from) })),
    ...seen.flatMap(({ row }) => {
      const account = resolution.account(row.account_id);
      return account === null ? [] : [{ account, time: millis(row.time) }];
    }),
    ...Object.entries(tables).flatMap(([table, facts]) =>
      facts.map((fact) => ({ account: fact.account, time: instantOf(table as FactTableName, fact.row) })),
    ),
  ];
  const accounts = listedAccounts(world, accepted, at, resolution, named).map((account) => ({
    ...account,
    events: attributed
      .filter((event) => event.account === account.id)
      .map(({ row, user }) => ({ name: row.event, time: millis(row.time), user, row }))
      .sort((a, b) => a.time - b.time),
    people: people
      .filter((person) => person.account === account.id)
      .map(({ row, user }) => ({
        user: user ?? row.user_id,
        from: millis(row.from) ?? Number.NEGATIVE_INFINITY,
        to: row.to === null || millis(row.to) >= at ? Number.POSITIVE_INFINITY : millis(row.to),
        row,
      })),
    contracts: tables.contracts
      .filter((fact) => fact.account === account.id)
      .map((fact) => versionOf(fact.row, accepted.rates, world.model.currency, accepted.contracts.indexOf(fact.row))),
    tickets: factsOf(tables.tickets, account.id),
    nps: factsOf(tables.nps, account.id),
    touches: factsOf(tables.touches, account.id),
    costs: factsOf(tables.costs, account.id),
    needs: factsOf(tables.needs, account.id),
    opportunities: factsOf(tables.opportunities, account.id),
    meters: factsOf(tables.meters, account.id),
    notes: factsOf(tables.notes, account.id),
  }));
  return {
    at,
    world,
    accounts: accounts.map((account) => ({
      ...account,
      activity: account.events.filter((event): event is Activity => event.user !== null),
    })),
    releases: before(accepted.releases, 'releases', at),
    ...coverageAt(
      world,
      accepted,
      at,
      seen.filter((event) => event.user !== null).map((event) => event.row),
    ),
  };
}

function resolutionOf(world: World, accepted: Facts, at: number): Resolution {
  const user = resolveUser(before(accepted.identities, 'identities', at), at);
  const account = resolveAccount(before(accepted.account_links, 'account_links', at), at);
  return { user, account, excludedUsers: excludedUsers(world, before(accepted.users, 'users', at), user) };
}

function tablesOf(accepted: Facts, at: number, resolution: Resolution) {
  return {
    contracts: resolved(before(accepted.contracts, 'contracts', at), resolution),
    tickets: resolved(before(accepted.tickets, 'tickets', at), resolution),
    nps: resolved(before(accepted.nps, 'nps', at), resolution),
    touches: resolved(before(accepted.touches, 'touches', at), resolution),
    costs: resolved(before(accepted.costs, 'costs', at), resolution),
    needs: resolved(before(accepted.needs, 'needs', at), resolution),
    opportunities: resolved(before(accepted.opportunities, 'opportunities', at), resolution),
    meters: resolved(before(accepted.meters, 'meters', at), resolution),
    notes: resolved(before(accepted.notes, 'notes', at), resolution),
  };
}

function factsOf<Row>(facts: readonly Resolved<Row>[], account: string): (Row & { readonly user: string | null })[] {
  return facts.filter((fact) => fact.account === account).map((fact) => ({ ...fact.row, user: fact.user }));
}

interface Named {
  readonly account: string;
  readonly time: number | null;
}

/** Accounts that are declared or named by a fact, that exist as of `at` and that the model does not exclude. */
function listedAccounts(world: World, accepted: Facts, at: number, resolution: Resolution, named: readonly Named[]) {
  const declared = accepted.accounts.map((row) => resolution.account(row.account_id) ?? row.account_id);
  return distinct([...declared, ...named.map((fact) => fact.account)])
    .sort(byCodePoint)
    .flatMap((id) => {
      const row = rowOf(id, accepted.accounts, resolution);
      if (row !== null && world.predicates.excludeAccount?.(row) === true) return [];
      const times = named.filter((fact) => fact.account === id && fact.time !== null).map((fact) => fact.time ?? 0);
      const firstFact = times.length === 0 ? null : Math.min(...times);
      const created = row === null ? firstFact : millis(row.created);
      if (created !== null && created >= at) return [];
      return [{ id, row, created, isCreatedAssumed: row === null && created !== null }];
    });
}

function coverageAt(world: World, accepted: Facts, at: number, withUser: readonly EventRow[]) {
  const start = (date: Date | null): number => millis(date) ?? Number.NEGATIVE_INFINITY;
  const carriers = new Set<unknown>(withUser);
  const tables = Object.keys(world.facts) as FactTableName[];
  const starts = new Map(tables.map((table) => [table, start(coverageOf(world, accepted, table).coversFrom)]));
  const carrying = sourcesOf(world, accepted, 'events').filter((source) =>
    source.rows.some((row) => carriers.has(row)),
  );
  return {
    isConnected: (table: FactTableName): boolean =>
      world.model.sources.some((source) => source.table === table) ||
      before(accepted[table] as unknown[], table, at).length > 0,
    coversFrom: (table: FactTableName): number => starts.get(table) ?? Number.NEGATIVE_INFINITY,
    eventsCarryUsers: carrying.length > 0,
    usersCoverFrom: start(earliest(carrying.map((source) => source.coversFrom))),
  };
}

/** The paid contracts of an account in force as of the view's instant. */
export function inForce(view: View, account: AccountView): ContractVersion[] {
  return paidContracts(account.contracts, view.at);
}
