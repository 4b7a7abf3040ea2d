import { join } from 'node:path';
import { Failure } from '../../model/failure.ts';
import { type BackupNote, backUp, listBackups } from '../../pipeline/backup.ts';
import type { Engines } from '../../pipeline/engines.ts';
import { beginErasure, liftSuppression, listReceipts, planErasure } from '../../pipeline/erasure/erase.ts';
import { keptFrom, type Retention } from '../../pipeline/retention.ts';
import { type Route, route } from '../route.ts';
import {
  backupsBody,
  begunBackupBody,
  begunErasureBody,
  erasureOrder,
  erasurePlanBody,
  liftOrder,
  receiptsBody,
  retentionBody,
} from '../schema/operation.ts';

/** What the routes of operation work with. */
export interface OperationSide {
  readonly engines: Engines;
  readonly clock: () => number;
  /** Folder in which copies are made; null: nobody told one. */
  readonly backupFolder: string | null;
  readonly retention: Retention;
  /** Told of work that goes on after its request was answered; it is waited for before the service ends. */
  readonly onWork: (work: Promise<unknown>) => void;
  /** Told after a decision, so that what is said follows at once. */
  readonly onDecided: () => void;
}

const noFolder = (): Failure =>
  new Failure(
    'no-backup-folder',
    'This service was started without a folder for copies. Use `bellwether backup --to`.',
  );
const runs = (): Failure =>
  new Failure('backup-runs', 'A copy is being made already. `GET /api/v1/backups` says when it is done.');

const isRunning = ({ status }: BackupNote): boolean => status === 'running';

/** Backups and erasures: what an administrator does to the whole of the workspace. */
export const OPERATION_ROUTES: readonly Route<OperationSide>[] = [
  route({
    name: 'backups.list',
    method: 'GET',
    path: '/api/v1/backups',
    group: 'operation',
    summary: 'Copies that were made of this workspace, the latest first',
    may: 'backups.manage',
    load: 'read',
    answers: { 200: backupsBody },
    refuses: [],
    handle: async (_, { engines, backupFolder }: OperationSide) => ({
      folder: backupFolder,
      backups: await listBackups(engines.ledger),
    }),
  }),
  route({
    name: 'backups.make',
    method: 'POST',
    path: '/api/v1/backups',
    group: 'operation',
    summary: 'Copies facts, decisions and model while work goes on; the list says when it is done',
    may: 'backups.manage',
    load: 'heavy',
    changes: () => 'backup',
    answers: { 202: begunBackupBody },
    refuses: ['backup-runs', 'no-backup-folder'],
    handle: async ({ actor, reply, request }, { engines, clock, backupFolder, onWork }: OperationSide) => {
      if (backupFolder === null) throw noFolder();
      const now = new Date(clock());
      if ((await listBackups(engines.ledger)).some(isRunning)) throw runs();
      const folder = join(backupFolder, `${now.toISOString().replaceAll(':', '-').slice(0, 19)}-${request.id}`);
      const { model, modelText, warehouse, ledger, run } = engines;
      onWork(backUp({ model, modelText, warehouse, ledger, run }, { folder, now, by: actor?.name ?? '' }));
      return reply.code(202).send({ folder, status: 'running' });
    },
  }),
  route({
    name: 'retention.get',
    method: 'GET',
    path: '/api/v1/retention',
    group: 'operation',
    summary: 'How long raw rows are kept: as the service was configured',
    may: 'retention.manage',
    load: 'read',
    answers: { 200: retentionBody },
    refuses: [],
    handle: async (_, { retention: { eventsMonths, quarantineDays }, clock }: OperationSide) => ({
      eventsMonths: eventsMonths ?? null,
      eventsKeptFrom: eventsMonths === undefined ? null : keptFrom(new Date(clock()), eventsMonths).toISOString(),
      quarantineDays: quarantineDays ?? null,
    }),
  }),
  route({
    name: 'erasures.list',
    method: 'GET',
    path: '/api/v1/erasures',
    group: 'operation',
    summary: 'Receipts of erasures, the latest first; they name nobody',
    may: 'erasure.manage',
    load: 'read',
    answers: { 200: receiptsBody },
    refuses: [],
    handle: async (_, { engines }: OperationSide) => ({ erasures: await listReceipts(engines.ledger) }),
  }),
  route({
    name: 'erasures.begin',
    method: 'POST',
    path: '/api/v1/erasures',
    group: 'operation',
    summary: 'Removes everything that is held of a user, or with dryRun counts it',
    description:
      'From the answer on nothing of the user is taken. What is held is removed within the next rounds of computing; the receipt is in the list when that is done.',
    may: 'erasure.manage',
    load: 'heavy',
    // Never whom: the log of changes is kept for ever.
    changes: ({ body: { dryRun } }) => (dryRun === true ? 'plan of an erasure' : 'erasure of a user'),
    body: erasureOrder,
    answers: { 200: erasurePlanBody, 202: begunErasureBody },
    refuses: ['no-user'],
    handle: async ({ body, actor, reply }, { engines, clock, onDecided }: OperationSide) => {
      const { userId, accountId = null, also = [], dryRun = false } = body;
      const request = { userId, accountId, also, by: actor?.name ?? '', now: new Date(clock()) };
      if (dryRun) return reply.code(200).send(await planErasure(engines, request));
      const erasureId = await beginErasure(engines, request);
      onDecided();
      return reply.code(202).send({ erasureId });
    },
  }),
  route({
    name: 'erasures.lift',
    method: 'POST',
    path: '/api/v1/erasures/lift',
    group: 'operation',
    summary: 'Takes an erased user again from now on; what was removed stays removed',
    may: 'erasure.manage',
    load: 'write',
    changes: () => 'suppression of a user lifted',
    body: liftOrder,
    answers: { 204: { description: 'They are taken again', type: null } },
    refuses: ['no-user'],
    handle: async ({ body: { userId, accountId = null }, actor, reply }, { engines, clock }: OperationSide) => {
      await liftSuppression(engines.ledger, userId, accountId, actor?.name ?? '', new Date(clock()));
      return reply.code(204).send();
    },
  }),
];
