import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Measurement } from './asked.ts';
import { measure } from './measure.ts';
import { resolveCommon } from './resolution.ts';
import { dropScratch } from './scratch.ts';
import { buildSlice, type Slice, type SliceSizes, slicesOf, type Weight } from './slice.ts';

/** A whole computation, what its accounts take by place (none: they are not to be divided), and how they are divided. */
export interface Weighed {
  readonly whole: Measurement;
  readonly weights: readonly Weight[];
  readonly sizes: SliceSizes;
}

/**
 * Measures plans one after another: their accounts together where they fit into memory, else slice by slice.
 *
 * What looks at all accounts (links, exclusions, the churn rate, ranks) does so in either case, so that the rows are the
 * same however the accounts are divided. `onMeasured` is told of instants, also of a part of one.
 */
export async function measureAll(
  warehouse: Warehouse,
  plans: readonly Measurement[],
  { whole, weights, sizes }: Weighed,
  onMeasured: (instants: number) => void,
): Promise<void> {
  let isFirst = true;
  for (const plan of plans) {
    const slices = slicesOf(weights, plan.instants.length, sizes);
    if (slices.length > 1) {
      await measureSlices(warehouse, { plan, whole, slices, sizes, isFirst }, () =>
        onMeasured(plan.instants.length / slices.length),
      );
    } else {
      await measure(warehouse, plan, whole, isFirst);
      onMeasured(plan.instants.length);
    }
    isFirst = false;
  }
}

interface Divided {
  readonly plan: Measurement;
  readonly whole: Measurement;
  readonly slices: readonly Slice[];
  readonly sizes: SliceSizes;
  readonly isFirst: boolean;
}

async function measureSlices(
  warehouse: Warehouse,
  { plan, whole, slices, sizes, isFirst }: Divided,
  onMeasured: () => void,
): Promise<void> {
  const common = { ...plan, run: `${whole.run}_g` };
  await dropScratch(warehouse, common.run);
  const resolved = await resolveCommon(warehouse, common);
  for (const [index, slice] of slices.entries()) {
    const only = await buildSlice(warehouse, whole, slice);
    const part = { ...plan, only, slice: { hasRoom: slice.events <= sizes.slice.events } };
    await measure(warehouse, part, whole, isFirst && index === 0, resolved);
    onMeasured();
  }
  await dropScratch(warehouse, common.run);
}
