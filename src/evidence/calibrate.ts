import type { Model } from '../definition/model.ts';
import { SHIPPED_MARK } from '../definition/reader.ts';
import type { Mark } from '../rule/condition.ts';
import { leakReason } from './leak.ts';
import { type ModelThreshold, modelRules, modelThresholds } from './model_threshold.ts';
import type { RuleTrial, TryRule } from './rule_trial.ts';
import type { ThresholdRow } from './threshold.ts';
import { unifiedDiff } from './unified_diff.ts';
import { writeDay, writeNumber, writePercent } from './wording.ts';

/** A number of the model that one's own data set. */
interface Proposal {
  readonly path: string;
  readonly signal: string;
  readonly operator: string;
  readonly from: number;
  readonly to: number;
  readonly because: string;
}

/** What stays as it is, and why. `value` is a number, or a rule or parameter as a whole (null). */
interface Kept {
  readonly path: string;
  readonly signal: string | null;
  readonly value: number | null;
  /** Confirmed: later data agree with the shipped number. Default: not yet calibrated. */
  readonly state: 'confirmed' | 'default';
  readonly because: string;
}

/** What `evidence calibrate --json` prints. */
export interface Calibration {
  readonly proposals: readonly Proposal[];
  readonly kept: readonly Kept[];
  /** Rules as a whole, as they are and with the numbers proposed, on the landmarks after the split. */
  readonly rules: readonly Tried[];
  /** Of the model file, in unified form; empty where nothing is proposed. */
  readonly diff: string;
  /** The model file with the numbers proposed, for a draft; as it is where nothing is. */
  readonly text: string;
}

/** A rule with the numbers proposed. */
interface Tried extends RuleTrial {
  readonly path: string;
  readonly from: string;
  readonly to: string;
  /** Those it means leave more often as a whole too; where not, its numbers are not proposed. */
  readonly stands: boolean;
}

/**
 * Numbers for the rules that still stand at the shipped default, from thresholds that hold.
 *
 * Proposed only where the cut was found on earlier data, holds on later data, is at risk on the side that the rule means,
 * and its interval leaves out the shipped number. Each number is judged alone, and then its
 * rule as a whole is tried: where those it means no longer leave more often, nothing of it is proposed. Nothing is changed: the diff is for a person to apply.
 */
export function calibrate(
  model: Model,
  modelText: string,
  rows: readonly ThresholdRow[],
  tryRule: TryRule = () => null,
): Calibration {
  const defaulted = new Set(model.defaulted);
  const thresholds = modelThresholds(model).filter(({ path }) => defaulted.has(path));
  const rivals = ({ path, signal }: ModelThreshold): number =>
    thresholds.filter((other) => other.path === path && other.signal === signal).length;
  const alone = thresholds.map((threshold) =>
    judge(
      threshold,
      rows.find(({ signal }) => signal === threshold.signal),
      rivals(threshold),
    ),
  );
  const rules = tryRules(alone, tryRule);
  const judged = alone.map((one) => withdraw(one, rules));
  const changes = judged.flatMap(({ threshold, row, to, because }) =>
    to === null || row === null ? [] : [{ threshold, to, because }],
  );
  const touched = touchedLines(modelText, changes);
  const withNumbers = new Set(thresholds.map(({ path }) => path));
  const whole = [...defaulted].filter((path) => !withNumbers.has(path));
  const aims = new Map(modelRules(model).map(({ path, aim }) => [path, aim]));
  return {
    proposals: judged.flatMap(({ threshold: { path, signal, operator, value }, to, because }) =>
      to === null ? [] : [{ path, signal, operator, from: value, to, because }],
    ),
    kept: [
      ...judged.flatMap(({ threshold: { path, signal, value }, to, because, state }): readonly Kept[] =>
        to === null ? [{ path, signal, value, state, because }] : [],
      ),
      ...whole.map(
        (path): Kept => ({
          path,
          signal: null,
          value: null,
          state: 'default',
          because: aims.has(path)
            ? 'its rule compares no signal with a number'
            : 'not testable: it is no cut of a signal of accounts',
        }),
      ),
    ],
    rules,
    diff: unifiedDiff(model.file, modelText, touched),
    text: rewritten(modelText, touched),
  };
}

interface Judged {
  readonly threshold: ModelThreshold;
  readonly row: ThresholdRow | null;
  readonly to: number | null;
  readonly state: Kept['state'];
  readonly because: string;
}

const GUARD = /_[tz]_\d+d$/;

function judge(threshold: ModelThreshold, row: ThresholdRow | undefined, rivals: number): Judged {
  const keep = (because: string, state: Kept['state'] = 'default'): Judged => ({
    threshold,
    row: row ?? null,
    to: null,
    state,
    because,
  });
  const { aim, operator, value, condition } = threshold;
  if (aim === 'other') return keep('not testable here: the rule does not say who may leave');
  if (operator === '=' || operator === '!=') return keep('not testable: one exact value is no cut');
  if (GUARD.test(threshold.signal)) return keep('it guards the rule against chance, and is no boundary to be found');
  if (rivals > 1) return keep('the rule compares it with several numbers, and one cut cannot set them all');
  if (row === undefined) return keep('not tested: no numeric signal of accounts');
  if (row.leak !== null) return keep(`not judged: ${leakReason(row.leak)}`);
  if (row.verdict === 'fails')
    return keep('later data rule out a difference worth acting on at any cut found: consider dropping it');
  if (row.verdict === 'too_little_data') return keep(`too little data: ${row.needed?.reason ?? 'not tested'}`);
  const meant = operator.startsWith('<') === (aim === 'risk') ? 'below' : 'above';
  if (row.side !== meant)
    return keep(`the data say that ${row.side} the cut is at risk, which is not what the rule means`);
  const [low, high] = row.cutInterval ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  if (value >= low && value <= high) {
    return keep(`${evidenceOf(row)}; the shipped number lies within the interval of the cut`, 'confirmed');
  }
  if (condition.place.field?.endsWith(SHIPPED_MARK) === true)
    return keep('it holds, and the file does not write the rule out');
  const to = shortestAt(row.cut ?? value, row.next ?? row.cut ?? value, operator);
  return {
    threshold,
    row,
    to,
    state: 'default',
    because: `${evidenceOf(row)}; found alone, not with the rest of its rule`,
  };
}

/** Each rule with all of its proposed numbers at once. */
function tryRules(judged: readonly Judged[], tryRule: TryRule): readonly Tried[] {
  const proposed = judged.filter(({ to }) => to !== null);
  return [...new Set(proposed.map(({ threshold }) => threshold.path))].flatMap((path): readonly Tried[] => {
    const own = proposed.filter(({ threshold }) => threshold.path === path);
    const [first] = own;
    if (first === undefined || first.threshold.aim === 'other') return [];
    const { condition, aim } = first.threshold;
    const text = own
      .toSorted((a, b) => b.threshold.start - a.threshold.start)
      .reduce((so, { threshold: { start, end }, to }) => `${so.slice(0, start)}${to}${so.slice(end)}`, condition.text);
    const trial = tryRule(condition, text, aim);
    if (trial === null) return [];
    return [{ path, from: condition.text, to: text, ...trial, stands: (trial.interval[1]?.[0] ?? 0) > 1 }];
  });
}

/** Takes a proposal back where its rule as a whole does not stand; else adds how the whole does. */
function withdraw(one: Judged, rules: readonly Tried[]): Judged {
  const rule = rules.find(({ path }) => path === one.threshold.path);
  if (one.to === null || rule === undefined) return one;
  if (!rule.stands) {
    return {
      ...one,
      to: null,
      because: `${one.because}; with it the whole rule would not tell who leaves after the split`,
    };
  }
  const [was, is] = rule.share;
  const ratio = rule.hazardRatio.map((value) => (value === null ? 'unknown' : writeNumber(value)));
  const whole = `the whole rule would hold for ${writePercent(is)} of customers (now ${writePercent(was)}), hazard ratio ${ratio[1]} (now ${ratio[0]})`;
  return { ...one, because: `${one.because}; ${whole}` };
}

function evidenceOf({ signal, side, cut, cutInterval, tested, q, split }: ThresholdRow): string {
  const where = `${signal} ${side === 'below' ? 'at or below' : 'above'} ${writeNumber(cut ?? 0)}`;
  const reach = cutInterval === null ? '' : ` (${writeNumber(cutInterval[0])} to ${writeNumber(cutInterval[1])})`;
  const [low, high] = tested?.interval ?? [Number.NaN, Number.NaN];
  return `${where}${reach} found before ${split === null ? 'the split' : writeDay(Date.parse(split))}, q ${writeNumber(q ?? 1)}; after it such accounts left ${writeNumber(tested?.hazardRatio ?? 1)} times as often (${writeNumber(low)} to ${writeNumber(high)}, ${tested?.events} churns)`;
}

const MOST_DIGITS = 15;

/** The number of fewest digits that parts the same accounts: those up to `cut` from those from `next` on. */
function shortestAt(cut: number, next: number, operator: string): number {
  const isClosed = operator === '<=' || operator === '>';
  const parts = (value: number): boolean => (isClosed ? value >= cut && value < next : value > cut && value <= next);
  const middle = (cut + next) / 2;
  for (let digits = 1; digits <= MOST_DIGITS; digits += 1) {
    const found = [cut, next, middle].map((value) => Number(value.toPrecision(digits))).find(parts);
    if (found !== undefined) return found;
  }
  return isClosed ? cut : next;
}

interface Change {
  readonly threshold: ModelThreshold;
  readonly to: number;
  readonly because: string;
}

/** Lines of the model file that become otherwise, by number from 1. Numbers stay where they stand, with comments and layout; a comment goes above the rule. */
function touchedLines(text: string, changes: readonly Change[]): ReadonlyMap<number, readonly string[]> {
  const lines = text.split('\n');
  const anew = new Map<number, string>();
  const comments = new Map<number, string[]>();
  const ordered = changes.toSorted((a, b) => b.threshold.start - a.threshold.start);
  for (const { threshold, to, because } of ordered) {
    const { condition, start, end, value, operator, signal } = threshold;
    const at = positionOf(condition.marks, start);
    if (at === null) continue;
    const line = anew.get(at.line) ?? lines[at.line - 1] ?? '';
    const from = at.column - 1;
    const length = end - start;
    if (line.slice(from, from + length) !== condition.text.slice(start, end)) continue;
    anew.set(at.line, `${line.slice(0, from)}${to}${line.slice(from + length)}`);
    const above = comments.get(condition.place.line ?? at.line) ?? [];
    above.unshift(`calibrated: ${signal} ${operator} ${to}, was ${value}. ${because}`);
    comments.set(condition.place.line ?? at.line, above);
  }
  const touched = new Map<number, readonly string[]>();
  for (const line of new Set([...anew.keys(), ...comments.keys()])) {
    const old = lines[line - 1] ?? '';
    const indent = /^[ ]*/.exec(old)?.[0] ?? '';
    const above = (comments.get(line) ?? []).map((comment) => `${indent}# ${comment}`);
    touched.set(line, [...above, anew.get(line) ?? old]);
  }
  return touched;
}

function rewritten(text: string, touched: ReadonlyMap<number, readonly string[]>): string {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => touched.get(index + 1) ?? [line]).join('\n');
}

function positionOf(marks: readonly Mark[], offset: number): { readonly line: number; readonly column: number } | null {
  const mark = marks.findLast((each) => each.offset <= offset);
  return mark === undefined ? null : { line: mark.line, column: mark.column + offset - mark.offset };
}
