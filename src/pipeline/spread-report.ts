import { z } from 'zod';
import { diffModels } from '../definition/diff.ts';
import type { Model, OwnSignal } from '../definition/model.ts';
import type { Entity, SignalEntry } from '../model/signal.ts';
import { SIGNAL_CATALOGUE } from '../profile/catalogue.ts';
import { countExcluded, type ExcludedCount } from '../profile/excluded_count.ts';
import { compareExclusions, type ExclusionChange } from '../profile/exclusion_change.ts';
import { measureOwn } from '../profile/own_values.ts';
import { computeProfiles, dropProfiles } from '../profile/profile.ts';
import { withChosen } from './chosen.ts';
import type { Engines } from './engines.ts';
import { measuredParts } from './plan.ts';
import { isSameTally, type Spread, spreadsOfBoth } from './signal-spread.ts';
import { definitionOf, reasonColumn, signalEntries } from './signals.ts';
import { readTallies, type Tallied, type Tally } from './tally.ts';

/** A signal with how it spreads, under what is in force and under a draft. */
interface SignalSpread extends Pick<SignalEntry, 'name' | 'entity' | 'unit' | 'type' | 'meaning'> {
  readonly inputs: readonly string[];
  readonly requirement: string;
  /** What an own signal measures, in words; null: it ships with Bellwether, and its meaning is its definition. */
  readonly definition: string | null;
  /** Null: what is in force has no such signal. */
  readonly before: Spread | null;
  /** Null: no draft, or one that has no such signal. */
  readonly after: Spread | null;
}

/** How signals spread among customers, and users of customers: `signals spread --json`. */
export interface SpreadReport {
  readonly asOf: string;
  /** Version in force; of a draft, its own beside. */
  readonly base: string;
  readonly draft: string | null;
  readonly customers: { readonly before: number; readonly after: number | null };
  readonly users: { readonly before: number; readonly after: number | null };
  /** Without a draft every signal; with one those that spread otherwise. */
  readonly signals: readonly SignalSpread[];
  /** Conditions of those who are left out, as they are written; null: nobody is. */
  readonly exclude: { readonly users: string | null; readonly accounts: string | null };
  readonly excluded: ExclusionChange;
  /** Changed parts of the draft that decide what is measured and were not measured for this report. */
  readonly unmeasured: readonly string[];
}

/** Everything that a model measures, counted. */
export interface SpreadSide {
  readonly model: Model;
  readonly asOf: number;
  readonly customerIds: readonly string[];
  readonly users: number;
  /** Who is left out. */
  readonly excluded: ExcludedCount;
  /** By entity and name. */
  readonly tallies: ReadonlyMap<string, Tally>;
}

const idSchema = z.object({ account_id: z.string() });
const countSchema = z.object({ n: z.coerce.number() });
const nameSchema = z.object({ name: z.string() });

const keyOf = ({ entity, name }: Pick<SignalEntry, 'entity' | 'name'>): string => `${entity} ${name}`;

/** Measures every signal of customers and of their users as of an instant, and counts each value. Seconds. */
export async function measureSide(engines: Engines, model: Model, asOf: number): Promise<SpreadSide> {
  const { warehouse } = engines;
  const run = `${engines.run}_spread`;
  try {
    const { accounts, users } = await computeProfiles(warehouse, { model, asOfs: [asOf], run });
    const among = {
      account: { table: accounts, where: `relationship = 'customer'` },
      user: {
        table: users,
        where: `account_id IN (SELECT account_id FROM ${accounts} WHERE relationship = 'customer')`,
      },
    };
    const tallies = new Map<string, Tally>();
    for (const entity of ['account', 'user'] as const) {
      const columns = await columnsOf(engines, model, entity, among[entity].table);
      for (const [name, tally] of await readTallies(warehouse, among[entity], columns)) {
        tallies.set(keyOf({ entity, name }), tally);
      }
    }
    const ids = await warehouse.rows(
      `SELECT account_id FROM ${accounts} WHERE ${among.account.where} ORDER BY account_id`,
      idSchema,
    );
    const [row] = await warehouse.rows(`SELECT count() AS n FROM ${users} WHERE ${among.user.where}`, countSchema);
    const excluded = (await countExcluded(warehouse, model, run, asOf)) ?? { users: 0, accounts: 0, events: 0 };
    const customerIds = ids.map(({ account_id }) => account_id);
    return { model, asOf, tallies, excluded, customerIds, users: row?.n ?? 0 };
  } finally {
    await dropProfiles(warehouse, run);
  }
}

/** The columns of a table of profiles that hold signals of an entity. */
async function columnsOf(
  { warehouse }: Engines,
  model: Model,
  entity: Entity,
  table: string,
): Promise<readonly Tallied[]> {
  const rows = await warehouse.rows(
    `SELECT name FROM system.columns WHERE concat(database, '.', table) = '${table}'`,
    nameSchema,
  );
  const present = new Set(rows.map(({ name }) => name));
  return signalEntries(model, SIGNAL_CATALOGUE)
    .filter((entry) => entry.entity === entity && present.has(entry.name))
    .map((entry): Tallied => {
      const reason = reasonColumn(entry.name);
      return { ...tallied(entry), reason: present.has(reason) ? reason : null };
    });
}

const tallied = ({ name, type }: Pick<SignalEntry, 'name' | 'type'>): Tallied => ({
  ...{ name, type: type === 'text' ? 'text' : 'number' },
  reason: reasonColumn(name),
});

/** Measures some own signals of a draft that leaves out the same people as what is in force: a moment. */
async function measureOwnSide(
  engines: Engines,
  { customerIds, asOf }: SpreadSide,
  model: Model,
  isAsked: (signal: OwnSignal) => boolean,
): Promise<ReadonlyMap<string, Tally>> {
  const { warehouse } = engines;
  const run = `${engines.run}_own`;
  const entries = signalEntries({ ...model, signals: model.signals.filter(isAsked) }, []);
  return withChosen(engines, customerIds, 'customers', async (chosen) => {
    try {
      const { accounts, users } = await measureOwn(warehouse, { model, asOf, run, isAsked });
      const where = `account_id IN (SELECT account_id FROM ${chosen})`;
      const tables = { account: accounts, user: users };
      const tallies = new Map<string, Tally>();
      for (const entity of ['account', 'user'] as const) {
        const table = tables[entity];
        if (table === null) continue;
        const columns = entries.filter((entry) => entry.entity === entity).map(tallied);
        for (const [name, tally] of await readTallies(warehouse, { table, where }, columns)) {
          tallies.set(keyOf({ entity, name }), tally);
        }
      }
      return tallies;
    } finally {
      await dropProfiles(warehouse, run);
    }
  });
}

/** How everything in force spreads, and who is left out. */
export async function standingReport(engines: Engines, side: SpreadSide): Promise<SpreadReport> {
  const { model, asOf, tallies } = side;
  const nobody: Model = { ...model, exclude: { users: null, accounts: null } };
  return {
    ...headOf(side, null),
    signals: listOf(side, null, tallies, new Map()),
    excluded: await compareExclusions(engines.warehouse, { before: nobody, after: model }, engines.run, asOf),
    unmeasured: [],
  };
}

/** What is asked about a draft. */
export interface DraftWish {
  /** Measure all that spreads otherwise, which takes seconds. */
  readonly isMeasured: boolean;
  /** Own signals of the draft by name, with the name under which they are in force. */
  readonly renamed: Readonly<Record<string, string>>;
}

/**
 * How a draft spreads otherwise than what is in force.
 *
 * Own signals are measured at once while the draft leaves out the same people; what else it measures otherwise is measured
 * where `isMeasured`, which takes seconds, and told as `unmeasured` where not.
 */
export async function draftReport(
  engines: Engines,
  side: SpreadSide,
  draft: Model,
  { isMeasured, renamed }: DraftWish,
): Promise<SpreadReport> {
  const before = underNames(side.tallies, draft, renamed);
  const parts = measuredParts(diffModels(side.model, draft));
  const isExcludedAlike = !parts.some((path) => path.startsWith('exclude'));
  const excluded = isExcludedAlike
    ? { before: side.excluded, after: side.excluded, out: NOBODY, back: NOBODY }
    : await compareExclusions(engines.warehouse, { before: side.model, after: draft }, engines.run, side.asOf);
  const isAnyOther = parts.some((path) => !path.startsWith('signals.') && path !== 'signals');
  if (isAnyOther && isMeasured) {
    const after = await measureSide(engines, draft, side.asOf);
    const signals = listOf(side, draft, before, after.tallies).filter(isOtherwise(before, after.tallies));
    return { ...headOf(side, draft), ...countsOf(side, after), signals, excluded, unmeasured: [] };
  }
  const changed = new Set(parts.flatMap((path) => /^signals\.([^.]+)/.exec(path)?.[1] ?? []));
  const isAsked = ({ name }: Pick<OwnSignal, 'name'>): boolean => isExcludedAlike && changed.has(name);
  const after = await measureOwnSide(engines, side, draft, isAsked);
  const asked = new Map([...before].filter(([key]) => isAsked({ name: key.split(' ')[1] ?? '' })));
  return {
    ...headOf(side, draft),
    signals: listOf(side, draft, asked, after),
    excluded,
    unmeasured: isExcludedAlike ? parts.filter((path) => !path.startsWith('signals')) : parts,
  };
}

const NOBODY = { account: { count: 0, first: [] }, user: { count: 0, first: [] } };

/** Tallies of what is in force under the names of a draft. */
function underNames(
  tallies: ReadonlyMap<string, Tally>,
  draft: Model,
  renamed: DraftWish['renamed'],
): ReadonlyMap<string, Tally> {
  const own = new Set(draft.signals.map(({ name }) => name));
  const names = new Map(
    Object.entries(renamed).flatMap(([name, from]) => (own.has(name) && !own.has(from) ? [[from, name] as const] : [])),
  );
  return new Map(
    [...tallies].map(([key, tally]) => {
      const [entity, name = ''] = key.split(' ');
      return [`${entity} ${names.get(name) ?? name}`, tally];
    }),
  );
}

const isOtherwise =
  (before: ReadonlyMap<string, Tally>, after: ReadonlyMap<string, Tally>) =>
  (signal: SignalSpread): boolean => {
    const [one, other] = [before.get(keyOf(signal)), after.get(keyOf(signal))];
    return one === undefined || other === undefined || !isSameTally(one, other);
  };

function countsOf(before: SpreadSide, after: SpreadSide): Pick<SpreadReport, 'customers' | 'users'> {
  return {
    customers: { before: before.customerIds.length, after: after.customerIds.length },
    users: { before: before.users, after: after.users },
  };
}

function headOf(side: SpreadSide, draft: Model | null): Omit<SpreadReport, 'signals' | 'excluded' | 'unmeasured'> {
  const { exclude } = draft ?? side.model;
  return {
    asOf: new Date(side.asOf).toISOString(),
    base: side.model.version,
    draft: draft?.version ?? null,
    customers: { before: side.customerIds.length, after: null },
    users: { before: side.users, after: null },
    exclude: { users: exclude.users?.text ?? null, accounts: exclude.accounts?.text ?? null },
  };
}

/** Signals that either side has, in the order of the catalogue with own ones first. */
function listOf(
  { model }: SpreadSide,
  draft: Model | null,
  before: ReadonlyMap<string, Tally>,
  after: ReadonlyMap<string, Tally>,
): readonly SignalSpread[] {
  const own = new Map([model, draft].flatMap((each) => (each?.signals ?? []).map((signal) => [keyOf(signal), signal])));
  const entries = new Map(
    [model, ...(draft === null ? [] : [draft])]
      .flatMap((each) => signalEntries(each, SIGNAL_CATALOGUE))
      .map((entry) => [keyOf(entry), entry]),
  );
  return [...entries.values()]
    .filter((entry) => before.has(keyOf(entry)) || after.has(keyOf(entry)))
    .toSorted((a, b) => Number(own.has(keyOf(b))) - Number(own.has(keyOf(a))))
    .map((entry) => {
      const { name, entity, unit, type, meaning, inputs, requirement } = entry;
      const signal = own.get(keyOf(entry));
      return {
        ...{ name, entity, unit, type, meaning, inputs, requirement },
        definition: signal === undefined ? null : definitionOf(signal),
        ...spreadsOfBoth(before.get(keyOf(entry)) ?? null, after.get(keyOf(entry)) ?? null),
      };
    });
}
