/** Place of a fault: the file, and where known its line and column (both from 1) and the field. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly field?: string;
}

/**
 * A problem in a model or an input row, as data: what is wrong, where, and what to do next.
 *
 * An `error` refuses the model or row; a `warning` does not; `info` only tells.
 */
export interface Diagnostic {
  /** Stable, lower case with hyphens, such as `unknown-name`. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly place: Place;
  readonly suggestion?: string;
}
