import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { z } from 'zod';
import { chooseAccounts } from '../../activation/choose.ts';
import { EXPORTED, type Format, writeExport } from '../../pipeline/export.ts';
import { readInstant } from '../instant.ts';
import type { ReadSide, RecomputedSide } from '../read-side.ts';
import { type Route, route } from '../route.ts';
import { dayOrInstant, identifier } from '../schema/words.ts';
import { ACCOUNT_CHOICE, choiceOf, itemNow } from './account-list.ts';
import { chooseUsers, USER_CHOICE, type UserChoice } from './users.ts';

/** What the routes of exports work with. */
export interface ExportSide extends RecomputedSide, ReadSide {
  /** Folder of the workspace's data; exports are written there before they are sent. */
  readonly dataFolder: string;
  /** The next number of a file; never the same in one process. */
  readonly nextNumber: () => number;
}

const MOST_NAMED = 500;
const TYPES: Readonly<Record<Format, string>> = { csv: 'text/csv', parquet: 'application/vnd.apache.parquet' };

function exporting(format: Format): Route<ExportSide> {
  const type = TYPES[format];
  return route({
    name: `exports.${format}`,
    method: 'GET',
    path: `/api/v1/exports/:what.${format}`,
    group: 'accounts',
    summary: `Accounts, users, signals or recorded moves as ${format === 'csv' ? 'CSV' : 'Parquet'}`,
    description:
      'Accounts, users and signals as of a day (absent: the end of what the behavioural sources cover), moves before it (absent: all). ' +
      (format === 'csv'
        ? 'A text that a spreadsheet would take for a formula has a quote before it.'
        : 'Numbers are doubles, all else is text.'),
    may: 'answers.read',
    load: 'heavy',
    params: z.object({ what: z.enum(EXPORTED) }),
    query: z.strictObject({
      asOf: dayOrInstant.optional(),
      ...{ ...USER_CHOICE, ...ACCOUNT_CHOICE },
      account: z.array(identifier).max(MOST_NAMED).optional().meta({
        description:
          'These accounts alone; everything else chooses as the lists of accounts and of users do, by what is said now',
      }),
    }),
    answers: { 200: { description: 'The rows', type } },
    refuses: ['bad-as-of', 'no-as-of'],
    handle: async ({ params: { what }, query, reply }, side: ExportSide) => {
      const { recomputed, clock, dataFolder, nextNumber, engines } = side;
      const asOf = readInstant(query.asOf, clock());
      const isChosen = choosing(what, query, side);
      const folder = join(dataFolder, 'exports');
      await mkdir(folder, { recursive: true });
      const path = join(folder, `${engines.run.replace(/\W/g, '_')}-${nextNumber()}.${format}`);
      // Written first: a reader who reads slowly would keep everybody else's computing waiting.
      try {
        await recomputed.ask(async (own, now) => {
          const out = createWriteStream(path);
          await Promise.all([writeExport(own, { what, format, asOf, now, isChosen }, out), finished(out)]);
        });
        const file = createReadStream(path);
        file.once('close', () => void rm(path, { force: true }));
        reply.header('content-disposition', `attachment; filename="${what}.${format}"`);
        return reply.type(format === 'csv' ? `${type}; charset=utf-8` : type).send(file);
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
    },
  });
}

type Choice = Partial<Parameters<typeof choiceOf>[0]> & UserChoice & { readonly account?: readonly string[] };

/** Which rows of an export a request chooses; undefined: all of them. */
function choosing(
  what: string,
  {
    asOf: _,
    account,
    ...choice
  }: Omit<Choice, 'account'> & { readonly asOf?: string | undefined; readonly account?: readonly string[] | undefined },
  side: ExportSide,
) {
  const named = account === undefined ? null : new Set(account);
  const isNamed = (accountId: string): boolean => named?.has(accountId) ?? true;
  if (Object.values(choice).every((value) => value === undefined)) {
    return named === null ? undefined : (row: { readonly account_id: string }) => isNamed(row.account_id);
  }
  if (what === 'users') {
    const chosen = new Set(chooseUsers(side, choice).map(({ accountId, userId }) => `${accountId}\n${userId}`));
    return (row: { readonly account_id: string; readonly user_id?: string }) =>
      isNamed(row.account_id) && chosen.has(`${row.account_id}\n${row.user_id}`);
  }
  const items = [...side.book.accounts()].map(itemNow);
  const chosen = new Set(chooseAccounts(items, choiceOf(choice)).map(({ accountId }) => accountId));
  return (row: { readonly account_id: string }) => isNamed(row.account_id) && chosen.has(row.account_id);
}

/** Everything as files. */
export const EXPORT_ROUTES: readonly Route<ExportSide>[] = [exporting('csv'), exporting('parquet')];
