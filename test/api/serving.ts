import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { KeyRing } from '../../src/api/key.ts';
import type { PeopleConfiguration } from '../../src/api/people-side.ts';
import type { Scope } from '../../src/api/scope.ts';
import { type Service, type ServiceOptions, startService } from '../../src/api/serve.ts';
import type { Model } from '../../src/definition/model.ts';
import { openLedger } from '../../src/ledger/open.ts';
import type { ServedEngines } from '../../src/pipeline/engines.ts';
import type { LiveEvents } from '../../src/pipeline/live-options.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';
import type { OpenWarehouse } from '../../src/warehouse/warehouse.ts';
import { modelOf } from '../definition/model.ts';
import { laidOutFolder } from '../laid-out.ts';
import { scratchFolder } from '../scratch.ts';

/** A product with one overlay that an event or silence alone enters, and two home segments. */
export const LIVE_MODEL = `version: 1
name: Live
tracking: { account_property: workspace_id }
taxonomy:
  features: { reporting: { events: [report_created, report_exported], core: true } }
activation:
  account_sequence: [data_connected, report_created]
  user_sequence: [report_created, report_exported]
  milestones: { first_report: { event: report_created, within_days: 14, primary: true } }
signals:
  reports_30d: { entity: account, measure: count, of: report_created, window_days: 30 }
  cancels_30d: { entity: account, measure: count, of: cancel_clicked, window_days: 30 }
  silent_days: { entity: account, measure: days_since, of: [report_created, report_exported, cancel_clicked] }
segments:
  - { name: At-Risk, when: cancels_30d >= 1 or silent_days >= 3 }
  - { name: Busy, when: reports_30d >= 5, dwell_days: 2 }
  - { name: Quiet, when: reports_30d < 5, dwell_days: 2 }
fallback: { Quiet: otherwise }
assignment: { dwell_days: 2, overlay_exit_days: 3, window_days: 6 }
breaker: { share: 1, minimum: 1000 }
`;

/** People as a test server lets them in: by passwords, with links on the console. */
export const PEOPLE: PeopleConfiguration = {
  secret: 'a secret of the tests that is long enough 0123456789',
  origin: null,
  mail: null,
  oidc: null,
};

/** Engines of an empty workspace in a folder of its own. */
export interface OpenEngines extends ServedEngines {
  readonly directory: string;
  readonly close: () => Promise<void>;
}

/** Opens both engines on a new folder. */
export async function openEngines(text: string = LIVE_MODEL, run = 'one'): Promise<OpenEngines> {
  const directory = await laidOutFolder('warehouse', 'ledger');
  const model: Model = modelOf(text);
  const [warehouse, ledger] = await Promise.all([
    openWarehouse({ directory, memoryLimitBytes: 2_000_000_000 }),
    openLedger({ directory }),
  ]);
  const close = async (): Promise<void> => {
    await Promise.all([warehouse.close(), ledger.close()]);
  };
  return { model, modelText: text, warehouse, ledger, run, directory, close };
}

/** A service that runs over engines, with a key of each kind. */
export interface Serving extends Service {
  readonly keyOf: (scope: Scope) => string;
  readonly failures: readonly unknown[];
  /** Sends a request of the tracking API with the write key. */
  readonly send: (path: string, body: unknown) => Promise<Response>;
}

/** Starts a service on a free port. */
export async function serve(
  engines: ServedEngines,
  clock: () => number = Date.now,
  events: LiveEvents &
    Partial<
      Pick<
        ServiceOptions,
        | 'isDry'
        | 'isEvidenceAhead'
        | 'origins'
        | 'people'
        | 'limits'
        | 'onLink'
        | 'uploadBytes'
        | 'dataFolder'
        | 'retention'
        | 'pagesFolder'
      >
    > = {},
): Promise<Serving> {
  const failures: unknown[] = [];
  const service = await startService({
    isDry: false,
    people: PEOPLE,
    dataFolder: scratchFolder(),
    ...events,
    engines,
    clock,
    host: '127.0.0.1',
    port: 0,
    onFailure: (error) => failures.push(error),
  });
  const ring = new KeyRing(engines.ledger, clock);
  const keys = new Map<Scope, string>();
  for (const scope of ['write', 'read'] as const) keys.set(scope, (await ring.create(scope, scope, 'test')).key);
  const keyOf = (scope: Scope): string => keys.get(scope) ?? '';
  const send = (path: string, body: unknown): Promise<Response> =>
    fetch(`${service.address}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: basic(keyOf('write')) },
      body: JSON.stringify(body),
    });
  return { ...service, keyOf, failures, send };
}

/** Basic auth as SDKs send it. */
export const basic = (key: string): string => `Basic ${Buffer.from(`${key}:`).toString('base64')}`;

/** Milliseconds that something may take on a machine that is slow and does other things too: no test of speed. */
export const PATIENCE = 600_000;

/** Looks again until the answer is what is waited for; fails with the last answer. */
export async function until<T>(look: () => T | Promise<T>, isMet: (found: T) => boolean): Promise<T> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const found = await look();
    if (isMet(found)) return found;
    if (Date.now() > end) throw new Error(`waited in vain; at last it was ${JSON.stringify(found)}`);
    await sleep(25);
  }
}

const anyRow = z.record(z.string(), z.unknown());

/** Rows of a query, as they are. */
export const ask = (warehouse: OpenWarehouse, sql: string): Promise<Record<string, unknown>[]> =>
  warehouse.rows(sql, anyRow);

/** Waits until everything that arrived is a fact. */
export async function settled(warehouse: OpenWarehouse): Promise<void> {
  const waiting = `SELECT count() AS n FROM arrivals WHERE (slot, batch) NOT IN (SELECT slot, batch FROM settled_batches)`;
  await until(
    async () => Number((await ask(warehouse, waiting))[0]?.['n']),
    (n) => n === 0,
  );
}
