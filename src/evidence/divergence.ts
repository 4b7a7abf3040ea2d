import { randomStream } from '../stats/random.ts';
import { earliestDivergence, type SimultaneousBand, simultaneousBand } from '../stats/simultaneous_band.ts';
import { type Calendar, type CustomerRow, calendarOf } from './calendar.ts';
import { type Half, halfOf } from './divergence_half.ts';
import { type MatchedCase, matchCases } from './divergence_match.ts';
import { DAY_MS } from './history.ts';
import type { Panel } from './panel.ts';
import type { PanelSignal } from './signal.ts';
import type { Verdict } from './verdict.ts';
import { writeNumber, writePercent } from './wording.ts';

type Pair = readonly [number, number];

/** One signal so many weeks before churn: churned less retained, in standard deviations of the retained. */
interface DivergenceWeek {
  readonly weeksBefore: number;
  readonly sets: number;
  readonly standardised: number | null;
  readonly interval: Pair | null;
  /** Chance to see a difference of half a standard deviation in this week. */
  readonly power: number | null;
}

/** When one signal of churned accounts parts from that of their controls: a row of `evidence divergence --json`. */
export interface DivergenceRow {
  readonly signal: string;
  /** Weeks before churn from which the band stays off zero to the end; null: it does not. */
  readonly weeksBefore: number | null;
  readonly side: 'higher' | 'lower' | null;
  /** Days before churn by which half of the difference of the last week was there; null where no week is told apart. */
  readonly half: Half | null;
  /** In the week in which it is furthest off zero. */
  readonly estimate: number | null;
  readonly interval: Pair | null;
  readonly n: number;
  readonly events: number;
  /** Adjusted for all weeks and signals. */
  readonly p: number | null;
  readonly q: number | null;
  readonly tried: number;
  /** In the earliest week, or in the one before which nothing was seen. */
  readonly power: number | null;
  /** The earliest week in which a difference of half a standard deviation would be seen four times in five. */
  readonly visibleFromWeeks: number | null;
  readonly horizonDays: number;
  readonly weeks: readonly DivergenceWeek[];
  readonly verdict: Verdict;
  readonly needed: { readonly reason: string | null; readonly accounts: number | null } | null;
  readonly sentence: string;
}

/** What to look at: weeks back from churn, controls of a case, and the texts that a control must share. */
export interface DivergenceOptions {
  readonly signals: readonly PanelSignal[];
  readonly bands: readonly string[];
  readonly weeks: number;
  readonly controls: number;
  readonly permutations: number;
  readonly seed: number;
}

/** Every signal, and how many cases were matched. */
export interface DivergenceReport {
  readonly rows: readonly DivergenceRow[];
  readonly churns: number;
  readonly matched: number;
  readonly controls: number;
  readonly calendar: Calendar;
}

const FEWEST_SETS = 20;
const WORTH = 0.5;
const ENOUGH_POWER = 0.8;

/**
 * How long before a churn does each signal of those who leave part from that of those who stay?
 *
 * Churned accounts aligned at churn, each beside accounts of the same calendar week, age and band that were customers then
 * (risk-set controls: they may leave later). The band holds for all weeks and signals together, so the earliest week off
 * zero is no selection; "earliest" is also "first with enough cases", so power is told week by week. Weekly landmarks.
 */
export function testDivergence(panel: Panel, options: DivergenceOptions): DivergenceReport {
  const calendar = calendarOf(panel);
  const signals = options.signals.filter(({ isNumber, leak, dimension }) => {
    return isNumber && leak === null && dimension !== 'firmographic';
  });
  const cases = matchCases(panel, calendar.rows, options);
  const matched = cases.filter(({ controls }) => controls.length > 0);
  const band = bandOf(panel, matched, signals, options);
  const later = matched.filter(({ churnMs }) => churnMs >= calendar.laterMs);
  const rows = signals.map((signal, place) =>
    rowOf(panel, signal, place, { band, matched, later, tried: signals.length }, options),
  );
  return {
    rows,
    churns: cases.length,
    matched: matched.length,
    controls: matched.reduce((sum, { controls }) => sum + controls.length, 0),
    calendar,
  };
}

/** The values of an account at each week before the churn of its case, oldest first, signals within weeks. */
function valuesOf(
  columns: readonly Float64Array[],
  track: ReadonlyMap<number, CustomerRow>,
  lastMs: number,
  weeks: number,
): readonly (number | null)[] {
  return Array.from({ length: weeks }, (_, week) => track.get(lastMs - (weeks - 1 - week) * 7 * DAY_MS)).flatMap(
    (row) =>
      columns.map((column) => {
        const value = row === undefined ? Number.NaN : (column[row.index] ?? Number.NaN);
        return Number.isNaN(value) ? null : value;
      }),
  );
}

function bandOf(
  panel: Panel,
  matched: readonly MatchedCase[],
  signals: readonly PanelSignal[],
  options: DivergenceOptions,
): SimultaneousBand | null {
  if (matched.length < FEWEST_SETS || signals.length === 0) return null;
  const columns = signals.map(({ name }) => panel.numbers(name));
  const weeks = options.weeks + 1;
  const sets = matched.map(({ track, lastMs, controls }) => ({
    subject: valuesOf(columns, track, lastMs, weeks),
    controls: controls.map((control) => valuesOf(columns, control, lastMs, weeks)),
  }));
  const random = randomStream(options.seed, 'divergence');
  const { permutations } = options;
  const band = simultaneousBand({ weeks, signals: signals.length, sets }, random, {
    permutations,
    fewestSets: FEWEST_SETS,
    powerAt: WORTH,
  });
  return band.kind === 'refused' ? null : band;
}

interface Judged {
  readonly band: SimultaneousBand | null;
  readonly matched: readonly MatchedCase[];
  readonly later: readonly MatchedCase[];
  readonly tried: number;
}

function rowOf(
  panel: Panel,
  signal: PanelSignal,
  place: number,
  { band, matched, later, tried }: Judged,
  options: DivergenceOptions,
): DivergenceRow {
  const cells = (band?.cells ?? []).filter((cell) => cell.signal === place);
  const weeks = cells.map(
    ({ week, sets, estimate }): DivergenceWeek => ({
      weeksBefore: options.weeks - week,
      sets,
      standardised: estimate?.standardised ?? null,
      interval: estimate?.interval ?? null,
      power: estimate?.power ?? null,
    }),
  );
  const earliest = band === null ? null : earliestDivergence(band, place);
  const weeksBefore = earliest === null ? null : options.weeks - earliest.week;
  const known = cells.flatMap(({ estimate }) => estimate ?? []);
  const furthest = known.toSorted((a, b) => Math.abs(b.z) - Math.abs(a.z))[0];
  const sign = earliest === null ? 0 : earliest.side === 'higher' ? 1 : -1;
  const isSame = sign === 0 ? null : isSameIn(panel.numbers(signal.name), later, sign);
  const isExcluded = known.length > 0 && known.every(({ interval }) => interval[0] > -WORTH && interval[1] < WORTH);
  const verdict: Verdict =
    earliest !== null && isSame === true ? 'holds' : earliest === null && isExcluded ? 'fails' : 'too_little_data';
  const visible = weeks.filter(({ power }) => (power ?? 0) >= ENOUGH_POWER).map((week) => week.weeksBefore);
  const row = {
    signal: signal.name,
    weeksBefore,
    side: earliest?.side ?? null,
    half: earliest === null ? null : halfOf(matched, panel.numbers(signal.name), halfOptions(signal.name, options)),
    estimate: furthest?.standardised ?? null,
    interval: furthest?.interval ?? null,
    n: Math.max(0, ...weeks.map(({ sets }) => sets)),
    events: matched.length,
    p: furthest?.p ?? null,
    q: furthest?.p ?? null,
    tried,
    power: weeks.find((week) => week.weeksBefore === (weeksBefore ?? 0))?.power ?? null,
    visibleFromWeeks: visible.length === 0 ? null : Math.max(...visible),
    horizonDays: options.weeks * 7,
    weeks,
    verdict,
    needed:
      verdict === 'too_little_data'
        ? { reason: reasonOf(matched.length, known.length, earliest !== null), accounts: null }
        : null,
  };
  return { ...row, sentence: sentenceOf(row) };
}

function halfOptions(label: string, { weeks, permutations, seed }: DivergenceOptions) {
  return { weeks, resamples: permutations, seed, label };
}

function reasonOf(matched: number, cells: number, hasDiverged: boolean): string {
  if (matched < FEWEST_SETS) return `${matched} churns with controls; ${FEWEST_SETS} are the least that is looked at`;
  if (cells === 0) return 'no week has enough churns with a value';
  return hasDiverged ? 'the last quarter of the time does not agree' : 'the band includes zero in the last week';
}

/** Whether churns of the last quarter differ to the same side in their last month; null without any. */
function isSameIn(column: Float64Array, cases: readonly MatchedCase[], sign: number): boolean | null {
  const gaps = cases.flatMap(({ track, controls, lastMs }) => {
    const at = (of: ReadonlyMap<number, CustomerRow>): number => column[of.get(lastMs)?.index ?? -1] ?? Number.NaN;
    const others = controls.map(at).filter((value) => !Number.isNaN(value));
    const gap = at(track) - others.reduce((sum, value) => sum + value / others.length, 0);
    return others.length === 0 || Number.isNaN(gap) ? [] : [gap];
  });
  return gaps.length === 0 ? null : sign * gaps.reduce((sum, gap) => sum + gap, 0) > 0;
}

function writeHalf(half: Half | null): string {
  if (half === null) return '';
  const span = half.interval?.map((end) => Math.round(end)).join(' to ');
  return ` Half of that was there ${Math.round(half.days)} days before${span === undefined ? '' : ` (95% interval ${span})`}.`;
}

function sentenceOf(row: Omit<DivergenceRow, 'sentence'>): string {
  const { signal, weeksBefore, side, needed, visibleFromWeeks } = row;
  if (weeksBefore === null || side === null) {
    return row.verdict === 'fails'
      ? `${signal}: churned accounts do not differ from those that stayed by half a standard deviation in any week.`
      : `${signal}: no week from which churned accounts differ and go on to, ${needed?.reason ?? 'too little data'}.`;
  }
  const seen =
    visibleFromWeeks === null
      ? ''
      : ` A difference of half a standard deviation would be seen from ${visibleFromWeeks} weeks before on.`;
  const power = row.power === null ? '' : `, where it is seen ${writePercent(row.power)} of the time`;
  const found = `${signal} of churned accounts is ${side} than that of like accounts from ${weeksBefore} weeks before the churn on${power}, at most ${writeNumber(Math.abs(row.estimate ?? 0))} standard deviations`;
  const half = `${found}.${writeHalf(row.half)}`;
  return row.verdict === 'holds' ? `${half}${seen}` : `${found}; ${needed?.reason}.${seen}`;
}
