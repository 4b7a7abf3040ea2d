import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Model } from '../definition/model.ts';
import { parseModel } from '../definition/parse.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type OpenLedger, openLedger } from '../ledger/open.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { Failure } from '../model/failure.ts';
import type { SignalEntry } from '../model/signal.ts';
import { openWarehouse } from '../warehouse/open.ts';
import type { OpenWarehouse } from '../warehouse/warehouse.ts';
import { type FileState, fileState } from './model-file.ts';
import { latestPublication, type ModelText, type Publication, publishedModel } from './publication.ts';
import { ModelRefused } from './refused.ts';
import { readVersion } from './versions.ts';

/** Name of the model file in the folder of a workspace. */
export const MODEL_FILE = 'bellwether.yaml';

/** Name of the folder in a workspace that holds the embedded engines' data. */
export const DATA_FOLDER = '.bellwether';

/** Which engines to use; what is undefined is embedded, or at its default. */
export interface EngineConfiguration {
  readonly warehouseUrl?: string | undefined;
  readonly warehouseDatabase?: string | undefined;
  readonly warehouseCluster?: string | undefined;
  readonly ledgerUrl?: string | undefined;
  readonly memoryLimitBytes?: number | undefined;
  readonly timeLimitSeconds?: number | undefined;
}

/** A model file as read: its text, what is wrong with it, and the model unless an error refuses it. */
export interface ModelReading {
  readonly directory: string;
  /** The whole path of the model file. */
  readonly path: string;
  readonly modelText: string;
  readonly model: Model | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly catalogue: readonly SignalEntry[];
}

/** Which workspace to open, and how. */
export interface WorkspaceOptions {
  readonly directory: string;
  readonly configuration: EngineConfiguration;
  readonly catalogue: readonly SignalEntry[];
}

/** Which workspace to open whole, and under which name this process works in it. */
export interface WholeWorkspaceOptions extends WorkspaceOptions {
  readonly run: string;
}

/** A workspace of which only the facts are open: enough to import and to measure. */
export interface FactWorkspace extends Omit<ModelReading, 'model'> {
  readonly model: Model;
  readonly warehouse: OpenWarehouse;
  /** Ends the embedded engines, or the connections to the servers. */
  readonly close: () => Promise<void>;
}

/** An open workspace: its model, its facts, and what was said and decided. */
export interface Workspace extends FactWorkspace, InForce {
  readonly ledger: OpenLedger;
  readonly run: string;
}

/** The model in force: what was published last, or the file where nobody ever published (decision 0013). */
export interface InForce extends ModelText {
  readonly publication: Publication | null;
  /** How the file stands to it. */
  readonly file: FileState;
}

/**
 * Reads the model of a workspace and opens no engine. Faults of the model are diagnostics.
 *
 * Refuses with a `Failure` `no-model` where the folder holds none.
 */
export async function readModel(directory: string, catalogue: readonly SignalEntry[]): Promise<ModelReading> {
  const path = join(directory, MODEL_FILE);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Failure(
      'no-model',
      `There is no model at ${path}. Make a workspace with \`bellwether init\`, or name another one with --workspace.`,
      { cause },
    );
  });
  return { directory, path, modelText: text, catalogue, ...parseModel(text, { file: MODEL_FILE, catalogue }) };
}

/**
 * Opens the facts of a workspace, and not its ledger.
 *
 * Refuses with a `Failure`: `no-model`, `model-refused` (a `ModelRefused`), and those of `openWarehouse`.
 */
export async function openFacts(options: WorkspaceOptions): Promise<FactWorkspace> {
  const reading = await readUsableModel(options);
  const warehouse = await openWarehouse(warehouseOptions(options));
  return { ...reading, warehouse, close: () => warehouse.close() };
}

/**
 * Opens a workspace: the model in force, its warehouse and its ledger.
 *
 * Refuses as `openFacts` does, and with the failures of `openLedger`; what was opened before is closed again.
 */
export async function openWorkspace(options: WholeWorkspaceOptions): Promise<Workspace> {
  const reading = await readModel(options.directory, options.catalogue);
  if (reading.model === null && !mayBePublished(options)) throw new ModelRefused(reading.path, reading.diagnostics);
  const [warehouse, ledger] = await Promise.allSettled([
    openWarehouse(warehouseOptions(options)),
    openLedger({ directory: join(options.directory, DATA_FOLDER), url: options.configuration.ledgerUrl }),
  ]);
  const opened = [warehouse, ledger].flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((engine) => engine.close()));
  };
  try {
    if (warehouse.status === 'rejected') throw warehouse.reason;
    if (ledger.status === 'rejected') throw ledger.reason;
    const inForce = await modelInForce(ledger.value, reading);
    return { ...reading, ...inForce, warehouse: warehouse.value, ledger: ledger.value, run: options.run, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The model in force in a workspace whose file was read. Refuses `model-refused`. */
export async function modelInForce(ledger: Ledger, reading: ModelReading): Promise<InForce> {
  const { model, modelText, path, diagnostics } = reading;
  const publication = await latestPublication(ledger);
  if (publication === null) {
    if (model === null) throw new ModelRefused(path, diagnostics);
    return { model, modelText, publication, file: 'same' };
  }
  const published = await publishedModel(ledger, publication.publicationId, MODEL_FILE);
  const before = await readVersion({ ledger }, publication.versionBefore);
  const file = await fileState(path, published.modelText, before?.text ?? null);
  return { ...published, publication, file };
}

/** Whether somebody may have published: then what the file says need not be in force. */
function mayBePublished({ directory, configuration }: WorkspaceOptions): boolean {
  return configuration.ledgerUrl !== undefined || existsSync(join(directory, DATA_FOLDER));
}

/** Whether there may be facts: a server of the operator's own, or an embedded warehouse that was opened before. */
export function holdsData(directory: string, configuration: EngineConfiguration): boolean {
  return configuration.warehouseUrl !== undefined || existsSync(join(directory, DATA_FOLDER, 'warehouse'));
}

async function readUsableModel(options: WorkspaceOptions): Promise<ModelReading & { readonly model: Model }> {
  const reading = await readModel(options.directory, options.catalogue);
  if (reading.model === null) throw new ModelRefused(reading.path, reading.diagnostics);
  return { ...reading, model: reading.model };
}

function warehouseOptions({ directory, configuration }: WorkspaceOptions) {
  return {
    directory: join(directory, DATA_FOLDER),
    url: configuration.warehouseUrl,
    database: configuration.warehouseDatabase,
    cluster: configuration.warehouseCluster,
    memoryLimitBytes: configuration.memoryLimitBytes,
    timeLimitSeconds: configuration.timeLimitSeconds,
  };
}
