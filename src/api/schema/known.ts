import { z } from 'zod';
import { FACT_TABLES } from '../../model/tables.ts';
import { instant, maybeText } from './words.ts';

const input = z
  .object({
    table: z.string(),
    source: maybeText.meta({ description: 'Null: no source fills the table' }),
    state: z.enum(['current', 'behind', 'held', 'empty', 'absent']),
    rows: z.int(),
    receivedAt: instant.nullable(),
    happenedAt: instant.nullable(),
    coversFrom: instant.nullable(),
    completeThrough: instant.nullable().meta({ description: 'Exclusive' }),
    behindDays: z.int().nullable(),
    signals: z.int().meta({ description: 'Signals that are measured of this table' }),
    follows: z.string().meta({ description: 'What follows from how it stands' }),
  })
  .meta({
    id: 'Input',
    description: 'One source of one table: what it covers, when it was last heard of, what follows',
  });

const contradiction = z.object({ code: z.string(), message: z.string(), count: z.number(), of: z.number() });

const unattributed = z.object({
  reason: z.enum(['unknown-user', 'no-account-then', 'several-accounts']),
  events: z.int(),
  users: z.int(),
  last: instant,
  examples: z.array(z.object({ userId: z.string(), events: z.int(), event: z.string() })),
});

/** What is known, how fresh it is, and what could not be used. */
export const knownBody = z
  .object({
    now: instant,
    inputs: z.array(input),
    refused: z.int().meta({ description: 'Refused rows that nobody has put right' }),
    contradictions: z.array(contradiction),
    unattributed: z.array(unattributed),
  })
  .meta({ id: 'Known', description: 'What is known, how fresh it is, and what could not be used' });

/** What files may hold: every table with its columns, and the sources of the model that fill it. */
export const tablesBody = z.object({
  tables: z.array(
    z
      .object({
        name: z.string(),
        grain: z.string(),
        columns: z.array(z.object({ name: z.string(), type: z.string(), required: z.boolean(), meaning: z.string() })),
        sources: z.array(z.string()),
      })
      .meta({ id: 'Table', description: 'What a file of one kind may hold' }),
  ),
});

const eventCount = z
  .object({
    event: z.string(),
    events: z.int(),
    users: z.int(),
    accounts: z.int(),
    last: instant.nullable().meta({ description: 'Null: it did not come' }),
  })
  .meta({ id: 'EventCount' });

/** What the model makes of events, and how often each came. */
export const taxonomyBody = z
  .object({
    days: z.int(),
    areas: z.array(z.object({ name: z.string(), marks: z.array(z.string()), events: z.array(eventCount) })),
    proxies: z.array(eventCount),
    ignored: z.array(eventCount),
    elsewhere: z.array(eventCount),
    unplanned: z.array(eventCount),
    plannedShare: z.number().nullable(),
  })
  .meta({ id: 'TaxonomyUse', description: 'What the model makes of events, and how often each came' });

/** A refused row, and what it should have said. */
export const rowToReplay = z
  .strictObject({
    table: z.enum(FACT_TABLES.map(({ name }) => name)),
    file: z.string().min(1).max(1_000),
    line: z.string().regex(/^\d{1,19}$/),
    row: z.record(z.string().max(200), z.string().max(100_000)).meta({ description: 'By the columns of the file' }),
    source: z
      .string()
      .max(100_000)
      .optional()
      .meta({ description: 'A source of the model, or a mapping in JSON; absent: the one that the row came from' }),
  })
  .meta({
    id: 'RowToReplay',
    examples: [{ table: 'accounts', file: 'accounts.csv', line: '8', row: { account_id: 'a7', employees: '12' } }],
  });

/** What became of a row that was sent through the door again. */
export const replayedBody = z
  .object({
    outcome: z.enum(['accepted', 'known', 'refused']),
    refusals: z.array(z.object({ field: z.string(), reason: z.string(), message: z.string() })),
  })
  .meta({ id: 'Replayed', description: 'What became of a row that was sent through the door again' });
