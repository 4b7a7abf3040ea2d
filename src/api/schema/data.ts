import { z } from 'zod';
import { nextCursor } from '../page.ts';
import { arrivalBody } from './account.ts';
import { instant, maybeText } from './words.ts';

/** One call of the tracking API as the live debugger shows it. */
const callBody = z
  .object({
    id: z.int(),
    receivedAt: instant,
    kind: z.string(),
    event: maybeText,
    messageId: maybeText,
    userId: maybeText,
    accountId: maybeText,
    attributedBy: z
      .enum(['context', 'property', 'call', 'only account of the user'])
      .nullable()
      .meta({ description: 'What the account is known by; null: nothing, the event counts for no account' }),
    isPlanned: z.boolean().nullable().meta({ description: 'Whether the taxonomy names the event; null: no event' }),
    isLate: z.boolean().meta({ description: 'Whether it happened before the day in which it came' }),
    refused: z
      .object({ field: z.string(), reason: z.string(), message: z.string() })
      .nullable()
      .meta({ description: 'Why it was refused; null: it was accepted' }),
  })
  .meta({ id: 'TrackedCall', description: 'One call of the tracking API as the live debugger shows it' });

/** The latest calls, oldest first. */
export const callsBody = z.object({ calls: z.array(callBody) });

/** Events of the last days that the taxonomy does not name, by how often. */
export const unplannedBody = z.object({
  days: z.int(),
  events: z.array(z.object({ event: z.string(), events: z.int(), users: z.int(), last: z.string() })),
});

/** What one source is known to cover of one table. */
export const coverage = z
  .object({
    source: z.string(),
    table: z.string(),
    coversFrom: instant.nullable(),
    completeThrough: instant.nullable().meta({ description: 'Exclusive' }),
    carriesUsers: z.boolean(),
    rows: z.int(),
  })
  .meta({ id: 'Coverage', description: 'What one source is known to cover of one table' });

/** How fresh everything is. */
export const freshnessBody = z
  .object({
    now: instant,
    answersAsOf: instant
      .nullable()
      .meta({ description: 'Of which instant the answers from memory are; null: none yet' }),
    sweptAt: instant.nullable(),
    waiting: z.int().meta({ description: 'Accounts that wait to be computed' }),
    inputs: z.array(arrivalBody),
    coverage: z.array(coverage),
  })
  .meta({
    id: 'Freshness',
    description: 'When each input was last heard of, what each source covers, and how far answers are',
  });

/** A page of imports, the latest first. */
export const importsBody = z.object({
  imports: z.array(
    z
      .object({
        importId: z.string(),
        startedAt: instant,
        status: z.string(),
        report: z.record(z.string(), z.unknown()).nullable().meta({ description: 'As `bellwether import --json`' }),
      })
      .meta({ id: 'Import' }),
  ),
  next: nextCursor,
});

/** A page of refused rows. */
export const quarantineBody = z.object({
  rows: z.array(
    z
      .object({
        importId: z.string(),
        table: z.string(),
        source: z.string(),
        file: z.string(),
        line: z.string(),
        field: z.string(),
        reason: z.string(),
        message: z.string(),
        raw: z.string(),
        receivedAt: instant,
      })
      .meta({ id: 'RefusedRow', description: 'A row that was refused, with what was sent' }),
  ),
  next: nextCursor,
});
