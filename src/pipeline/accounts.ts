import { z } from 'zod';
import { firmographicsOf } from '../definition/firmographics.ts';
import type { NullReason } from '../model/signal.ts';
import { SIGNAL_CATALOGUE } from '../profile/catalogue.ts';
import { computeProfiles, dropProfiles } from '../profile/profile.ts';
import type { Condition, Value } from '../rule/condition.ts';
import type { Engines } from './engines.ts';
import type { Standing } from './movement.ts';
import { coverageBefore } from './recorded.ts';
import { resolveAsOf, standings } from './run.ts';

/** One row of `accounts --json` (DESIGN section 6). Nulls are nulls; instants are ISO text. */
export interface AccountRow {
  readonly account_id: string;
  readonly as_of: string;
  readonly name: string | null;
  readonly relationship: string;
  readonly eligible: boolean | null;
  readonly lifecycle: string | null;
  readonly direction: string | null;
  readonly cohort: string | null;
  readonly archetype: string | null;
  readonly value_tier: string | null;
  readonly value_score: number | null;
  /** Who looks after it, as the sources name them. */
  readonly csm: string | null;
  readonly arr: number | null;
  readonly segment: string | null;
  readonly since: string | null;
  /** Composite score, 0 to 100. */
  readonly score: number | null;
  readonly health: number | null;
  /** Signals that a rule reads and that are missing, with the reason in words. */
  readonly unknown: readonly { readonly signal: string; readonly reason: string }[];
  readonly home: string | null;
  readonly raw: string | null;
  readonly likely_segment: string | null;
  /** How it is looked after. While At-Risk that is the coverage of the segment recorded before it entered (D14). */
  readonly coverage: { readonly segment: string; readonly model: string; readonly ratio: number | null } | null;
  readonly overridden: boolean;
  readonly waiting: { readonly segment: string; readonly moveOn: string } | null;
  readonly job: string | null;
  /** What it is on paper: firmographic fields and the model's bands, by name. */
  readonly firmographics: Readonly<Record<string, string | number | null>>;
}

const REASONS: readonly (NullReason | null)[] = [null, 'missing', 'not_yet', 'none'];

/** A null reason in words. */
export const REASON_WORDS: Readonly<Record<NullReason, string>> = {
  missing: 'no source, not covered, or the field is empty',
  not_yet: 'too young, or the window is still open',
  none: 'it never happened, or there is nobody to measure',
};

/** One profile as it stands in the warehouse: values by column name. */
export type ProfileRow = Readonly<Record<string, unknown>>;

/** The value of a column of a profile, as conditions read it. */
export function valueIn(row: ProfileRow, name: string): Value {
  const value = row[name];
  if (typeof value === 'number' || typeof value === 'string') return value;
  return Array.isArray(value) ? value.map(String) : null;
}

/** Why a signal of a profile is null; null where it is not. */
export function reasonOf(row: ProfileRow, name: string): NullReason | null {
  return REASONS[Number(row[`${name}__null`] ?? 0)] ?? null;
}

/**
 * Profiles of all accounts as of some instants (or of those in the table `only`), by account and as-of, read and dropped again.
 *
 * `signals`: names that are read beside those that classes are made of; null: all.
 */
export async function readProfiles(
  { warehouse, model, run: process }: Engines,
  asOfs: readonly number[],
  only: string | null,
  signals: readonly string[] | null = null,
): Promise<readonly ProfileRow[]> {
  const run = `${process}_read`;
  const asked = signals === null ? null : new Set(signals);
  try {
    const { accounts } = await computeProfiles(warehouse, {
      model,
      asOfs,
      run,
      only,
      signals: asked,
      entity: 'account',
    });
    return await warehouse.rows(
      `SELECT * FROM ${accounts} ORDER BY account_id, as_of`,
      z.record(z.string(), z.unknown()),
    );
  } finally {
    await dropProfiles(warehouse, run);
  }
}

/** Signals that a row of the list reads of a profile, beside classes and attributes. */
export function listedSignals(engines: Engines): readonly string[] {
  return ['arr', 'value_score', 'job', ...decidingConditions(engines).flatMap(({ names }) => names)];
}

/** Conditions that decide segments, cohorts and archetypes: what they read is what an account can be asked about. */
export function decidingConditions({ model }: Pick<Engines, 'model'>): readonly Condition[] {
  return [
    ...model.segments.map((segment) => segment.when),
    ...model.fallback.flatMap(({ when }) => (when === null ? [] : [when])),
    ...model.cohorts.flatMap(({ when }) => (when === null ? [] : [when])),
  ];
}

/** Signals that the rules read and that are missing for an account: no data, rather than nothing to tell. */
function missingSignals(engines: Engines, row: ProfileRow): readonly { signal: string; reason: string }[] {
  const names = new Set(decidingConditions(engines).flatMap((condition) => condition.names));
  const known = new Set(SIGNAL_CATALOGUE.map((entry) => entry.name));
  return [...names].flatMap((name) => {
    if (valueIn(row, name) !== null) return [];
    const reason = reasonOf(row, name);
    if (reason === 'missing') return [{ signal: name, reason: REASON_WORDS.missing }];
    const isAttribute = !known.has(name) && row[`${name}__null`] === undefined && !CLASSES.has(name);
    return isAttribute ? [{ signal: name, reason: REASON_WORDS.missing }] : [];
  });
}

const CLASSES: ReadonlySet<string> = new Set([
  'cohort',
  'archetype',
  'lifecycle',
  'direction',
  'value_tier',
  'relationship',
]);

const text = (row: ProfileRow, name: string): string | null => {
  const value = valueIn(row, name);
  return typeof value === 'string' ? value : null;
};

const number = (row: ProfileRow, name: string): number | null => {
  const value = valueIn(row, name);
  return typeof value === 'number' ? value : null;
};

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

function coverageOf(
  { model }: Engines,
  { answer, assignment }: Standing,
  before: ReadonlyMap<string, string>,
): AccountRow['coverage'] {
  const held = model.segments.find(({ name }) => name === assignment.segment);
  const name = held?.isOverlay === true ? (before.get(answer.accountId) ?? answer.home) : (held?.name ?? null);
  const coverage = model.segments.find((segment) => segment.name === name)?.motion.coverage ?? null;
  return coverage === null || name === null ? null : { segment: name, ...coverage };
}

/** By account, whose coverage it keeps while the overlay lies over it, as recorded by a day. */
export async function keptCoverage({ model, ledger }: Engines, asOf: number): Promise<ReadonlyMap<string, string>> {
  const overlay = model.segments.find((segment) => segment.isOverlay);
  return overlay === undefined ? new Map() : coverageBefore(ledger, overlay.name, asOf);
}

/** One account's row from its profile, its standing, and the coverages kept. */
export function accountRow(
  engines: Engines,
  row: ProfileRow,
  standing: Standing,
  kept: ReadonlyMap<string, string>,
): AccountRow {
  const { answer, assignment } = standing;
  const { waiting } = assignment;
  return {
    account_id: answer.accountId,
    as_of: new Date(answer.asOf).toISOString(),
    name: text(row, 'name'),
    relationship: answer.relationship,
    eligible: answer.eligible,
    lifecycle: text(row, 'lifecycle'),
    direction: text(row, 'direction'),
    cohort: text(row, 'cohort'),
    archetype: text(row, 'archetype'),
    value_tier: text(row, 'value_tier'),
    value_score: number(row, 'value_score'),
    csm: text(row, 'csm'),
    arr: number(row, 'arr'),
    segment: assignment.segment,
    since: iso(assignment.since),
    score: number(row, 'composite_score'),
    health: number(row, 'health_score'),
    unknown: missingSignals(engines, row),
    home: answer.home,
    raw: answer.raw,
    likely_segment: answer.likely,
    coverage: coverageOf(engines, standing, kept),
    overridden: assignment.isOverridden,
    waiting: waiting === null ? null : { segment: waiting.segment, moveOn: new Date(waiting.moveOn).toISOString() },
    job: text(row, 'job'),
    firmographics: firmographicsOf(engines.model, row),
  };
}

/** What to list: as-of null means the completeness of the behavioural sources. */
export interface ListRequest {
  readonly asOf: number | null;
  readonly now: Date;
}

/** Every account as of a day, recomputed from today's facts, by code point of the id. */
export async function listAccounts(engines: Engines, request: ListRequest): Promise<readonly AccountRow[]> {
  const asOf = await resolveAsOf(engines, request.asOf);
  const { all } = await standings(engines, asOf, request.now);
  const rows = await readProfiles(engines, [asOf], null, listedSignals(engines));
  const profiles = new Map(rows.map((row) => [String(row['account_id']), row]));
  const kept = await keptCoverage(engines, asOf);
  return all
    .map((standing) => accountRow(engines, profiles.get(standing.answer.accountId) ?? {}, standing, kept))
    .sort((a, b) => (a.account_id < b.account_id ? -1 : a.account_id > b.account_id ? 1 : 0));
}
