/** ARR of several accounts: the sum of what is known, and how many are unknown. */
export interface ArrSum {
  /** In the workspace's currency, to the cent; null where there are accounts and not one has a known ARR. */
  readonly arr: number | null;
  readonly unknown: number;
}

/** Adds up ARR without taking unknown for nothing. Nobody at all have 0. */
export function sumArr(values: readonly (number | null)[]): ArrSum {
  const known = values.filter((value) => value !== null);
  const unknown = values.length - known.length;
  if (known.length === 0 && unknown > 0) return { arr: null, unknown };
  return { arr: Math.round(known.reduce((sum, value) => sum + value, 0) * 100) / 100, unknown };
}
