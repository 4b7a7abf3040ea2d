import { z } from 'zod';
import { AnswerBook } from '../activation/book.ts';
import { readBook } from '../activation/book-table.ts';
import type { Queryable } from '../ledger/ledger.ts';
import type { Engines } from './engines.ts';
import { type ModelText, markAdopted, publishedModel } from './publication.ts';

/** What an adoption works with. */
export interface AdoptionOptions {
  readonly engines: Engines;
  readonly clock: () => number;
  readonly isDry?: boolean;
  /** Told when another model is in force, in the same tick as the answers. */
  readonly onAdopted?: (adopted: ModelText) => void;
}

/** A publication that is to be adopted, and the engines under it. */
export interface Coming {
  readonly publicationId: number;
  readonly engines: Engines;
}

const AFTER_FAILURE_MILLIS = 60_000;

const lastSchema = z.object({
  publication_id: z.coerce.number(),
  version: z.string(),
  is_adopted: z.boolean(),
  is_reworded: z.boolean(),
});

async function lastPublished(ledger: Queryable): Promise<z.infer<typeof lastSchema> | undefined> {
  const [last] = await ledger.query(
    `SELECT publication_id, version, adopted_at IS NOT NULL AS is_adopted, version = version_before AS is_reworded
    FROM publications ORDER BY publication_id DESC LIMIT 1`,
    [],
    lastSchema,
  );
  return last;
}

/**
 * Which model a running loop computes by, and what was published meanwhile.
 *
 * The process that computes takes a publication as soon as it is there, answers everything under it into a book of its own,
 * and only then lets it be said. The others take it when that has been done. So nobody answers by half of each.
 */
export class Adoption {
  readonly #options: AdoptionOptions;
  #engines: Engines;
  #known: number | null = null;
  #notBefore = Number.NEGATIVE_INFINITY;

  constructor(options: AdoptionOptions) {
    this.#options = options;
    this.#engines = options.engines;
  }

  /** The engines under the model that is in force here. */
  get engines(): Engines {
    return this.#engines;
  }

  /** The publication that is due here; null: none. One that only words otherwise is taken at once. */
  async look(isSweeper: boolean): Promise<Coming | null> {
    const { ledger, model } = this.#engines;
    const last = await lastPublished(ledger);
    if (last === undefined || last.publication_id === this.#known || this.#options.clock() < this.#notBefore)
      return null;
    const isSame = last.version === model.version;
    if (!isSweeper && !last.is_adopted && !isSame) return null;
    const engines = { ...this.#engines, ...(await publishedModel(ledger, last.publication_id, model.file)) };
    const coming = { publicationId: last.publication_id, engines };
    if (!isSame || (isSweeper && !last.is_adopted && !last.is_reworded)) return coming;
    await this.#note(coming, isSweeper);
    this.take(coming);
    return null;
  }

  /** A book of everything that the process that computes wrote under a publication. */
  async read({ engines }: Coming): Promise<AnswerBook> {
    const book = new AnswerBook();
    for await (const block of readBook(engines.warehouse, engines.model.version, 0)) {
      for (const { entry } of block) if (entry !== null) book.put(entry);
    }
    return book;
  }

  /** Is in force from now on, here. */
  take(coming: Coming): void {
    this.#engines = coming.engines;
    this.#known = coming.publicationId;
    this.#options.onAdopted?.(coming.engines);
  }

  /** Lets the other processes take it: everything has been answered. */
  async finish(coming: Coming): Promise<void> {
    await this.#note(coming, true);
  }

  /** It failed: the model before goes on for a while, then it is tried again. */
  postpone(): void {
    this.#notBefore = this.#options.clock() + AFTER_FAILURE_MILLIS;
  }

  async #note({ publicationId, engines }: Coming, isSweeper: boolean): Promise<void> {
    const { clock, isDry = false } = this.#options;
    if (isSweeper && !isDry) await markAdopted(engines.ledger, publicationId, new Date(clock()));
  }
}
