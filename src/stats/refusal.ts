/** What a computation returns instead of a number when the data cannot carry one; `reason` is a sentence for people. */
export interface Refusal {
  readonly kind: 'refused';
  readonly reason: string;
}

/** A refusal with its reason. */
export function refuse(reason: string): Refusal {
  return { kind: 'refused', reason };
}
