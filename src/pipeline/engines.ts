import type { Model } from '../definition/model.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

/** What the pipeline works with: a checked model, its text, and the two engines. */
export interface Engines {
  readonly model: Model;
  readonly modelText: string;
  readonly warehouse: Warehouse;
  readonly ledger: Ledger;
  /** Name of this process among those that share the engines; scratch tables and runs are named after it. */
  readonly run: string;
}
