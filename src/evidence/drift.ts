import type { Model } from '../definition/model.ts';
import { benjaminiHochberg } from '../stats/multiple_testing.ts';
import { categoricalStability, numericStability, type PopulationStability } from '../stats/population_stability.ts';
import { type Refusal, refuse } from '../stats/refusal.ts';
import { atRisk } from './calendar.ts';
import { type Leak, leakReason } from './leak.ts';
import type { Panel, PanelRow } from './panel.ts';
import type { PanelSignal } from './signal.ts';
import type { Verdict } from './verdict.ts';
import { writeCount, writeDay } from './wording.ts';

/** How far one signal has moved since the reference: a row of `evidence drift --json`. Claim: it has moved. */
export interface DriftRow {
  readonly signal: string;
  readonly leak: Leak | null;
  /** Population stability index. */
  readonly estimate: number | null;
  /** What it would be on average, and seldom exceed, had nothing moved. */
  readonly expected: number | null;
  readonly threshold: number | null;
  /** From 0 to the threshold: where it would lie nineteen times in twenty had nothing moved. */
  readonly interval: readonly [number, number] | null;
  /** Customers at the reference and now. */
  readonly n: readonly [number, number];
  readonly p: number | null;
  readonly q: number | null;
  readonly tried: number;
  readonly horizonDays: null;
  readonly reference: string;
  readonly now: string;
  /** The bin that has moved most. */
  readonly mostMoved: { readonly label: string; readonly referenceShare: number; readonly currentShare: number } | null;
  readonly verdict: Verdict;
  readonly needed: { readonly reason: string | null; readonly accounts: number | null } | null;
  readonly sentence: string;
}

/** Whether the rules of a segment are due for another look (R153). */
export interface ReviewRow {
  readonly segment: string;
  readonly cadenceDays: number;
  readonly publishedAt: string | null;
  readonly dueOn: string | null;
  readonly isStale: boolean;
  readonly sentence: string;
}

/** What to look at; `referenceMs` null: the last landmark of the first quarter of the time. */
export interface DriftOptions {
  readonly signals: readonly PanelSignal[];
  readonly referenceMs: number | null;
}

/** An index below this is nothing to act on, where there are rows enough to tell. */
const WORTH_INDEX = 0.1;
const ALPHA = 0.05;
const FIRST_SHARE = 0.25;
/** Share of customers of whom a signal must be known on both sides: one that began to be known has not moved. */
const LEAST_KNOWN = 0.05;

/**
 * Has the distribution of a signal among customers moved between two landmarks?
 *
 * One landmark on either side, so that every account counts once there. Many accounts are in both, which makes chance
 * differences smaller than the threshold allows for: it errs towards "has not moved". q corrects over signals. Ages of
 * accounts move by themselves and are marked. Refuses a signal that is known of fewer than one customer in twenty on a side.
 */
export function testDrift(panel: Panel, { signals, referenceMs }: DriftOptions): readonly DriftRow[] {
  const rows = atRisk(panel);
  const landmarks = [...new Set(rows.map(({ landmarkMs }) => landmarkMs))].sort((a, b) => a - b);
  const nowMs = landmarks.at(-1);
  const wanted = referenceMs ?? landmarks[Math.floor((landmarks.length - 1) * FIRST_SHARE)];
  if (nowMs === undefined || wanted === undefined) return [];
  const earlier = landmarks.filter((landmark) => landmark < nowMs);
  const fromMs = earlier.toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0] ?? nowMs;
  const at = (landmark: number) => rows.filter(({ landmarkMs }) => landmarkMs === landmark);
  const [before, after] = [at(fromMs), at(nowMs)];
  const moved = signals.map((signal) => ({ signal, found: stabilityOf(panel, signal, before, after) }));
  const qs = benjaminiHochberg(
    moved.map(({ signal, found }) => (signal.leak === null && found.kind === 'estimated' ? found.p : null)),
  );
  const tried = qs.filter((q) => q !== null).length;
  const shape = { n: [before.length, after.length] as const, tried, horizonDays: null };
  const days = { reference: new Date(fromMs).toISOString(), now: new Date(nowMs).toISOString() };
  return moved.map(({ signal, found }, place) => rowOf(signal, found, qs[place] ?? null, { ...shape, ...days }));
}

function isKnown(panel: Panel, name: string, isNumber: boolean): (row: PanelRow) => boolean {
  if (isNumber) {
    const values = panel.numbers(name);
    return ({ index }) => !Number.isNaN(values[index] ?? Number.NaN);
  }
  const words = panel.texts(name);
  return ({ index }) => words[index] != null;
}

function stabilityOf(
  panel: Panel,
  { name, isNumber }: PanelSignal,
  before: readonly PanelRow[],
  after: readonly PanelRow[],
): PopulationStability | Refusal {
  const known = (rows: readonly PanelRow[]): number => rows.filter(isKnown(panel, name, isNumber)).length;
  for (const [rows, when] of [
    [before, 'then'],
    [after, 'now'],
  ] as const) {
    const count = known(rows);
    if (count < LEAST_KNOWN * rows.length)
      return refuse(
        `it is known of ${count} of ${writeCount(rows.length, 'customer')} ${when}, and cannot be compared`,
      );
  }
  if (isNumber) {
    const values = panel.numbers(name);
    const pick = (rows: readonly PanelRow[]) => Float64Array.from(rows, ({ index }) => values[index] ?? Number.NaN);
    return numericStability(pick(before), pick(after));
  }
  const words = panel.texts(name);
  const pick = (rows: readonly PanelRow[]) => rows.map(({ index }) => words[index] ?? null);
  return categoricalStability(pick(before), pick(after));
}

function rowOf(
  { name, leak }: PanelSignal,
  found: PopulationStability | Refusal,
  q: number | null,
  shape: Pick<DriftRow, 'n' | 'tried' | 'horizonDays' | 'reference' | 'now'>,
): DriftRow {
  const bare = { signal: name, leak, ...shape };
  if (found.kind === 'refused') {
    const none = { estimate: null, expected: null, threshold: null, interval: null, p: null, q: null, mostMoved: null };
    const sentence = `${name}: not tested, ${found.reason}.`;
    const needed = { reason: found.reason, accounts: null };
    return { ...bare, ...none, verdict: 'too_little_data', needed, sentence };
  }
  const { psi, expected, threshold, p, bins } = found;
  const most = bins.toSorted((a, b) => b.contribution - a.contribution)[0];
  const hasMoved = q !== null && q <= ALPHA && psi > threshold;
  const verdict: Verdict = hasMoved ? 'holds' : q !== null && threshold < WORTH_INDEX ? 'fails' : 'too_little_data';
  const few = 'with so few customers an index worth acting on could be chance';
  const reason = leak === null ? few : leakReason(leak);
  const row = {
    ...bare,
    estimate: psi,
    expected,
    threshold,
    interval: [0, threshold] as const,
    p,
    q,
    mostMoved:
      most === undefined
        ? null
        : { label: most.label, referenceShare: most.referenceShare, currentShare: most.currentShare },
    verdict,
    needed: verdict === 'too_little_data' ? { reason, accounts: null } : null,
  };
  return { ...row, sentence: sentenceOf(row) };
}

function sentenceOf(row: Omit<DriftRow, 'sentence'>): string {
  const span = `between ${row.reference.slice(0, 10)} and ${row.now.slice(0, 10)}`;
  const index = `index ${row.estimate?.toFixed(2)}, chance alone seldom exceeds ${row.threshold?.toFixed(2)}`;
  if (row.leak !== null) return `${row.signal}: not judged, since ${row.needed?.reason} (${index}).`;
  const share = (value: number | undefined): string => `${Math.round(100 * (value ?? 0))}%`;
  const moved = row.mostMoved;
  const where =
    moved === null
      ? ''
      : `, most in ${moved.label}: ${share(moved.referenceShare)} then, ${share(moved.currentShare)} now`;
  if (row.verdict === 'holds')
    return `${row.signal} of customers has moved ${span} (${index})${where}. Numbers set on the earlier time may no longer fit.`;
  if (row.verdict === 'fails')
    return `${row.signal} of customers has not moved ${span} by anything worth acting on (${index}).`;
  return `${row.signal}: whether it has moved ${span} cannot be told (${index}): ${row.needed?.reason}.`;
}

const CADENCES: readonly (readonly [RegExp, number])[] = [
  [/week/, 7],
  [/month/, 31],
  [/semi-?annual|half/, 183],
  [/quarter/, 92],
  [/year|annual/, 366],
];
const QUARTER_DAYS = 92;
const DAY_MS = 86_400_000;

/**
 * Which segments are past their review: the rules have stood longer than the segment's cadence, at most a quarter (R153).
 *
 * `publishedMs` is when this version of the model was first recorded; null where it never was, and nothing is stale then.
 */
export function reviewsOf(model: Model, publishedMs: number | null, nowMs: number): readonly ReviewRow[] {
  return model.segments.map(({ name, motion }): ReviewRow => {
    const words = motion.reviewCadence ?? '';
    const declared = CADENCES.find(([pattern]) => pattern.test(words))?.[1] ?? QUARTER_DAYS;
    const cadenceDays = Math.min(declared, QUARTER_DAYS);
    const dueMs = publishedMs === null ? null : publishedMs + cadenceDays * DAY_MS;
    const isStale = dueMs !== null && dueMs < nowMs;
    const dueOn = dueMs === null ? null : writeDay(dueMs);
    const published = publishedMs === null ? null : new Date(publishedMs).toISOString();
    const since = publishedMs === null ? '' : `its rules have stood since ${writeDay(publishedMs)}`;
    const sentence =
      dueOn === null
        ? `${name}: this version of the model was never recorded, so no review is due.`
        : `${name}: ${since}; a review ${isStale ? 'was' : 'is'} due on ${dueOn}.`;
    return { segment: name, cadenceDays, publishedAt: published, dueOn, isStale, sentence };
  });
}
