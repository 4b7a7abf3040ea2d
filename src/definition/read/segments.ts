import type { Path } from '../document.ts';
import type { Fallback, HealthComponent, Job, Motion, Segment, Trigger } from '../model.ts';
import { listOf, type Named, named, type Reader, textOf } from '../reader.ts';
import type { RawHealth, RawModel, RawMotion, RawSegment, RawTrigger } from '../schema.ts';
import { isOtherwise } from './classes.ts';

/** What a segment takes where it leaves something out. */
export interface SegmentDefaults {
  readonly dwellDays: number;
  /** Coverage and renewal cadence of a shipped segment by that name. */
  readonly motionOf: (name: string) => RawMotion | undefined;
}

/** Due days of a trigger that names none: an expansion can wait longer than a save (R110). */
const DUE_DAYS = { expansion: 14, churn: 7 } as const;

/** Segments in their precedence, from a list or an ordered map. */
export function readSegments(
  raw: NonNullable<RawModel['segments']>,
  defaults: SegmentDefaults,
  reader: Reader,
): readonly Segment[] {
  return named<RawSegment | string>(raw, ['segments'], reader).flatMap((item) => readSegment(item, defaults, reader));
}

function readSegment(
  { name, value, path }: Named<RawSegment | string>,
  defaults: SegmentDefaults,
  reader: Reader,
): Segment[] {
  const segment: RawSegment = typeof value === 'string' ? { when: value } : value;
  const at = typeof value === 'string' ? path : [...path, 'when'];
  if (isOtherwise(segment.when)) {
    reader.report(
      path,
      'missing-key',
      `segment \`${name}\` needs a condition \`when\``,
      'What no rule takes goes by `fallback`.',
    );
    return [];
  }
  const when = reader.condition(at, segment.when ?? '');
  if (when === null) return [];
  return [
    {
      name,
      when,
      isOverlay: segment.overlay ?? isAtRisk(name),
      dwellDays: segment.dwell_days ?? defaults.dwellDays,
      personas: (segment.personas ?? []).map((persona) => (typeof persona === 'string' ? persona : persona.name)),
      messagingHook: textOf(segment.messaging_hook),
      salesMotion: textOf(segment.sales_motion),
      pricing: textOf(segment.pricing),
      motion: readMotion(segment.motion, defaults.motionOf(name), [...path, 'motion'], reader),
      health: segment.health == null ? null : readHealth(segment.health, [...path, 'health'], reader),
      place: reader.place(path),
    },
  ];
}

function isAtRisk(name: string): boolean {
  return /^at[-_ ]risk$/i.test(name);
}

function readMotion(
  raw: RawMotion | null | undefined,
  shipped: RawMotion | undefined,
  path: Path,
  reader: Reader,
): Motion {
  const triggers = (key: 'expansion_triggers' | 'churn_indicators', dueDays: number) =>
    named<RawTrigger>(raw?.[key], [...path, key], reader).flatMap((item) => readTrigger(item, dueDays, reader));
  return {
    coverage: readCoverage(raw?.coverage ?? shipped?.coverage, [...path, 'coverage'], reader),
    salesPlay: textOf(raw?.sales_play),
    nurtureTrack: textOf(raw?.nurture_track),
    expansionTriggers: triggers('expansion_triggers', DUE_DAYS.expansion),
    churnIndicators: triggers('churn_indicators', DUE_DAYS.churn),
    renewalCadenceDays: raw?.renewal_cadence_days ?? shipped?.renewal_cadence_days ?? null,
    reviewCadence: raw?.review_cadence ?? shipped?.review_cadence ?? null,
  };
}

function readCoverage(raw: RawMotion['coverage'], path: Path, reader: Reader): Motion['coverage'] {
  if (raw == null) return null;
  if (typeof raw === 'string') return { model: raw, ratio: null };
  const ratio = typeof raw.ratio === 'string' ? Number(raw.ratio.replace(/^\s*1\s*:\s*/, '')) : (raw.ratio ?? null);
  if (ratio !== null && !(ratio > 0)) {
    reader.report(
      [...path, 'ratio'],
      'wrong-shape',
      `\`${raw.ratio}\` is no ratio`,
      'Write the accounts of one CSM: 30, or 1:30.',
    );
    return { model: raw.model ?? '', ratio: null };
  }
  return { model: raw.model ?? '', ratio };
}

function readTrigger({ name, value, path }: Named<RawTrigger>, dueDays: number, reader: Reader): Trigger[] {
  const when = reader.condition([...path, 'when'], value.when);
  if (when === null) return [];
  return [
    {
      name,
      when,
      dueDays: value.due_days ?? dueDays,
      owner: value.owner ?? 'csm',
      steps: listOf(value.steps),
      entersAtRisk: value.enters_at_risk ?? false,
      place: reader.place(path),
    },
  ];
}

/** Components of the health score, from a list or a map by signal. */
export function readHealth(raw: RawHealth, path: Path, reader: Reader): readonly HealthComponent[] {
  const items = Array.isArray(raw)
    ? raw.map((value, index) => ({ signal: value.signal, value, here: [...path, index] }))
    : Object.entries(raw).map(([signal, value]) => ({ signal, value, here: [...path, signal] }));
  return items.flatMap(({ signal, value, here }): HealthComponent[] => {
    if (signal === undefined) reader.report(here, 'missing-key', 'it needs a `signal`');
    if (value.poor === value.good) reader.report(here, 'wrong-shape', '`poor` and `good` must differ');
    return signal === undefined
      ? []
      : [{ signal, poor: value.poor, good: value.good, weight: value.weight, place: reader.place(here) }];
  });
}

type RawFallback = NonNullable<RawModel['fallback']>;

/** Rungs of the fallback in their order, from a map of segment to condition or a list. */
export function readFallback(raw: RawFallback, reader: Reader): readonly Fallback[] {
  const rungs = Array.isArray(raw)
    ? raw.map((rung, index) => ({
        segment: rung.segment ?? rung.name,
        text: rung.when,
        path: ['fallback', index],
        at: ['fallback', index, 'when'],
      }))
    : Object.entries(raw).map(([segment, text]) => ({
        segment,
        text,
        path: ['fallback', segment],
        at: ['fallback', segment],
      }));
  return rungs.flatMap(({ segment, text, path, at }): Fallback[] => {
    const place = reader.place(path);
    if (segment === undefined) {
      reader.report(path, 'missing-key', 'it needs a `segment`');
      return [];
    }
    if (text == null || isOtherwise(text)) return [{ segment, when: null, place }];
    const when = reader.condition(at, text);
    return when === null ? [] : [{ segment, when, place }];
  });
}

type Item<T> = T extends readonly (infer Each)[] ? Each : never;
type RawJob = Item<NonNullable<RawModel['jobs']>>;

/** Jobs; a text alone is its label. */
export function readJobs(raw: RawModel['jobs'], reader: Reader): readonly Job[] {
  return named<RawJob | string>(raw, ['jobs'], reader).map(({ name, value, path }) => {
    const job: RawJob = typeof value === 'string' ? { label: value } : value;
    return {
      name,
      label: job.label ?? name.replaceAll('_', ' '),
      codebook: listOf(job.codebook),
      features: listOf(job.features),
      place: reader.place(path),
    };
  });
}
