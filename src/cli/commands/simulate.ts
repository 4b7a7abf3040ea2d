import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Failure } from '../../model/failure.ts';
import { MODEL_FILE } from '../../pipeline/workspace.ts';
import { simulate } from '../../simulate/simulate.ts';
import type { Truth } from '../../simulate/truth.ts';
import { countText, dayText, readOptions } from '../arguments.ts';
import type { Command } from '../command.ts';
import { writeNumber } from '../table.ts';

const OPTIONS = z.object({
  seed: countText.default(1),
  accounts: countText.default(1000),
  months: countText.default(24),
  users: countText.optional(),
  events: countText.optional(),
  end: dayText.optional(),
});
const LEAST_MONTHS = 3;
const LEAST_USERS = 3;

/** `bellwether simulate`: a planted company to try things on, with what was planted in truth.json. */
export const simulateCommand: Command = {
  name: 'simulate',
  summary: 'write the files of a planted company, to try things on',
  arguments: [{ syntax: '<DIR>', meaning: 'folder to write it into; it must hold no workspace' }],
  options: [
    { syntax: '--seed <NUMBER>', meaning: 'another company for another number (default: 1)' },
    { syntax: '--accounts <NUMBER>', meaning: 'accounts, trials and prospects included (default: 1000)' },
    { syntax: '--months <NUMBER>', meaning: 'months of history, at least 3 (default: 24)' },
    { syntax: '--users <NUMBER>', meaning: 'mean users of an account, at least 3 (default: 12)' },
    { syntax: '--events <NUMBER>', meaning: 'events wanted, about' },
    { syntax: '--end <DAY>', meaning: 'last day of the data (default: yesterday)' },
  ],
  examples: [
    { syntax: 'bellwether simulate demo', meaning: '1,000 accounts over 24 months, about 2.4 million events' },
    {
      syntax: 'bellwether simulate small --accounts 150 --months 9 --seed 7',
      meaning: 'a smaller one, and another one',
    },
  ],
  json: '{directory, seed, end, counts}; the same seed, sizes and end give the same files',
  run: async (context, [folder = ''], options) => {
    const given = readOptions(options, OPTIONS);
    refuseTooLittle(given.months, LEAST_MONTHS, '--months');
    refuseTooLittle(given.users ?? LEAST_USERS, LEAST_USERS, '--users');
    const directory = context.pathOf(folder);
    if (existsSync(join(directory, MODEL_FILE))) {
      throw new Failure(
        'not-empty',
        `${directory} already holds a workspace. Choose another folder, or remove it first.`,
      );
    }
    await mkdir(directory, { recursive: true });
    const end = given.end ?? new Date(context.now.getTime() - 86_400_000).toISOString().slice(0, 10);
    const { seed, accounts, months, users, events } = given;
    const truth = await simulate(
      { seed, accounts, months, end, usersPerAccount: users, eventsTarget: events },
      directory,
      ({ accounts: done, ofAccounts }) => context.progress.tell('accounts', done, ofAccounts),
    );
    return {
      status: 0,
      json: { directory, seed, end, counts: truth.counts },
      text: () => writeTruth(directory, truth),
    };
  },
};

function refuseTooLittle(value: number, least: number, flag: string): void {
  if (value < least) throw new Failure('bad-arguments', `${flag} must be at least ${least}.`);
}

function writeTruth(directory: string, { counts }: Truth): string {
  const rows = Object.entries(counts.rows).map(([table, count]) => `  ${writeNumber(count)} ${table}`);
  return [
    `A planted company in ${directory}:`,
    ...rows,
    '',
    'What was planted is in truth.json. Next:',
    `  bellwether import --workspace ${directory}`,
    `  bellwether run --workspace ${directory}`,
  ].join('\n');
}
