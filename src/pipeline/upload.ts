import { z } from 'zod';
import type { Model, Source } from '../definition/model.ts';
import { parseModel } from '../definition/parse.ts';
import { Failure } from '../model/failure.ts';
import { SIGNAL_CATALOGUE } from '../profile/catalogue.ts';
import type { Engines } from './engines.ts';
import { type ImportAnswer, importFacts } from './import.ts';
import type { Patience } from './one-import.ts';

/** A file that was sent, and how to read it. */
export interface UploadRequest {
  /** Folder that holds the file and nothing else. */
  readonly directory: string;
  /** Name of the file in it: letters, digits, `.`, `_` and `-`. */
  readonly file: string;
  /** Name of a source of the model, or a mapping as a source of the model has it, in JSON, without its path. */
  readonly source: string;
  readonly isDry: boolean;
  readonly now: Date;
  /** How long to wait for another import. */
  readonly patience: Patience;
  /** In place of the format of the source; absent: as the source says. */
  readonly format?: 'jsonl';
}

/**
 * Imports one file as a source of the model would, through the same code; the model stays as it is.
 *
 * Refuses `bad-mapping` where the mapping is none, and `import-runs` where another takes too long.
 */
export async function importUpload(engines: Engines, request: UploadRequest): Promise<ImportAnswer> {
  const { directory, file, isDry, now, patience, format } = request;
  const said = sourceOf(engines.model, request.source, file);
  const source = format === undefined ? said : { ...said, format, delimiter: null };
  const { warehouse, ledger, run } = engines;
  const model = { ...engines.model, sources: [{ ...source, path: file }] };
  return importFacts(
    { warehouse, ledger, model, directory },
    { environment: () => undefined, now, dryRun: isDry, patience },
    run,
  );
}

const mappingSchema = z.record(z.string(), z.unknown());

/** The source of the model that is named, or one made of the mapping that is given; refuses `bad-mapping`. */
function sourceOf(model: Model, said: string, file: string): Source {
  const named = model.sources.find(({ name }) => name === said);
  if (named !== undefined) return named;
  const known = model.sources.map(({ name }) => name).join(', ');
  const mapping = mappingSchema.safeParse(jsonOf(said));
  if (!mapping.success) {
    throw new Failure(
      'bad-mapping',
      `${said.slice(0, 60)} is neither a source of the model (it has ${known}) nor a mapping in JSON.`,
    );
  }
  if ('path' in mapping.data)
    throw new Failure('bad-mapping', 'A mapping of an upload has no path: the file is what is sent.');
  const text = JSON.stringify({ version: 1, name: 'upload', sources: [{ ...mapping.data, path: file }] });
  const { model: parsed, diagnostics } = parseModel(text, { file: 'source', catalogue: SIGNAL_CATALOGUE });
  const faults = diagnostics.filter(({ severity }) => severity === 'error');
  if (faults.length > 0) throw new Failure('bad-mapping', faults.map(({ message }) => message).join('; '));
  const [source] = parsed?.sources ?? [];
  if (source === undefined) throw new Failure('bad-mapping', 'The mapping could not be read.');
  return source;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
