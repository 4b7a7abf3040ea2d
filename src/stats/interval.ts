/** A two-sided interval; low at most high, both finite. */
export type Interval = readonly [low: number, high: number];

/** The level of an interval where none is asked for. */
export const DEFAULT_LEVEL = 0.95;
