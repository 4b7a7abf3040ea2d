import { wilsonInterval } from '../stats/proportion.ts';
import { counted, spoken } from './wording.ts';

const DAY_MS = 86_400_000;
/** Places in the order that are told. */
const PLACES = 3;
const MOST_ORDERS = 5;

/** The areas that an account used, with the instant of the first use of each, and when the account was created. */
export interface AccountFirsts {
  readonly accountId: string;
  readonly createdMs: number;
  readonly firsts: readonly { readonly area: string; readonly firstMs: number }[];
}

/** At which place accounts adopt an area: counts by place, first to third. */
interface AdoptedArea {
  readonly area: string;
  /** Accounts whose first, second and third area it was. */
  readonly places: readonly number[];
  /** Of the accounts that had used so many areas; null where none had. */
  readonly shares: readonly (number | null)[];
  readonly intervals: readonly (readonly [number, number] | null)[];
  /** Accounts that ever used it. */
  readonly adopted: number;
  /** Median of the days from `created` to its first use; null where nobody used it. */
  readonly medianDays: number | null;
}

/** In which order accounts come to use feature areas. */
export interface AdoptionOrder {
  /** Accounts that had used at least one, two and three areas: the denominators. */
  readonly accounts: readonly number[];
  /** Accounts of whom it is not known, since they are older than the events. */
  readonly unknown: number;
  /** By first places, then second and third ones. */
  readonly areas: readonly AdoptedArea[];
  /** The most frequent orders of the first three, and how many of those with three took each. */
  readonly orders: readonly { readonly order: readonly string[]; readonly accounts: number }[];
  readonly sentence: string;
}

/** The order in which areas are adopted. Pure. Areas first used at the same instant stand in the order of their names. */
export function adoptionOrder(
  accounts: readonly AccountFirsts[],
  areas: readonly string[],
  unknown: number,
): AdoptionOrder {
  const orders = accounts.map(({ firsts }) =>
    firsts.toSorted((a, b) => a.firstMs - b.firstMs || (a.area < b.area ? -1 : 1)).map(({ area }) => area),
  );
  const counts = Array.from({ length: PLACES }, (_, place) => orders.filter((order) => order.length > place).length);
  const days = new Map<string, number[]>(areas.map((area) => [area, []]));
  for (const { createdMs, firsts } of accounts) {
    for (const { area, firstMs } of firsts) days.get(area)?.push((firstMs - createdMs) / DAY_MS);
  }
  const adopted = areas.map((area): AdoptedArea => {
    const places = counts.map((_, place) => orders.filter((order) => order[place] === area).length);
    const used = days.get(area) ?? [];
    return {
      ...{ area, places, adopted: used.length, medianDays: median(used) },
      shares: places.map((count, place) => (counts[place] ? count / counts[place] : null)),
      intervals: places.map((successes, place) => wilsonInterval({ successes, trials: counts[place] ?? 0 })),
    };
  });
  const byPlace = (a: AdoptedArea, b: AdoptedArea): number =>
    a.places.reduce((found, count, place) => found || (b.places[place] ?? 0) - count, 0) || (a.area < b.area ? -1 : 1);
  const sorted = adopted.toSorted(byPlace);
  return { accounts: counts, unknown, areas: sorted, orders: frequent(orders), sentence: sentenceOf(sorted, counts) };
}

function frequent(orders: readonly (readonly string[])[]): AdoptionOrder['orders'] {
  const counts = new Map<string, number>();
  for (const order of orders) {
    if (order.length < PLACES) continue;
    const key = JSON.stringify(order.slice(0, PLACES));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .toSorted(([a, most], [b, least]) => least - most || (a < b ? -1 : 1))
    .slice(0, MOST_ORDERS)
    .map(([key, count]) => ({ order: JSON.parse(key) as readonly string[], accounts: count }));
}

function sentenceOf(areas: readonly AdoptedArea[], [all = 0, two = 0]: readonly number[]): string {
  const [first] = areas;
  if (first === undefined || all === 0) return 'No account has used a feature area since it was created';
  const second = areas.reduce((best, area) => ((area.places[1] ?? 0) > (best.places[1] ?? 0) ? area : best));
  const begin = `${counted(first.places[0] ?? 0)} of ${counted(all)} accounts begin with ${spoken(first.area)}`;
  if (two === 0) return begin;
  return `${begin}; the second area is most often ${spoken(second.area)}, for ${counted(second.places[1] ?? 0)} of ${counted(two)}`;
}

/** The middle of some numbers, the mean of the middle two where there are two; null of none. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
}
