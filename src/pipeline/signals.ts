import { z } from 'zod';
import type { Model, OwnSignal } from '../definition/model.ts';
import type { Entity, NullReason, SignalEntry } from '../model/signal.ts';
import { computeProfiles, dropProfiles } from '../profile/profile.ts';
import { withChosen } from './chosen.ts';
import type { Engines } from './engines.ts';
import type { FactWorkspace } from './workspace.ts';

/** What signals are measured with. */
export type Measured = Pick<FactWorkspace, 'model' | 'catalogue'> & Pick<Engines, 'warehouse'>;

/** The signals of one account, or of one user in one account, as of an instant: a row of `signals --json`. */
export interface SignalRow {
  readonly account_id: string;
  readonly user_id?: string;
  /** ISO instant. */
  readonly as_of: string;
  readonly signals: Readonly<Record<string, number | string | null>>;
  /** Of a user: feature areas used in the last 60 days. */
  readonly features?: readonly string[];
  /** Why each null is null. */
  readonly nulls: Readonly<Record<string, NullReason>>;
  readonly [classOrAssumption: string]: unknown;
}

/** What to measure. */
export interface SignalQuery {
  readonly entity: Entity;
  /** Instants in milliseconds. */
  readonly asOfs: readonly number[];
  /** Name part that no other computation uses at the same time. */
  readonly run: string;
  /** Rows of these accounts only; absent: all. */
  readonly accountId?: string | undefined;
  readonly onProgress?: ((done: number, all: number) => void) | undefined;
}

/** Places of the reasons are the codes that profile tables carry; 0 is "not null". */
const REASONS: readonly NullReason[] = ['missing', 'not_yet', 'none'];

const CLASSES: Readonly<Record<Entity, readonly string[]>> = {
  account: ['cohort', 'lifecycle', 'direction', 'relationship', 'archetype', 'value_tier', 'eligible'],
  user: ['tier'],
};

/** As-ofs that are computed together: profiles of users are many, and live in memory. */
const TOGETHER: Readonly<Record<Entity, number>> = { account: 60, user: 12 };

type Row = Readonly<Record<string, unknown>>;

const rowSchema = z.record(z.string(), z.unknown());

/** What an own signal measures, in words. */
export function definitionOf({ like, measure, of, property, where, windowDays }: OwnSignal): string {
  const window = windowDays === null ? 'all history' : `${windowDays} days`;
  if (like !== null) return `${like} over ${window}`;
  const what = property === null ? (measure ?? 'count') : `${measure ?? 'count'} of ${property}`;
  return `${what.replaceAll('_', ' ')} of ${of.join(', ')}${where === null ? '' : ` where ${where.text}`}, ${window}`;
}

/** The catalogue of a workspace: the shipped signals, and those of its model's own. */
export function signalEntries(model: Model | null, catalogue: readonly SignalEntry[]): readonly SignalEntry[] {
  const own = (model?.signals ?? []).map((signal): SignalEntry => {
    const like = catalogue.find((entry) => entry.name === signal.like && entry.entity === signal.entity);
    return {
      name: signal.name,
      entity: signal.entity,
      unit: like?.unit ?? unitOf(signal.measure),
      type: like?.type ?? (signal.measure === 'last' ? 'text' : 'number'),
      inputs: like?.inputs ?? ['events'],
      meaning: signal.meaning ?? definitionOf(signal),
      requirement: like?.requirement ?? 'own',
      nulls: like?.nulls ?? ['missing', 'none'],
      isMovable: true,
    };
  });
  return [...catalogue, ...own];
}

function unitOf(measure: Model['signals'][number]['measure']): string {
  if (measure === 'distinct_users') return 'users';
  if (measure === 'distinct_days' || measure === 'days_since') return 'days';
  return measure === 'count' || measure === null ? 'events' : 'as the property';
}

/**
 * Measures every signal of every account, or user, at each as-of, and gives the rows as they are read.
 *
 * Sorted by as-of, account and user, by code point. The tables that hold them are dropped when the rows were taken, or
 * when their reader stops early.
 */
export async function* readSignals(workspace: Measured, query: SignalQuery): AsyncGenerator<SignalRow> {
  const size = TOGETHER[query.entity];
  const { accountId } = query;
  if (accountId !== undefined) {
    const found: SignalRow[] = [];
    await withChosen({ ...workspace, run: query.run }, [accountId], 'signals', async (only) => {
      for await (const row of readTogether(workspace, { ...query, run: `${query.run}_signals_w` }, only))
        found.push(row);
    });
    yield* found;
    return;
  }
  for (let start = 0; start < query.asOfs.length; start += size) {
    const asOfs = query.asOfs.slice(start, start + size);
    yield* readTogether(workspace, { ...query, asOfs });
  }
}

async function* readTogether(
  workspace: Measured,
  query: SignalQuery,
  only: string | null = null,
): AsyncGenerator<SignalRow> {
  const { warehouse, model } = workspace;
  const { entity, asOfs, run } = query;
  try {
    const progress = query.onProgress === undefined ? {} : { onProgress: query.onProgress };
    const tables = await computeProfiles(warehouse, { model, asOfs, run, only, entity, ...progress });
    const key = entity === 'account' ? 'account_id' : 'account_id, user_id';
    const where = query.accountId === undefined ? '' : 'WHERE account_id = {account:String}';
    const sql = `SELECT * FROM ${entity === 'account' ? tables.accounts : tables.users} ${where} ORDER BY as_of, ${key}`;
    const options = query.accountId === undefined ? {} : { parameters: { account: query.accountId } };
    const entries = signalEntries(model, workspace.catalogue).filter((entry) => entry.entity === entity);
    const own = new Set(model.signals.filter((signal) => signal.measure === 'last').map((signal) => signal.name));
    const areas = model.taxonomy.features.map(({ name }) => name);
    for await (const block of warehouse.stream(sql, rowSchema, options)) {
      for (const row of block) yield { ...rowOf(row, entity, entries, own), ...featuresOf(row, entity, areas) };
    }
  } finally {
    await dropProfiles(warehouse, run);
  }
}

function rowOf(row: Row, entity: Entity, entries: readonly SignalEntry[], last: ReadonlySet<string>): SignalRow {
  const present = entries.filter(({ name }) => row[name] !== undefined);
  const asOf = Number(row['as_of']);
  const signals = present.map(({ name }) => [name, cellValue(row[name], last.has(name))] as const);
  const nulls = present
    .filter(({ name }) => row[name] === null)
    .map((entry) => [entry.name, reasonOf(row, entry)] as const);
  return {
    account_id: String(row['account_id']),
    ...(entity === 'user' ? { user_id: String(row['user_id']) } : {}),
    as_of: new Date(asOf).toISOString(),
    signals: Object.fromEntries(signals),
    nulls: Object.fromEntries(nulls),
    ...(entity === 'account' ? { assumed: sortedTexts(row['assumed']) } : {}),
    ...Object.fromEntries(CLASSES[entity].map((name) => [name, classOf(name, row[name])])),
  };
}

function featuresOf(row: Row, entity: Entity, areas: readonly string[]): { readonly features?: readonly string[] } {
  if (entity === 'account') return {};
  const places = z.array(z.coerce.number()).parse(row['used_areas'] ?? []);
  return { features: places.flatMap((place) => areas[place] ?? []) };
}

/** `last` carries an event's property as it stands: text in the warehouse, and a number where it reads as one. */
function cellValue(value: unknown, isLast: boolean): number | string | null {
  if (value === null) return null;
  if (typeof value === 'number') return value;
  const text = String(value);
  if (!isLast) return text;
  if (text === 'true' || text === 'false') return text === 'true' ? 1 : 0;
  const number = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : text;
}

function classOf(name: string, value: unknown): unknown {
  if (name !== 'eligible') return value ?? null;
  return value === null || value === undefined ? null : Number(value) === 1;
}

/** The column with the code of a signal's null reason. Derived ones have none: the tier is unknown as the score is that it ranks. */
export const reasonColumn = (name: string): string => `${name === 'value_tier' ? 'value_score' : name}__null`;

/** Why a signal is null. */
function reasonOf(row: Row, { name }: SignalEntry): NullReason {
  const code = row[reasonColumn(name)];
  return REASONS[Number(code ?? 0) - 1] ?? 'missing';
}

function sortedTexts(value: unknown): readonly string[] {
  return z
    .array(z.string())
    .parse(value)
    .toSorted((a, b) => (a < b ? -1 : 1));
}
