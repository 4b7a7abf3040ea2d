import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Failure } from '../../model/failure.ts';
import { carryOutErasures } from '../../pipeline/erasure/carry-out.ts';
import { beginErasure, liftSuppression, listReceipts, planErasure } from '../../pipeline/erasure/erase.ts';
import type { ErasurePlan, ErasureReceipt } from '../../pipeline/erasure/receipt.ts';
import { openWorkspace } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { readOptions } from '../arguments.ts';
import type { Command, Paper } from '../command.ts';
import { doneHere } from '../people.ts';
import { writeCount, writeTable } from '../table.ts';

const OPTIONS = z.object({
  account: z.string().min(1).optional(),
  also: z.array(z.string().min(1)).default([]),
  author: z.string().min(1).optional(),
  dryRun: z.boolean().default(false),
  lift: z.boolean().default(false),
});

/** `bellwether erase-user`: everything that is held of a user goes, with a receipt that names nobody. */
export const eraseUserCommand: Command = {
  name: 'erase-user',
  summary: 'remove everything that is held of a user from both engines, and keep them from coming back',
  arguments: [{ syntax: '<USER_ID>', meaning: 'id of the user, as events and files spell it' }],
  options: [
    { syntax: '--account <ID>', meaning: 'only what they did in this account, where they belong to others too' },
    { syntax: '--also <WORDS...>', meaning: 'further words of theirs to look for in texts, such as a name' },
    { syntax: '--dry-run', meaning: 'count what would go, and change nothing' },
    { syntax: '--lift', meaning: 'take this user again from now on; what was removed stays removed' },
    { syntax: '--author <NAME>', meaning: 'who decided (default: whoever is at the machine)' },
  ],
  examples: [
    { syntax: 'bellwether erase-user u_812 --dry-run', meaning: 'what is held of them' },
    { syntax: 'bellwether erase-user u_812 --also "Ada Lovelace"', meaning: 'also where a note names her' },
  ],
  json: '{erasureId, subject, accountId, by, begunAt, removedAt, modelVersion, ids, sharedIds, tables: [{engine, table, removed, mended}], accounts, remaining: [{engine, table, column, rows, because}], backups: [{folder, at, expire}], filesGoneAt}; with --dry-run {subject, accountId, ids, sharedIds, words, accounts, tables, backups}; with --lift {lifted}',
  run: async (context, [userId = ''], options) => {
    const { account, also, author: by = context.user, dryRun, lift } = readOptions(options, OPTIONS);
    const { directory, engines, now, run, onClose } = context;
    const workspace = await openWorkspace({ directory, configuration: engines, run, catalogue: SIGNAL_CATALOGUE });
    onClose(workspace.close);
    const clock = () => context.clock().getTime();
    const request = { userId, accountId: account ?? null, also, by, now };
    if (lift) {
      await doneHere(context, workspace.ledger, { action: 'erasures.lift', subject: 'erasure of a user' }, () =>
        liftSuppression(workspace.ledger, userId, request.accountId, by, now),
      );
      return { status: 0, json: { lifted: true }, text: () => 'This user is taken again from now on.' };
    }
    if (dryRun) {
      const plan = await planErasure(workspace, request);
      return { status: 0, json: plan, text: (paper) => writePlan(paper, plan) };
    }
    const act = { action: 'erasures.begin', subject: 'erasure of a user' };
    const erasureId = await doneHere(context, workspace.ledger, act, async () => {
      const begun = await beginErasure(workspace, request);
      await carryOutErasures(workspace, clock, (milliseconds) => sleep(milliseconds));
      return begun;
    });
    const receipt = (await listReceipts(workspace.ledger)).find((one) => one.erasureId === erasureId);
    if (receipt === undefined) throw new Failure('no-receipt', 'The erasure left no receipt. Run the command again.');
    return {
      status: receipt.remaining.length === 0 ? 0 : 1,
      json: receipt,
      text: (paper) => writeReceipt(paper, receipt),
    };
  },
};

function writeTables(paper: Paper, { tables }: Pick<ErasurePlan, 'tables'>): string {
  return writeTable(
    paper,
    ['engine', 'table', 'rows that go', 'rows that are mended'],
    tables.map(({ engine, table, removed, mended }) => [engine, table, removed, mended]),
  );
}

function writeBackups({ backups }: Pick<ErasurePlan, 'backups'>): string {
  if (backups.length === 0) return 'No backup is known that holds them.';
  const lines = backups.map(({ folder, at }) => `  ${folder} (${at})`);
  return `These backups hold them until they are deleted:\n${lines.join('\n')}`;
}

function writePlan(paper: Paper, plan: ErasurePlan): string {
  if (plan.tables.length === 0) return 'Nothing is held of this user.';
  const known = `They are known by ${writeCount(plan.ids, 'id')} in ${writeCount(plan.accounts.length, 'account')}.`;
  return [known, writeTables(paper, plan), writeBackups(plan), 'A dry run: nothing was changed.'].join('\n\n');
}

function writeReceipt(paper: Paper, receipt: ErasureReceipt): string {
  const remaining = receipt.remaining.map(
    ({ table, column, rows, because }) => `  ${table}.${column}, ${writeCount(rows, 'row')}: ${because}`,
  );
  return [
    `Erased, receipt ${receipt.erasureId}. Who it was is kept as ${receipt.subject}, from which nobody is read back.`,
    writeTables(paper, receipt),
    remaining.length === 0 ? 'Nothing of them is left.' : `Words of theirs are left here:\n${remaining.join('\n')}`,
    writeBackups(receipt),
  ].join('\n\n');
}
