/** Why a signal may not win: it tells how long an account has been there, or what has already become of it. */
export type Leak = 'tenure' | 'outcome';

const TENURE: ReadonlySet<string> = new Set([
  'account_age_days',
  'activation_days',
  'sequence_days',
  'spell_age_days',
  'sales_cycle_days',
]);

const OUTCOME: ReadonlySet<string> = new Set(['relationship', 'lifecycle', 'days_to_renewal']);

const TENURE_WORDS = /^days_since_|^(?:tenure|age|spell)_|_age(?:_days)?$/;
const OUTCOME_WORDS = /churn|renew|cancel|notice|term_end|ended_on/;

/**
 * Whether a signal tells of time passed or of the outcome itself, by its name; null where it tells of neither.
 *
 * Such a signal is tested, marked, and never wins: who has stayed longer has stayed, and a date of renewal says when one
 * can leave, not why. Facts that become known only at or after the landmark need no guard here: profiles are computed as
 * of the landmark, from facts before it alone, and outcomes count from after it.
 */
export function leakOf(signal: string): Leak | null {
  if (OUTCOME.has(signal) || OUTCOME_WORDS.test(signal)) return 'outcome';
  return TENURE.has(signal) || TENURE_WORDS.test(signal) ? 'tenure' : null;
}

/** The leak in words, as a reason why something was not judged. */
export function leakReason(leak: Leak): string {
  return leak === 'tenure'
    ? 'it tells how long an account has been there, which staying itself makes longer'
    : 'it tells of the outcome or its date, not of what comes before';
}
