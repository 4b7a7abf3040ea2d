import { z } from 'zod';
import type { Ledger } from '../../ledger/ledger.ts';
import { Failure } from '../../model/failure.ts';
import type { FileState } from '../../pipeline/model-file.ts';
import { baseModel, type PublishedHere, publishHere, versionText } from '../../pipeline/model-in-force.ts';
import { readText } from '../../pipeline/publication.ts';
import { listVersions } from '../../pipeline/versions.ts';
import { MODEL_FILE, readModel } from '../../pipeline/workspace.ts';
import { SIGNAL_CATALOGUE } from '../../profile/catalogue.ts';
import { readOptions } from '../arguments.ts';
import type { Command } from '../command.ts';
import { readDraft } from '../draft.ts';
import { doneHere, openPeople } from '../people.ts';

const OPTIONS = z.object({
  note: z.string().default(''),
  author: z.string().optional(),
  backTo: z.string().min(4).optional(),
  expect: z
    .string()
    .regex(/^[0-9a-f]{8,64}\.\.[0-9a-f]{8,64}$/, 'must be as `bellwether plan` prints it: two versions with .. between')
    .optional(),
});

/** `bellwether apply`: publishes a model. */
export const applyCommand: Command = {
  name: 'apply',
  summary: 'publish a model: from now on it is in force, and a running service adopts it by itself',
  arguments: [{ syntax: '[FILE]', meaning: 'the model (default: the workspace’s bellwether.yaml)' }],
  options: [
    { syntax: '--note <WORDS>', meaning: 'what the change is for; it stays in the history' },
    { syntax: '--expect <BASE..DRAFT>', meaning: 'as `plan` printed it: refused where either is another by now' },
    { syntax: '--back-to <VERSION>', meaning: 'publish the text of an earlier version again, instead of a file' },
    { syntax: '--author <NAME>', meaning: 'who publishes (default: the user of this machine)' },
  ],
  examples: [
    { syntax: 'bellwether apply --note "Growth asks for two teams"', meaning: 'what the edited file says' },
    { syntax: 'bellwether apply --back-to 3f2a91c0 --note "it caught too many"', meaning: 'roll back' },
  ],
  json: '{publication: {publicationId, version, versionBefore, note, author, publishedAt, changes: [{path, words}], adoptedAt}, file}',
  run: async (context, [file], options) => {
    const { note, author = context.user, backTo, expect } = readOptions(options, OPTIONS);
    if (backTo !== undefined && file !== undefined)
      throw new Failure('bad-arguments', 'Give a file or --back-to, not both.');
    const ledger = await openPeople(context);
    const reading = await readModel(context.directory, SIGNAL_CATALOGUE);
    const draft = backTo === undefined ? await readDraft(context, file) : null;
    const next =
      draft === null
        ? await versionText({ ledger }, await wholeVersion(ledger, backTo ?? ''), MODEL_FILE)
        : readText(draft.text, draft.name, `in ${draft.path}`);
    const current = (await baseModel(ledger, reading)) ?? next;
    const [base = '', planned = ''] = expect?.split('..') ?? [];
    if (!current.model.version.startsWith(base) || !next.model.version.startsWith(planned))
      throw new Failure(
        'changed-meanwhile',
        'The model in force, or the draft, is another than when you planned. Run `bellwether plan` again.',
      );
    const act = { action: 'model.publish', subject: `note: ${note}` };
    const published = await doneHere(context, ledger, act, () =>
      publishHere({ ledger }, reading.path, {
        ...{ note, author, now: context.clock(), text: next.modelText },
        file: current,
        ...(expect === undefined ? {} : { expected: { version: current.model.version } }),
      }),
    );
    return { status: 0, json: published, text: () => writePublished(published) };
  },
};

/** The version that begins so; refuses `unknown-version` where none does, or several do. */
async function wholeVersion(ledger: Ledger, beginning: string): Promise<string> {
  const found = (await listVersions({ ledger })).filter(({ version }) => version.startsWith(beginning));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.version;
  const many = found.length === 0 ? 'No version begins' : 'Several versions begin';
  throw new Failure('unknown-version', `${many} with ${beginning}. \`bellwether versions\` lists them.`);
}

const FILE_WORDS: Readonly<Record<FileState, string>> = {
  same: 'bellwether.yaml says the same.',
  other:
    'bellwether.yaml holds changes that nobody published, and was left as it is: `bellwether plan` tells what they are.',
  unwritten: 'bellwether.yaml could not be written: it still says what was in force before.',
  none: 'There is no bellwether.yaml beside it.',
};

function writePublished({ publication, file }: PublishedHere): string {
  const { version, changes } = publication;
  return [
    `Published ${version.slice(0, 12)}:`,
    ...(changes.length === 0
      ? ['  only words that mean nothing to the rules']
      : changes.map(({ words }) => `  ${words}`)),
    FILE_WORDS[file],
    'A running service adopts it by itself; otherwise `bellwether run` is the first to use it.',
  ].join('\n');
}
