import { z } from 'zod';
import { identifier, instant } from './words.ts';

/** A copy of the workspace, as the ledger knows it. */
const backupBody = z
  .object({
    backupId: z.int(),
    folder: z.string(),
    begunAt: instant,
    by: z.string(),
    status: z.enum(['running', 'done', 'failed']),
    finishedAt: instant.nullable(),
    modelVersion: z.string(),
    rows: z.int().nullable(),
    bytes: z.int().nullable(),
    failure: z.string().nullable().meta({ description: 'Code of what ended it' }),
  })
  .meta({ id: 'Backup', description: 'A copy of facts, decisions and model' });

/** Copies that were made. */
export const backupsBody = z.object({
  folder: z.string().nullable().meta({ description: 'Where copies are made; null: none can be asked for here' }),
  backups: z.array(backupBody),
});

/** How long raw rows are kept. */
export const retentionBody = z
  .object({
    eventsMonths: z.int().nullable().meta({ description: 'Whole months of raw events; null: for ever' }),
    eventsKeptFrom: instant.nullable().meta({ description: 'The first instant whose events are kept' }),
    quarantineDays: z.int().nullable().meta({ description: 'Days of refused rows; null: for ever' }),
  })
  .meta({ id: 'Retention', description: 'How long raw rows are kept; what was recorded stays' });

/** A copy that was begun. */
export const begunBackupBody = z.object({ folder: z.string(), status: z.literal('running') });

const tableCount = z.object({
  engine: z.enum(['warehouse', 'ledger']),
  table: z.string(),
  removed: z.int().meta({ description: 'Rows that go' }),
  mended: z.int().meta({ description: 'Rows of others from which words go' }),
});
const backupNamed = z.object({ folder: z.string(), at: instant, expire: z.string() });

/** What was erased, told without naming anybody. */
const receiptBody = z
  .object({
    erasureId: z.int(),
    subject: z.string().meta({ description: 'Keyed hash of the id' }),
    accountId: z.string().nullable(),
    by: z.string(),
    begunAt: instant,
    removedAt: instant,
    modelVersion: z.string(),
    ids: z.int(),
    sharedIds: z.int(),
    tables: z.array(tableCount),
    accounts: z.int(),
    remaining: z.array(
      z.object({
        engine: z.enum(['warehouse', 'ledger']),
        table: z.string(),
        column: z.string(),
        rows: z.int(),
        because: z.string(),
      }),
    ),
    backups: z.array(backupNamed),
    filesGoneAt: instant.nullable(),
  })
  .meta({ id: 'ErasureReceipt', description: 'What was erased, told without naming anybody' });

/** Receipts of erasures. */
export const receiptsBody = z.object({ erasures: z.array(receiptBody) });

/** Whom to erase. */
export const erasureOrder = z
  .strictObject({
    userId: identifier,
    accountId: identifier.optional().meta({ description: 'Only what they did in this account' }),
    also: z.array(z.string().min(4).max(200)).max(20).optional().meta({ description: 'Further words of theirs' }),
    dryRun: z.boolean().optional().meta({ description: 'Count what would go, and change nothing' }),
  })
  .meta({ id: 'ErasureOrder', examples: [{ userId: 'u_812', dryRun: true }] });

/** What an erasure would do. */
export const erasurePlanBody = z
  .object({
    subject: z.string(),
    accountId: z.string().nullable(),
    ids: z.int(),
    sharedIds: z.int(),
    words: z.int(),
    accounts: z.array(z.string()),
    tables: z.array(tableCount),
    backups: z.array(backupNamed),
  })
  .meta({ id: 'ErasurePlan', description: 'What an erasure would do' });

/** An erasure that was begun. */
export const begunErasureBody = z.object({ erasureId: z.int() });

/** Whom to take again. */
export const liftOrder = z.strictObject({ userId: identifier, accountId: identifier.optional() });
