/**
 * How long subjects were watched and how it ended, one row per subject (or per spell of one).
 *
 * Shape: columns of equal length. `time` is when watching ended; `event` is 1 where it ended with the event, 0 where it
 * was cut off; `entry` is when watching began, where that is not at 0 (delayed entry): the row is at risk at t where
 * entry < t <= time. Units: any one unit of time, 0 or more.
 */
export interface FollowUp {
  readonly time: ArrayLike<number>;
  readonly event: ArrayLike<number>;
  readonly entry?: ArrayLike<number> | undefined;
}

/** Throws where columns of follow-up cannot be what they claim: lengths, NaN, negative times, entry not before the end. */
export function checkFollowUp({ time, event, entry }: FollowUp): void {
  checkLength('event', event, time.length);
  if (entry !== undefined) checkLength('entry', entry, time.length);
  for (let row = 0; row < time.length; row += 1) {
    const end = time[row] as number;
    if (!(end >= 0 && end < Number.POSITIVE_INFINITY)) throw new Error(`row ${row}: a time is 0 or more; got ${end}`);
    const seen = event[row] as number;
    if (seen !== 0 && seen !== 1) throw new Error(`row ${row}: an event is 0 or 1; got ${seen}`);
    if (entry === undefined) continue;
    const start = entry[row] as number;
    if (!(start >= 0 && start < end)) {
      throw new Error(`row ${row}: an entry is 0 or more and before the time; got ${start}, time ${end}`);
    }
  }
}

/** Throws where a column has not as many rows as the times. */
export function checkLength(name: string, column: ArrayLike<unknown>, rows: number): void {
  if (column.length !== rows) throw new Error(`${name} has ${column.length} rows where time has ${rows}`);
}

/** Throws where a column holds anything but whole numbers from 0; answers the largest plus one, 0 for no rows. */
export function countLabels(name: string, labels: ArrayLike<number>): number {
  let count = 0;
  for (let row = 0; row < labels.length; row += 1) {
    const label = labels[row] as number;
    if (!(Number.isInteger(label) && label >= 0)) {
      throw new Error(`row ${row}: ${name} is a whole number from 0; got ${label}`);
    }
    if (label >= count) count = label + 1;
  }
  return count;
}

/** The rows in ascending order of keys; rows of equal keys stay in their order. */
export function orderBy(...keys: readonly ArrayLike<number>[]): Uint32Array {
  const order = new Uint32Array(keys[0]?.length ?? 0);
  for (let row = 0; row < order.length; row += 1) order[row] = row;
  const [first, second] = keys;
  if (first === undefined) return order;
  if (second === undefined) return order.sort((a, b) => (first[a] as number) - (first[b] as number) || a - b);
  return order.sort(
    (a, b) => (first[a] as number) - (first[b] as number) || (second[a] as number) - (second[b] as number) || a - b,
  );
}

/** The rows that a test keeps, as follow-up of their own. */
export function selectFollowUp({ time, event, entry }: FollowUp, keep: (row: number) => boolean): FollowUp {
  const rows: number[] = [];
  for (let row = 0; row < time.length; row += 1) if (keep(row)) rows.push(row);
  const pick = (column: ArrayLike<number>): Float64Array => Float64Array.from(rows, (row) => column[row] as number);
  return { time: pick(time), event: pick(event), ...(entry === undefined ? {} : { entry: pick(entry) }) };
}
