/**
 * An operational failure: what went wrong in words that are safe to show, and what to do next.
 *
 * `code` is stable; `isRetryable` tells whether the same call may succeed later; `cause` keeps what was underneath.
 * Faults of a model or a row are diagnostics, never this.
 */
export class Failure extends Error {
  readonly code: string;
  readonly isRetryable: boolean;

  constructor(code: string, message: string, options: { cause?: unknown; isRetryable?: boolean } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'Failure';
    this.code = code;
    this.isRetryable = options.isRetryable ?? false;
  }
}
