import { z } from 'zod';
import type { Warehouse } from '../warehouse/warehouse.ts';

/** A coded statement of what an account wants the product for. */
interface Statement {
  readonly accountId: string;
  readonly job: string;
  readonly atMs: number;
}

/** A sale from its creation on; `wonMs` null: not won so far. Stages by time, the last one where it stands. */
export interface Opportunity {
  readonly accountId: string;
  readonly opportunityId: string;
  /** new, expansion, renewal; empty where nobody says. */
  readonly kind: string;
  readonly createdMs: number;
  readonly wonMs: number | null;
  readonly stages: readonly { readonly atMs: number; readonly stage: string }[];
}

/** What accounts said and what was sold to them, before the end of a history. */
export interface Dealings {
  /** By account, then by time. */
  readonly statements: readonly Statement[];
  /** By account, then by opportunity. */
  readonly opportunities: readonly Opportunity[];
}

const ms = z.coerce.number();
const statementSchema = z.object({ account_id: z.string(), job: z.string(), ms });
const opportunitySchema = z.object({
  account_id: z.string(),
  opportunity_id: z.string(),
  kind: z.string(),
  created_ms: ms,
  won_ms: ms.nullable(),
  stages: z.array(z.tuple([ms, z.string()])),
});

/** Reads statements and opportunities from the tables that the pipeline had built. */
export async function readDealings(
  warehouse: Warehouse,
  source: { readonly statements: string; readonly opportunities: string },
): Promise<Dealings> {
  const said = await warehouse.rows(
    `SELECT account_id, job, ms FROM ${source.statements} ORDER BY account_id, ms, job`,
    statementSchema,
  );
  const sold = await warehouse.rows(
    `SELECT * FROM ${source.opportunities} ORDER BY account_id, opportunity_id`,
    opportunitySchema,
  );
  return {
    statements: said.map((row) => ({ accountId: row.account_id, job: row.job, atMs: row.ms })),
    opportunities: sold.map((row) => ({
      accountId: row.account_id,
      opportunityId: row.opportunity_id,
      kind: row.kind,
      createdMs: row.created_ms,
      wonMs: row.won_ms,
      stages: row.stages.map(([atMs, stage]) => ({ atMs, stage })),
    })),
  };
}
