import type { Model } from '../definition/model.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { OpenLedger } from '../ledger/open.ts';
import type { OpenWarehouse, Warehouse } from '../warehouse/warehouse.ts';

/** What the pipeline works with: a checked model, its text, and the two engines. */
export interface Engines {
  readonly model: Model;
  readonly modelText: string;
  readonly warehouse: Warehouse;
  readonly ledger: Ledger;
  /** Name of this process among those that share the engines; scratch tables and runs are named after it. */
  readonly run: string;
}

/** The engines of a service: open, and with what other processes need to reach them. */
export interface ServedEngines extends Engines {
  readonly warehouse: OpenWarehouse;
  readonly ledger: OpenLedger;
}

/**
 * Engines whose model can be replaced while they are in use: whoever reads `model`, or copies them, gets the one in force at
 * that moment. Work that takes longer than a moment copies them first.
 */
export function replaceable(given: ServedEngines): {
  readonly engines: ServedEngines;
  readonly replace: (next: Pick<Engines, 'model' | 'modelText'>) => void;
} {
  const { warehouse, ledger, run } = given;
  let { model, modelText } = given;
  const engines: ServedEngines = {
    ...{ warehouse, ledger, run },
    get model() {
      return model;
    },
    get modelText() {
      return modelText;
    },
  };
  const replace = (next: Pick<Engines, 'model' | 'modelText'>): void => {
    ({ model, modelText } = next);
  };
  return { engines, replace };
}
