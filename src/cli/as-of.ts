import { Failure } from '../model/failure.ts';
import type { FactWorkspace } from '../pipeline/workspace.ts';
import { defaultAsOf, readCoverage } from '../profile/coverage.ts';

/** The as-of of a command that was given none: the end of what the behavioural sources cover. Refuses without any. */
export async function chooseAsOf({ warehouse, model }: FactWorkspace): Promise<number> {
  const asOf = defaultAsOf(await readCoverage(warehouse, model));
  if (asOf !== null) return asOf;
  throw new Failure(
    'no-data',
    'There are no events, tickets or NPS answers that would say which day it is. Run `bellwether import` first, or name a day with --as-of.',
  );
}
