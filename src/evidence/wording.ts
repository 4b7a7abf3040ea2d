/** A number with as many digits as people read. */
export function writeNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** A fraction as whole percent: `83%`; null reads `an unknown share`. */
export function writePercent(share: number | null): string {
  return share === null ? 'an unknown share' : `${Math.round(100 * share)}%`;
}

/** The day of an instant. */
export function writeDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** The day that parts earlier outcomes from later ones; infinite: none, since nobody is watched yet. */
export function writeSplit(splitMs: number): string {
  return Number.isFinite(splitMs) ? writeDay(splitMs) : 'a day that is set once somebody is watched';
}

/** A share with its interval: `83% (79% to 87%)`. */
export function writePercentWithin(share: number | null, interval: readonly [number, number] | null): string {
  if (share === null || interval === null) return writePercent(share);
  return `${writePercent(share)} (${writePercent(interval[0])} to ${writePercent(interval[1])})`;
}

/** Names as people list them: `a`, `a and b`, `a, b and c`. */
export function writeList(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** A count with thousands separated and its noun: `1 account`, `1,200 accounts`. */
export function writeCount(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
