import type { Condition } from '../../rule/condition.ts';
import { type Expression, part } from '../../rule/expression.ts';
import type { Band } from '../model.ts';
import { type Finding, type FindingHead, finding, type ModelCheck } from './check.ts';

const RANGES: FindingHead = {
  code: 'band-ranges',
  kind: 'operationalisation',
  requirement: 'R012',
  severity: 'warning',
};

/** An interval of one attribute; open ends do not belong to it. */
interface Interval {
  readonly name: string;
  readonly attribute: string;
  readonly low: number;
  readonly isLowOpen: boolean;
  readonly high: number;
  readonly isHighOpen: boolean;
}

/** Bands over one number that leave a gap between them, or claim the same stretch twice. */
export const bandRanges: ModelCheck = {
  name: 'band_ranges',
  find: ({ model }) => model.bands.flatMap(findIn),
};

function findIn(band: Band): readonly Finding[] {
  if (band.bands.some((each) => each.when === null)) return [];
  const intervals = band.bands.map((each) => (each.when === null ? null : intervalOf(each.name, each.when)));
  const [first] = intervals;
  if (first == null || intervals.some((interval) => interval?.attribute !== first.attribute)) return [];
  const sorted = intervals.filter((interval) => interval !== null).toSorted((a, b) => a.low - b.low || a.high - b.high);
  return sorted.slice(1).flatMap((next, index) => {
    const before = sorted[index];
    const message = before === undefined ? null : faultBetween(before, next);
    const place = band.bands.find((each) => each.name === next.name)?.place;
    return message === null || place === undefined ? [] : [finding(RANGES, place, `${band.name}: ${message}`)];
  });
}

function faultBetween(before: Interval, next: Interval): string | null {
  const { attribute } = before;
  if (before.high < next.low)
    return `${attribute} from ${before.high} to ${next.low} is neither \`${before.name}\` nor \`${next.name}\``;
  const isPointLost = before.high === next.low && before.isHighOpen && next.isLowOpen;
  if (isPointLost) return `${attribute} = ${next.low} is neither \`${before.name}\` nor \`${next.name}\``;
  const isShared = before.high > next.low || (!before.isHighOpen && !next.isLowOpen);
  if (!isShared) return null;
  if (before.high === next.low)
    return `${attribute} = ${next.low} is both \`${before.name}\` and \`${next.name}\`; the first listed wins`;
  return `${attribute} from ${next.low} to ${Math.min(before.high, next.high)} is both \`${before.name}\` and \`${next.name}\`; the first listed wins`;
}

/** The interval of one attribute that a condition is, or null where it is anything else. */
function intervalOf(name: string, condition: Condition): Interval | null {
  const tests = condition.expression.kind === 'and' ? condition.expression.parts : [condition.expression];
  let interval: Interval | null = null;
  for (const test of tests) {
    const found = boundOf(name, test);
    if (found === null || (interval !== null && interval.attribute !== found.attribute)) return null;
    interval = interval === null ? found : narrowed(interval, found);
  }
  return interval;
}

function narrowed(a: Interval, b: Interval): Interval {
  const isHigher = b.low > a.low;
  const isLower = b.high < a.high;
  return {
    ...a,
    low: isHigher ? b.low : a.low,
    isLowOpen: isHigher ? b.isLowOpen : a.isLowOpen,
    high: isLower ? b.high : a.high,
    isHighOpen: isLower ? b.isHighOpen : a.isHighOpen,
  };
}

function boundOf(name: string, node: Expression): Interval | null {
  if (node.parts[0]?.kind !== 'name' || node.parts.slice(1).some((child) => typeof child.value !== 'number'))
    return null;
  const all = {
    name,
    attribute: node.parts[0].word,
    low: -Infinity,
    isLowOpen: true,
    high: Infinity,
    isHighOpen: true,
  };
  if (node.kind === 'between' && !node.isNegated) {
    return {
      ...all,
      low: Number(part(node, 1).value),
      isLowOpen: false,
      high: Number(part(node, 2).value),
      isHighOpen: false,
    };
  }
  if (node.kind !== 'compare') return null;
  const value = Number(part(node, 1).value);
  if (node.word === '<' || node.word === '<=') return { ...all, high: value, isHighOpen: node.word === '<' };
  if (node.word === '>' || node.word === '>=') return { ...all, low: value, isLowOpen: node.word === '>' };
  return node.word === '=' ? { ...all, low: value, isLowOpen: false, high: value, isHighOpen: false } : null;
}
