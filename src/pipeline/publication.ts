import { z } from 'zod';
import { diffModels, type ModelChange } from '../definition/diff.ts';
import type { Model } from '../definition/model.ts';
import { parseModel } from '../definition/parse.ts';
import type { Ledger, Queryable } from '../ledger/ledger.ts';
import { Failure } from '../model/failure.ts';
import { SIGNAL_CATALOGUE } from '../profile/catalogue.ts';
import { ModelRefused } from './refused.ts';

/** A model that somebody published. Instants are ISO text. */
export interface Publication {
  readonly publicationId: number;
  readonly version: string;
  /** Version that was in force until then. */
  readonly versionBefore: string;
  readonly note: string;
  readonly author: string;
  readonly publishedAt: string;
  /** What it changed, in words. */
  readonly changes: readonly ModelChange[];
  /** When the process that computes had answered everything under it; null: not yet, or none runs. */
  readonly adoptedAt: string | null;
}

/** A model and its text, as they were published or as they stand in a file. */
export interface ModelText {
  readonly model: Model;
  readonly modelText: string;
}

const changeSchema = z.object({ path: z.string(), words: z.string() });

const rowSchema = z.object({
  publication_id: z.coerce.number(),
  version: z.string(),
  version_before: z.string(),
  note: z.string(),
  author: z.string(),
  published_at: z.date(),
  changes: z.array(changeSchema),
  adopted_at: z.date().nullable(),
});

const COLUMNS = 'publication_id, version, version_before, note, author, published_at, changes, adopted_at';

/** The publication that is in force; null: nobody ever published, so the file of the workspace is. */
export async function latestPublication(ledger: Queryable): Promise<Publication | null> {
  const sql = `SELECT ${COLUMNS} FROM publications ORDER BY publication_id DESC LIMIT 1`;
  const [row] = await ledger.query(sql, [], rowSchema);
  return row === undefined ? null : publicationOf(row);
}

/** Every publication, the latest first. */
export async function listPublications({ ledger }: { readonly ledger: Ledger }): Promise<readonly Publication[]> {
  const rows = await ledger.query(`SELECT ${COLUMNS} FROM publications ORDER BY publication_id DESC`, [], rowSchema);
  return rows.map(publicationOf);
}

/** The model of a publication. Refuses `model-refused` where this release of Bellwether does not take its text. */
export async function publishedModel(ledger: Queryable, publicationId: number, file: string): Promise<ModelText> {
  const { text } = await publishedTexts(ledger, publicationId);
  return readText(text, file, `that was published (${publicationId})`);
}

const textsSchema = z.object({ text: z.string(), before: z.string().nullable() });

/** The text of a publication, and the one that was in force until then; null: it was never recorded. */
export async function publishedTexts(ledger: Queryable, publicationId: number): Promise<z.infer<typeof textsSchema>> {
  const sql = `SELECT text, coalesce(
      (SELECT text FROM publications WHERE publication_id < $1 ORDER BY publication_id DESC LIMIT 1),
      (SELECT text FROM model_versions WHERE version = version_before)
    ) AS before
    FROM publications WHERE publication_id = $1`;
  const [row] = await ledger.query(sql, [publicationId], textsSchema);
  if (row === undefined) throw new Failure('unknown-version', `There is no publication ${publicationId}.`);
  return row;
}

/** A text as a model; refuses `model-refused` with every diagnostic. `what` ends the words "the model ...". */
export function readText(modelText: string, file: string, what: string): ModelText {
  const { model, diagnostics } = parseModel(modelText, { file, catalogue: SIGNAL_CATALOGUE });
  if (model === null) throw new ModelRefused(what, diagnostics);
  return { model, modelText };
}

/** A version, and the publication that brought its words: absent where any words will do, null where nobody ever published. */
export interface Expected {
  readonly version: string;
  readonly publicationId?: number | null;
}

/** What to publish. */
export interface PublishRequest {
  /** What is in force where nobody ever published: the file as it was read. */
  readonly file: ModelText;
  readonly text: string;
  readonly note: string;
  readonly author: string;
  readonly now: Date;
  /** What must be in force, as whoever publishes saw it; absent: whatever is. */
  readonly expected?: Expected | undefined;
}

/** A publication, and the text that was in force before it. */
export interface Published {
  readonly publication: Publication;
  readonly textBefore: string;
}

/**
 * Publishes a model: from now on it is in force, whatever the file says. Running services adopt it by themselves.
 *
 * Refuses `no-reason` without a note, `model-refused`, `nothing-changed`, and `changed-meanwhile` where another version, or
 * the same in other words, is in force than the one expected. Two who publish at once come one after the other.
 */
export async function publish(ledger: Ledger, request: PublishRequest): Promise<Published> {
  const { text, note, author, now, expected, file } = request;
  if (note.trim() === '')
    throw new Failure('no-reason', 'Say in a note what the change is for; it stays in the history.');
  const next = readText(text, file.model.file, 'to publish');
  return ledger.transaction(async (transaction) => {
    await transaction.command('LOCK TABLE publications IN SHARE ROW EXCLUSIVE MODE');
    const last = await latestPublication(transaction);
    const before = last === null ? file : await publishedModel(transaction, last.publicationId, file.model.file);
    if (expected !== undefined && !isAsSeen(expected, before.model.version, last?.publicationId ?? null)) {
      throw new Failure('changed-meanwhile', 'Another version of the model was published since you looked.');
    }
    if (before.modelText === text) throw new Failure('nothing-changed', 'This is the text that is in force already.');
    for (const { model, modelText } of [before, next]) {
      const of = model === next.model ? [note, author] : ['', ''];
      await transaction.command(
        `INSERT INTO model_versions (version, text, note, author, published_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (version) DO NOTHING`,
        [model.version, modelText, ...of, now],
      );
    }
    const changes = diffModels(before.model, next.model);
    const [row] = await transaction.query(
      `INSERT INTO publications (version, version_before, text, note, author, published_at, changes)
      VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${COLUMNS}`,
      [next.model.version, before.model.version, text, note.trim(), author, now, JSON.stringify(changes)],
      rowSchema,
    );
    if (row === undefined) throw new Error('a publication was inserted and is not there');
    return { publication: publicationOf(row), textBefore: before.modelText };
  });
}

const isAsSeen = (expected: Expected, version: string, publicationId: number | null): boolean =>
  expected.version === version && (expected.publicationId === undefined || expected.publicationId === publicationId);

/** Notes that everything has been answered under a publication. */
export async function markAdopted(ledger: Queryable, publicationId: number, now: Date): Promise<void> {
  const sql = 'UPDATE publications SET adopted_at = $2 WHERE publication_id = $1 AND adopted_at IS NULL';
  await ledger.command(sql, [publicationId, now]);
}

function publicationOf(row: z.infer<typeof rowSchema>): Publication {
  return {
    publicationId: row.publication_id,
    version: row.version,
    versionBefore: row.version_before,
    note: row.note,
    author: row.author,
    publishedAt: row.published_at.toISOString(),
    changes: row.changes,
    adoptedAt: row.adopted_at?.toISOString() ?? null,
  };
}
