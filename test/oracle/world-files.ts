import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { FeatureArea, Job, Milestone, OwnSignal, Source } from '../../src/definition/model.ts';
import type { FactTableName } from '../../src/model/table.ts';
import { factTable } from '../../src/model/tables.ts';
import type { Condition } from '../../src/rule/condition.ts';
import type { EventRow } from './rows.ts';
import type { World } from './world.ts';

type Yaml = Record<string, unknown>;

/** The entries that say something: no null, no false, no empty list. */
function said(entries: Yaml): Yaml {
  return Object.fromEntries(
    Object.entries(entries).filter(
      ([, value]) =>
        value !== null && value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

const textOf = (condition: Condition | null): string | null => condition?.text ?? null;

function named<T extends { readonly name: string }>(items: readonly T[], write: (item: T) => Yaml): Yaml | null {
  return items.length === 0 ? null : Object.fromEntries(items.map((item) => [item.name, said(write(item))]));
}

const sourceYaml = (source: Source): Yaml =>
  said({
    name: source.name === source.table ? null : source.name,
    table: source.table,
    path: source.path,
    format: source.format,
    covers_from: source.coversFrom?.toISOString() ?? null,
    complete_through: source.completeThrough?.toISOString() ?? null,
  });

const featureYaml = (area: FeatureArea): Yaml => ({
  events: area.events,
  where: textOf(area.where),
  core: area.isCore,
  advanced: area.isAdvanced,
  entry: area.isEntry,
  help: area.isHelp,
  integration: area.isIntegration,
});

const milestoneYaml = (milestone: Milestone): Yaml => ({
  event: milestone.event,
  workflow: milestone.workflow,
  count: milestone.count === 1 ? null : milestone.count,
  users: milestone.users,
  where: textOf(milestone.where),
  within_days: milestone.withinDays,
  primary: milestone.isPrimary,
  allow_proxy: milestone.allowProxy === null ? null : true,
  reason: milestone.allowProxy,
});

const signalYaml = (signal: OwnSignal): Yaml => ({
  entity: signal.entity,
  like: signal.like,
  measure: signal.measure,
  of: signal.of.length === 1 ? signal.of[0] : signal.of,
  property: signal.property,
  where: textOf(signal.where),
  window_days: signal.windowDays,
});

const jobYaml = (job: Job): Yaml => ({ label: job.label, codebook: job.codebook, features: job.features });

/** The model of a world as the text of a `bellwether.yaml`; what it leaves out is at the shipped default. */
export function worldModelYaml(world: World): string {
  const { model } = world;
  const { value } = model;
  return stringify(
    said({
      version: 1,
      name: model.name,
      currency: model.currency,
      sources: model.sources.map(sourceYaml),
      icp: model.icp === null ? null : { when: model.icp.text },
      taxonomy: said({
        features: named(model.taxonomy.features, featureYaml),
        workflows: named(model.taxonomy.workflows, (flow) => ({ steps: flow.steps, within_days: flow.withinDays })),
        proxies: model.taxonomy.proxies,
        ignore: model.taxonomy.ignore,
      }),
      activation: said({
        account_sequence: model.activation.accountSequence,
        user_sequence: model.activation.userSequence,
        milestones: named(model.activation.milestones, milestoneYaml),
      }),
      signals: named(model.signals, signalYaml),
      exclude: said({ users: textOf(model.exclude.users), accounts: textOf(model.exclude.accounts) }),
      users: { executive_seniority: model.users.executiveSeniority },
      value: {
        churn_grace_days: value.churnGraceDays,
        expansion_multiplier: value.expansionMultiplier,
        below_capacity: value.belowCapacity,
      },
      jobs: named(model.jobs, jobYaml),
    }),
  );
}

/** A row as JSON: instants as ISO with milliseconds, days as YYYY-MM-DD, null columns left out. */
function jsonRow(table: FactTableName, row: Readonly<Record<string, unknown>>): string {
  const entries = factTable(table).columns.flatMap(({ name, type }) => {
    const value = row[name];
    if (value === null || value === undefined) return [];
    if (value instanceof Date) return [[name, type === 'day' ? value.toISOString().slice(0, 10) : value.toISOString()]];
    return [[name, value]];
  });
  return JSON.stringify(Object.fromEntries(entries));
}

function rowsOf(world: World, source: Source): readonly Readonly<Record<string, unknown>>[] {
  if (source.table !== 'events') return world.facts[source.table] as never;
  const first = world.model.sources.find((other) => other.table === 'events')?.name;
  return world.facts.events.filter((event: EventRow) => (event.source ?? first) === source.name) as never;
}

/**
 * Writes a world as files that the real import can load: one JSON Lines file for every source and `bellwether.yaml`.
 * Empty columns are left out, or are '' where the row says so.
 */
export async function writeWorldFiles(world: World, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'bellwether.yaml'), worldModelYaml(world));
  for (const source of world.model.sources) {
    const lines = rowsOf(world, source).map((row) => `${jsonRow(source.table, row)}\n`);
    await writeFile(join(directory, source.path), lines.join(''));
  }
}
