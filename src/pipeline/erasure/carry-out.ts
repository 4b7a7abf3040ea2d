import type { Engines } from '../engines.ts';
import { Role } from '../role.ts';
import { continueErasures, erasureWaits, finishErasures } from './erase.ts';

const LEASE_SECONDS = 600;
const LOOK_MILLIS = 500;

/**
 * Carries out what was begun and waits until it is done: by ourselves where nobody computes, by whoever computes otherwise.
 *
 * The lease outlasts what a table of facts takes to be written anew, and is renewed between looks.
 */
export async function carryOutErasures(
  engines: Engines,
  clock: () => number,
  pause: (milliseconds: number) => Promise<void>,
): Promise<void> {
  const role = new Role({ ledger: engines.ledger, role: 'sweeper', holder: engines.run, leaseSeconds: LEASE_SECONDS });
  while (await erasureWaits(engines.ledger)) {
    if (await role.hold()) {
      try {
        await continueErasures(engines, clock, { pause });
      } finally {
        await role.release();
      }
    } else await pause(LOOK_MILLIS);
  }
  await finishErasures(engines, clock, pause);
}
