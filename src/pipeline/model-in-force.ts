import { diffModels, type ModelChange } from '../definition/diff.ts';
import type { Model } from '../definition/model.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Failure } from '../model/failure.ts';
import type { Engines } from './engines.ts';
import { type FileState, fileState, keepInFile } from './model-file.ts';
import {
  latestPublication,
  type ModelText,
  type Publication,
  type PublishRequest,
  publish,
  publishedModel,
  publishedTexts,
  readText,
} from './publication.ts';
import { lastRun } from './recorded.ts';
import { readVersion } from './versions.ts';

/** What is in force, what was published and is not answered by yet, and how the file stands to the latest. */
export interface Standing {
  /** The words of what is in force: the latest ones, as soon as they are published, where they mean the same. */
  readonly text: string;
  readonly publication: Publication | null;
  readonly coming: Publication | null;
  readonly file: FileState;
}

/** How the model that a service answers by stands. `path`: the file of the workspace; null: nobody told. */
export async function modelStanding({ ledger, model, modelText }: Engines, path: string | null): Promise<Standing> {
  const last = await latestPublication(ledger);
  if (last === null) {
    return { text: modelText, publication: null, coming: null, file: await fileState(path, modelText, null) };
  }
  const published = await publishedTexts(ledger, last.publicationId);
  const file = await fileState(path, published.text, published.before);
  return last.version === model.version
    ? { text: published.text, publication: last, coming: null, file }
    : { text: modelText, publication: null, coming: last, file };
}

/** What was published, and how the file stands to it. */
export interface PublishedHere {
  readonly publication: Publication;
  readonly file: FileState;
}

/** Publishes a text, and writes it into the file of the workspace where that holds no change of somebody's. */
export async function publishHere(
  { ledger }: Pick<Engines, 'ledger'>,
  path: string | null,
  request: PublishRequest,
): Promise<PublishedHere> {
  const published = await publish(ledger, request);
  return { publication: published.publication, file: await keepInFile(path, published, request.text) };
}

/** The text of a version that was recorded or published; refuses `unknown-version`. */
export async function versionText(
  { ledger }: Pick<Engines, 'ledger'>,
  version: string,
  file: string,
): Promise<ModelText> {
  const found = await readVersion({ ledger }, version);
  if (found === null) throw new Failure('unknown-version', `No version ${version} of the model was ever recorded.`);
  return readText(found.text, file, `of version ${version.slice(0, 12)}`);
}

/** What is otherwise in one recorded version than in another, in words. Refuses `unknown-version`. */
export async function diffVersions(
  engines: Pick<Engines, 'ledger' | 'model'>,
  from: string,
  to: string,
): Promise<readonly ModelChange[]> {
  const { file } = engines.model;
  const [before, after] = await Promise.all([versionText(engines, from, file), versionText(engines, to, file)]);
  return diffModels(before.model, after.model);
}

/**
 * The model that a draft is compared with: what is in force. Where nobody ever published that is what was recorded by last,
 * since the file is the draft then; null where there is none and the file is no model.
 */
export async function baseModel(
  ledger: Ledger,
  { model, modelText }: { readonly model: Model | null; readonly modelText: string },
): Promise<ModelText | null> {
  const publication = await latestPublication(ledger);
  if (publication !== null) return publishedModel(ledger, publication.publicationId, MODEL_NAME);
  const last = await lastRun(ledger);
  if (last !== null) return versionText({ ledger }, last.version, MODEL_NAME);
  return model === null ? null : { model, modelText };
}

/** How places in a model that is in no file are named. */
const MODEL_NAME = 'bellwether.yaml';
