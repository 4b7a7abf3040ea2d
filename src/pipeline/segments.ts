import type { Model, Segment } from '../definition/model.ts';
import type { AccountRow } from './accounts.ts';
import { sumArr } from './money.ts';

/** One segment with who is in it: a row of `segments --json`, in the precedence of the model. */
export interface SegmentRow {
  readonly name: string;
  /** Lies over the home segments (At-Risk). */
  readonly is_overlay: boolean;
  readonly rule: string;
  readonly accounts: number;
  /** Null where it has accounts and the ARR of none is known. */
  readonly arr: number | null;
  readonly arr_unknown: number;
  /** Of all customers in segments: 0 to 1; null where there are none. */
  readonly share: number | null;
  readonly arr_share: number | null;
  /** Quartiles of health of its members, null where nobody has any: a mean would hide who is in it (R017). */
  readonly health: { readonly low: number; readonly median: number; readonly high: number } | null;
  readonly cohorts: Readonly<Record<string, number>>;
  readonly value_tiers: Readonly<Record<string, number>>;
  /** Members that wait to move out, and accounts that wait to move in. */
  readonly leaving: number;
  readonly entering: number;
  readonly ineligible: number;
  readonly coverage: { readonly model: string; readonly ratio: number | null } | null;
  /** Accounts that are looked after as its members are: those, and At-Risk accounts that came from it (D14). */
  readonly covered: number;
  /** People needed for these at the ratio of its coverage; null where it has none. */
  readonly people: number | null;
  readonly sales_play: string | null;
  readonly expansion_triggers: readonly string[];
  readonly churn_indicators: readonly string[];
}

/** Every segment of a model with its members among these accounts. Pure. */
export function summarizeSegments(model: Model, accounts: readonly AccountRow[]): readonly SegmentRow[] {
  const placed = accounts.filter(({ segment }) => segment !== null);
  const whole = { accounts: placed.length, arr: arrOf(placed).arr ?? 0 };
  return model.segments.map((segment) => {
    const members = placed.filter((account) => account.segment === segment.name);
    const { arr, unknown } = arrOf(members);
    return {
      name: segment.name,
      is_overlay: segment.isOverlay,
      rule: segment.when.text,
      accounts: members.length,
      arr,
      arr_unknown: unknown,
      share: shareOf(members.length, whole.accounts),
      arr_share: arr === null ? null : shareOf(arr, whole.arr),
      health: quartiles(members.flatMap(({ health }) => (health === null ? [] : [health]))),
      cohorts: countBy(members.map(({ cohort }) => cohort)),
      value_tiers: countBy(members.map(({ value_tier }) => value_tier)),
      leaving: members.filter(({ waiting }) => waiting !== null).length,
      entering: placed.filter(({ waiting }) => waiting?.segment === segment.name).length,
      ineligible: members.filter(({ eligible }) => eligible === false).length,
      ...motionOf(segment, placed.filter(({ coverage }) => coverage?.segment === segment.name).length),
    };
  });
}

function motionOf({ motion }: Segment, covered: number) {
  const { coverage } = motion;
  const ratio = coverage?.ratio ?? null;
  return {
    coverage,
    covered,
    people: ratio === null ? null : Math.ceil(covered / ratio),
    sales_play: motion.salesPlay,
    expansion_triggers: motion.expansionTriggers.map(({ name }) => name),
    churn_indicators: motion.churnIndicators.map(({ name }) => name),
  };
}

function arrOf(accounts: readonly AccountRow[]) {
  return sumArr(accounts.map(({ arr }) => arr));
}

function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function countBy(names: readonly (string | null)[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name ?? 'unknown'] = (counts[name ?? 'unknown'] ?? 0) + 1;
  return counts;
}

/** Lower quartile, median and upper quartile, each a value that occurs. */
function quartiles(values: readonly number[]): SegmentRow['health'] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return sorted.length === 0 ? null : { low: at(0.25), median: at(0.5), high: at(0.75) };
}
