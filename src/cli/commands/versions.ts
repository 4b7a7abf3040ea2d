import { listPublications } from '../../pipeline/publication.ts';
import { listVersions } from '../../pipeline/versions.ts';
import type { Command } from '../command.ts';
import { openPeople } from '../people.ts';
import { writeTable } from '../table.ts';

/** `bellwether versions`: which models were published or recorded, and what each changed. */
export const versionsCommand: Command = {
  name: 'versions',
  summary: 'list the versions of the model: who published which, why, and what it changed in words',
  examples: [
    { syntax: 'bellwether versions', meaning: 'the latest first' },
    { syntax: 'bellwether versions --json', meaning: 'with the changes of each, for machines' },
  ],
  json: '{publications: [{publicationId, version, versionBefore, note, author, publishedAt, changes: [{path, words}], adoptedAt}], versions: [{version, note, author, publishedAt}]}, the latest first',
  run: async (context) => {
    const ledger = await openPeople(context);
    const [publications, versions] = [await listPublications({ ledger }), await listVersions({ ledger })];
    return {
      status: 0,
      json: { publications, versions },
      text: (paper) => {
        if (versions.length === 0)
          return 'No version yet: `bellwether run` records the first, `bellwether apply` publishes one.';
        const published = new Set(publications.map(({ version }) => version));
        const rows = [
          ...publications.map((each) => [
            ...[each.version.slice(0, 12), each.publishedAt.slice(0, 16), each.author, each.note],
            each.changes.map(({ words }) => words).join('; '),
          ]),
          ...versions
            .filter(({ version }) => !published.has(version))
            .map(({ version, publishedAt }) => [
              version.slice(0, 12),
              publishedAt.slice(0, 16),
              null,
              'from the file',
              null,
            ]),
        ];
        return writeTable(paper, ['version', 'since', 'by', 'note', 'changes'], rows);
      },
    };
  },
};
