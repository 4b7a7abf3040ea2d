import type { Source } from '../definition/model.ts';
import type { FactTable } from '../model/table.ts';
import type { FactFile } from './fact-file.ts';
import type { DayOrder } from './readings.ts';
import type { SuppressionList } from './suppression.ts';

/** What a plan is made of. */
export interface RowPlanInput {
  readonly source: Source;
  readonly table: FactTable;
  readonly file: FactFile;
  readonly displayName: string;
  readonly receivedAt: Date;
  /** Order of day and month by target, where a first reading decided it. */
  readonly orders: ReadonlyMap<string, DayOrder>;
  /** Whose rows are left out. */
  readonly suppressed: SuppressionList;
}
