/**
 * What a computation returns instead of a number when the data cannot carry one: why, and the least that it needs where
 * that is a number.
 *
 * Shape: `reason` is one of the codes that the type lists, and a sentence for people where it lists none.
 */
export interface Refusal<Reason extends string = string> {
  readonly kind: 'refused';
  readonly reason: Reason;
  readonly needed?: number;
}

/** A refusal with its reason. */
export function refuse(reason: string): Refusal {
  return { kind: 'refused', reason };
}
