import { flattenValues, isRecord } from './flat-map.ts';

/** Most that one call may hold (the limits of the protocol that SDKs know). */
export const CALL_LIMITS = { bytes: 32_768, messageIdLength: 100, properties: 10_000, idLength: 512 } as const;

/** Nothing was tracked before, milliseconds; an earlier time is a clock that was never set. */
export const EARLIEST = Date.UTC(2000, 0, 1);

/** Levels of nesting in one call; the deepest that anybody means is far from it. */
export const CALL_DEPTH = 100;

const DAY_MS = 86_400_000;

/** Why a call is refused: a stable code, the field, and words for who sent it. */
export interface CallRefusal {
  readonly reason: 'missing' | 'value' | 'time' | 'too-large' | 'shape' | 'suppressed';
  readonly field: string;
  readonly message: string;
}

/** The parts of a call that kinds read. */
export interface CallParts {
  readonly body: Readonly<Record<string, unknown>>;
  readonly userId: string;
  readonly anonymousId: string;
  readonly messageId: string;
  readonly time: number;
  readonly receivedAt: number;
  /** Account of `context.groupId`; empty: none. */
  readonly contextAccount: string;
  readonly accountProperty: string | null;
}

/** Control characters and halves of characters, which not every table can hold. */
const UNFIT = /[\p{Cc}\p{Surrogate}]/u;

/**
 * An id as text: numbers are written out, nothing at all is empty; null: it is neither text nor a number, or holds what
 * no id may.
 */
export function idOf(value: unknown): string | null {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return UNFIT.test(value) ? null : value.trim();
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : null;
}

/** Properties or traits as the tables keep them, or why they cannot be. */
export function valuesOf(
  value: unknown,
  field: string,
): { readonly values: Readonly<Record<string, string>> } | { readonly refusal: CallRefusal } {
  if (value === undefined || value === null) return { values: {} };
  if (!isRecord(value)) return { refusal: { reason: 'shape', field, message: `${field} is a JSON object` } };
  const values = flattenValues(value);
  if (Object.keys(values).length <= CALL_LIMITS.properties) return { values };
  const message = `${field} holds more than ${CALL_LIMITS.properties} values`;
  return { refusal: { reason: 'too-large', field, message } };
}

const INSTANT = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** An instant of ISO 8601, UTC where it names no zone; null where it is none. */
export function instantOf(value: unknown): number | null {
  if (typeof value !== 'string' || !INSTANT.test(value)) return null;
  const hasZone = /(?:Z|[+-]\d{2}:?\d{2})$/.test(value.slice(10));
  const ms = Date.parse(value.length > 10 && !hasZone ? `${value.replace(' ', 'T')}Z` : value);
  return Number.isNaN(ms) || Math.abs(ms) > 100_000 * DAY_MS ? null : ms;
}
