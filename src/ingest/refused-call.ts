import { createHash } from 'node:crypto';
import { TRACKING_SOURCE } from '../model/tables.ts';
import type { CallRefusal } from './call-parts.ts';
import type { LandingPlace } from './landing.ts';

/** A call that was refused, with what was sent. */
export interface RefusedCall {
  readonly refusal: CallRefusal;
  /** The call as it was sent; long ones are cut. */
  readonly raw: unknown;
}

const RAW_LENGTH = 4_000;

/**
 * A refused call as a row of the quarantine. Its line is a hash of what was sent, so that the same call that is sent again
 * counts once.
 */
export function quarantineRow({ refusal, raw }: RefusedCall, receivedAt: number, { batch }: LandingPlace): object {
  const text = (JSON.stringify(raw) ?? '').slice(0, RAW_LENGTH);
  const key = createHash('sha256').update(`${refusal.field}\n${refusal.reason}\n${text}`).digest().readBigUInt64BE();
  return {
    import_id: batch,
    table_name: 'events',
    source: TRACKING_SOURCE,
    file: TRACKING_SOURCE,
    line: key.toString(),
    field: refusal.field,
    reason: refusal.reason,
    message: refusal.message,
    raw: text.replace(/\\u[dD][89a-fA-F]|\p{Surrogate}/gu, '?'),
    raw_key: key.toString(),
    received_at: new Date(receivedAt).toISOString(),
  };
}
