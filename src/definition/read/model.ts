import type { SignalEntry } from '../../model/signal.ts';
import { SHIPPED, shipped, shippedMotion } from '../defaults.ts';
import type { Path } from '../document.ts';
import type { Band, Class, Fallback, Model, Segment, ValueParameters } from '../model.ts';
import { listOf, type Reader } from '../reader.ts';
import type { RawModel } from '../schema.ts';
import { readClasses } from './classes.ts';
import { readSignals, readTraits } from './own_signals.ts';
import { readFallback, readHealth, readJobs, readSegments } from './segments.ts';
import { readSources, readZone } from './sources.ts';
import { readActivation, readTaxonomy } from './taxonomy.ts';
import { readValueTiers } from './value.ts';

/** A file's content, and the readers of what it says and of what it leaves to the shipped rules. */
export interface ModelInput {
  readonly raw: RawModel;
  readonly file: string;
  readonly catalogue: readonly SignalEntry[];
  readonly own: Reader;
  readonly shipped: Reader;
}

/** The whole model, `defaulted` and `version` still empty. Conditions are parsed here and checked by the caller. */
export function buildModel(input: ModelInput): Model {
  const { raw, own } = input;
  const tiers = classesOr(raw.users?.tiers, ['users', 'tiers'], input, SHIPPED.users?.tiers);
  const segments = readOwnOrShippedSegments(input);
  return {
    file: input.file,
    name: raw.name ?? 'My workspace',
    currency: raw.currency ?? 'USD',
    timezone: readZone(raw.timezone, ['timezone'], own),
    grain: raw.grain ?? 'account',
    sources: readSources(raw.sources, own),
    icp: readIcp(raw, own),
    bands: readBands(input),
    taxonomy: readTaxonomy(raw.taxonomy, own),
    activation: readActivation(raw.activation, own),
    signals: readSignals(raw.signals, input.catalogue, own),
    traits: readTraits(raw.traits, own),
    exclude: {
      users: optional(raw.exclude?.users, ['exclude', 'users'], own),
      accounts: optional(raw.exclude?.accounts, ['exclude', 'accounts'], own),
    },
    users: { executiveSeniority: listOf(raw.users?.executive_seniority ?? SHIPPED.users?.executive_seniority), tiers },
    cohorts: classesOr(raw.cohorts, ['cohorts'], input, SHIPPED.cohorts),
    archetypes: classesOr(raw.archetypes, ['archetypes'], input, SHIPPED.archetypes),
    health:
      raw.health == null
        ? readHealth(SHIPPED.health ?? [], ['health'], input.shipped)
        : readHealth(raw.health, ['health'], own),
    jobs: readJobs(raw.jobs, own),
    segments,
    fallback: readOwnOrShippedFallback(segments, input),
    tracking: { accountProperty: raw.tracking?.account_property ?? null },
    experience: { suppress: readSuppressions(raw, own) },
    destinations: raw.destinations ?? null,
    ...readParameters(input),
    defaulted: [],
    version: '',
  };
}

function optional(text: string | null | undefined, path: Path, reader: Reader) {
  return text == null ? null : reader.condition(path, text);
}

function readIcp(raw: RawModel, reader: Reader) {
  if (typeof raw.icp === 'string') return reader.condition(['icp'], raw.icp);
  return optional(raw.icp?.when, ['icp', 'when'], reader);
}

function readSuppressions(raw: RawModel, reader: Reader): readonly Class[] {
  return Object.entries(raw.experience?.suppress ?? {}).map(([name, text]) => {
    const path: Path = ['experience', 'suppress', name];
    return { name, when: reader.condition(path, text), place: reader.place(path) };
  });
}

type RawClassesOf = NonNullable<RawModel['cohorts']>;

function classesOr(
  raw: RawClassesOf | null | undefined,
  path: Path,
  input: ModelInput,
  otherwise: RawClassesOf | null | undefined,
): readonly Class[] {
  return raw == null ? readClasses(otherwise ?? [], path, input.shipped) : readClasses(raw, path, input.own);
}

/** The shipped bands stay beside the model's own unless it names them anew: the shipped segments read them. */
function readBands(input: ModelInput): readonly Band[] {
  for (const name of Object.keys(input.raw.bands ?? {}).filter((each) => !/^[A-Za-z_]\w*$/.test(each))) {
    const advice = 'Use letters, digits and underscores.';
    input.own.report(['bands', name], 'wrong-shape', `\`${name}\` cannot be named in conditions`, advice);
  }
  const own = Object.entries(input.raw.bands ?? {}).map(
    ([name, raw]): Band => ({ name, bands: readClasses(raw, ['bands', name], input.own) }),
  );
  const rest = Object.entries(SHIPPED.bands ?? {})
    .filter(([name]) => !own.some((band) => band.name === name) && !nameIsTaken(name, input))
    .map(([name, raw]): Band => ({ name, bands: readClasses(raw, ['bands', name], input.shipped) }));
  return [...own, ...rest];
}

/** A workspace may bring its size band ready-made, as a trait or a signal of its own. */
function nameIsTaken(name: string, { raw }: ModelInput): boolean {
  const names = [raw.traits, raw.signals].flatMap((things): readonly (string | undefined)[] => {
    if (things == null) return [];
    return Array.isArray(things) ? things.map((thing) => thing.name) : Object.keys(things);
  });
  return names.includes(name);
}

function readParameters({
  raw,
  own,
  shipped: shippedReader,
}: ModelInput): Pick<Model, 'decline' | 'value' | 'composite' | 'assignment' | 'breaker' | 'outcomes'> {
  const pick = <Key extends string>(
    key: Key,
    mine: Partial<Record<Key, number | null | undefined>> | null | undefined,
    theirs: Partial<Record<Key, number | null | undefined>> | null | undefined,
  ) => shipped(mine?.[key] ?? theirs?.[key]);
  const value = (
    key: 'churn_grace_days' | 'expansion_multiplier' | 'below_capacity' | 'assumed_margin' | 'assumed_churn',
  ) => pick(key, raw.value, SHIPPED.value);
  const weight = (key: 'behavioural' | 'value' | 'needs' | 'firmographic') =>
    pick(key, raw.composite, SHIPPED.composite);
  const assigned = (key: 'dwell_days' | 'overlay_exit_days' | 'window_days' | 'override_days') =>
    pick(key, raw.assignment, SHIPPED.assignment);
  const valueParameters: ValueParameters = {
    churnGraceDays: value('churn_grace_days'),
    expansionMultiplier: value('expansion_multiplier'),
    belowCapacity: value('below_capacity'),
    tiers: readValueTiers(
      raw.value?.tiers ?? SHIPPED.value?.tiers ?? {},
      raw.value?.tiers == null ? shippedReader : own,
    ),
    assumedMargin: value('assumed_margin'),
    assumedChurn: value('assumed_churn'),
  };
  return {
    decline: {
      minDecline: pick('min_decline', raw.decline, SHIPPED.decline),
      maxZ: pick('max_z', raw.decline, SHIPPED.decline),
    },
    value: valueParameters,
    composite: {
      behavioural: weight('behavioural'),
      value: weight('value'),
      needs: weight('needs'),
      firmographic: weight('firmographic'),
    },
    assignment: {
      dwellDays: assigned('dwell_days'),
      overlayExitDays: assigned('overlay_exit_days'),
      windowDays: assigned('window_days'),
      overrideDays: assigned('override_days'),
    },
    breaker: {
      share: pick('share', raw.breaker, SHIPPED.breaker),
      minimum: pick('minimum', raw.breaker, SHIPPED.breaker),
    },
    outcomes: { inactiveDays: pick('inactive_days', raw.outcomes, SHIPPED.outcomes) },
  };
}

function readOwnOrShippedSegments(input: ModelInput): readonly Segment[] {
  const dwellDays = shipped(input.raw.assignment?.dwell_days ?? SHIPPED.assignment?.dwell_days);
  const defaults = { dwellDays, motionOf: shippedMotion };
  const own = input.raw.segments;
  return own == null
    ? readSegments(SHIPPED.segments ?? [], defaults, input.shipped)
    : readSegments(own, defaults, input.own);
}

/**
 * The fallback, closed: of the shipped one only the rungs whose segment exists, and the last home segment takes what no
 * rung takes, so that no customer is without a home (D10).
 */
function readOwnOrShippedFallback(segments: readonly Segment[], input: ModelInput): readonly Fallback[] {
  const { raw, own } = input;
  const home = segments.filter((segment) => !segment.isOverlay);
  const last = home.at(-1);
  const shippedRungs = raw.fallback == null ? readFallback(SHIPPED.fallback ?? [], input.shipped) : [];
  const rungs =
    raw.fallback == null
      ? shippedRungs.filter((rung) => home.some(({ name }) => name === rung.segment))
      : readFallback(raw.fallback, own);
  if (last === undefined || rungs.some((rung) => rung.when === null)) return rungs;
  if (raw.fallback != null) {
    own.warn(
      ['fallback'],
      'open-fallback',
      `the fallback does not say where the rest goes, so it goes to ${last.name}`,
      'End it with `otherwise`.',
    );
  }
  return [...rungs, { segment: last.name, when: null, place: last.place }];
}
