import { z } from 'zod';
import { coverage } from './data.ts';
import { diagnostic } from './model.ts';

const file = z.object({
  file: z.string(),
  table: z.string(),
  source: z.string(),
  read: z.int(),
  accepted: z.int(),
  refused: z.int(),
  duplicates: z.int(),
  skipped: z.int(),
});

/** What became of a file: as `bellwether import --json`. */
export const importReportBody = z
  .object({
    importId: z.string(),
    dryRun: z.boolean(),
    files: z.array(file),
    quarantine: z.int().meta({ description: 'Rows refused by this import; GET /api/v1/quarantine has them' }),
    refusals: z.array(
      z.object({
        file: z.string(),
        field: z.string(),
        reason: z.string(),
        rows: z.int(),
        line: z.int(),
        message: z.string(),
      }),
    ),
    conflicts: z.array(z.object({ table: z.string(), file: z.string(), rows: z.int(), line: z.int() })),
    coverage: z.array(coverage),
    created: z.object({ accounts: z.int(), users: z.int() }),
    unattributed: z.int(),
    contradictions: z.array(z.object({ code: z.string(), message: z.string(), count: z.number(), of: z.number() })),
    withoutUsers: z.array(z.string()),
    diagnostics: z.array(diagnostic),
    excluded: z.object({ users: z.int(), accounts: z.int(), events: z.int() }).nullable(),
  })
  .meta({ id: 'ImportReport', description: 'What became of every row: accepted + refused + duplicates = read' });

/** The parts of an upload, in this order. */
export const uploadBody = z
  .object({
    source: z.string().meta({
      description:
        'Name of a source of the model, or a mapping as a source of the model has it, in JSON, without its path',
    }),
    dryRun: z.enum(['true', 'false']).optional(),
    file: z.string().meta({ format: 'binary', description: 'CSV, JSON Lines or Parquet; the last part' }),
  })
  .meta({ id: 'Upload' });
