import { wilsonInterval } from '../stats/proportion.ts';
import { spoken, spokenFirst } from './wording.ts';

/** How a group of users uses a feature area. */
interface AreaUse {
  readonly area: string;
  /** Users who used the area in the last 60 days. */
  readonly used: number;
  /** Of the group's users; null where it has none. */
  readonly share: number | null;
  readonly interval: readonly [number, number] | null;
}

/** A segment's users, or a tier's, and what they use. */
export interface AreaGroup {
  readonly name: string;
  /** Users of it who used any feature area in the last 60 days: the denominator. */
  readonly users: number;
  /** In the order of the model. */
  readonly areas: readonly AreaUse[];
}

/** Users of one account in one tier who used any area in 60 days, and of them those who used each, in the model's order. */
export interface UseCount {
  readonly accountId: string;
  readonly tier: string | null;
  readonly users: number;
  readonly used: readonly number[];
}

/** Feature areas by group of users: one row a group, in the order of `names`. Pure; a count in no group is left out. */
export function areaGroups(
  counts: readonly UseCount[],
  areas: readonly string[],
  names: readonly string[],
  groupOf: (count: UseCount) => string | null,
): readonly AreaGroup[] {
  const sums = new Map(names.map((name) => [name, { users: 0, used: areas.map(() => 0) }]));
  for (const count of counts) {
    const sum = sums.get(groupOf(count) ?? '');
    if (sum === undefined) continue;
    sum.users += count.users;
    for (const place of areas.keys()) sum.used[place] = (sum.used[place] ?? 0) + (count.used[place] ?? 0);
  }
  return [...sums].map(([name, { users, used }]) => ({
    ...{ name, users },
    areas: areas.map((area, place) => {
      const successes = used[place] ?? 0;
      return {
        ...{ area, used: successes, share: users === 0 ? null : successes / users },
        interval: wilsonInterval({ successes, trials: users }),
      };
    }),
  }));
}

/** Users of a group below which nothing is said of what it uses. */
const LEAST_USERS = 20;

/**
 * The widest gap between two groups in one sentence: which area tells them apart. Pure. Groups of fewer than 20 users are
 * not compared, and a gap whose intervals overlap is none.
 */
export function areaSentence(groups: readonly AreaGroup[], kind: 'segment' | 'tier'): string {
  const compared = groups.filter(({ users }) => users >= LEAST_USERS);
  if (compared.length < 2) {
    return `Fewer than two ${kind}s have ${LEAST_USERS} users with a feature area in 60 days: too few to compare`;
  }
  const gaps = (compared[0]?.areas ?? []).flatMap(({ area }, place) => {
    const uses = compared.flatMap((group) => {
      const use = group.areas[place];
      return use?.share === null || use === undefined || use.interval === null
        ? []
        : [{ group: group.name, share: use.share, interval: use.interval }];
    });
    const high = uses.reduce((best, use) => (use.share > best.share ? use : best));
    const low = uses.reduce((best, use) => (use.share < best.share ? use : best));
    return high.interval[0] > low.interval[1] ? [{ area, high, low, gap: high.share - low.share }] : [];
  });
  const widest = gaps.reduce<(typeof gaps)[number] | null>(
    (best, gap) => (gap.gap > (best?.gap ?? 0) ? gap : best),
    null,
  );
  if (widest === null) return `No feature area tells the ${kind}s apart: their intervals overlap`;
  const told = ({ group, share }: { group: string; share: number }) =>
    `${Math.round(100 * share)}% in ${spoken(group)}`;
  return `${spokenFirst(widest.area)} tells ${kind}s apart most: used by ${told(widest.high)}, ${told(widest.low)}`;
}
