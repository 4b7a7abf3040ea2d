import { writePercent } from './wording.ts';

/** A share in words of a sentence: `83%`; null reads `an unknown share`. */
export function percent(share: number | null): string {
  return share === null ? 'an unknown share' : writePercent(share);
}

/** A share with its interval: `83% (79% to 87%)`. */
export function percentWithin(share: number | null, interval: readonly [number, number] | null): string {
  if (share === null || interval === null) return percent(share);
  return `${percent(share)} (${percent(interval[0])} to ${percent(interval[1])})`;
}

/** Names as people list them: `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** A count with thousands separated and its noun: `1 account`, `1,200 accounts`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
