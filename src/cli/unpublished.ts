import type { Workspace } from '../pipeline/workspace.ts';
import type { Context } from './command.ts';

/** Says on stderr where the file of a workspace is not what is in force, so that nobody takes the one for the other. */
export function tellUnpublished({ log }: Pick<Context, 'log'>, { file, publication }: Workspace): void {
  if (publication === null || file === 'same') return;
  const told =
    file === 'unwritten'
      ? 'bellwether.yaml still says what was in force before: it could not be written.'
      : 'bellwether.yaml says something else than what is in force: `bellwether plan` tells what, `bellwether apply` publishes it.';
  log(`${told} In force is what ${publication.author} published on ${publication.publishedAt.slice(0, 10)}.\n`);
}
