/** Whether taking up a feature area goes with staying, among all customers or among those of one home segment. */
export interface AreaEvidence {
  readonly area: string;
  /** Name of the home segment at the landmark; null: all customers. */
  readonly segment: string | null;
  readonly verdict: 'holds' | 'fails' | 'too_little_data';
  /** Share still customers among those that had taken it up, less the share among the others; null: not told. */
  readonly difference: number | null;
  readonly interval: readonly [number, number] | null;
  /** Accounts that had taken it up, and the others. */
  readonly accounts: readonly [number, number];
  /** Age in days by which it was taken up, and days after it that the shares are told of. */
  readonly ageDays: number;
  readonly horizonDays: number | null;
  /** Why it was not tested, or does not hold; null where it holds. */
  readonly reason: string | null;
}
