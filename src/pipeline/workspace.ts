import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Model } from '../definition/model.ts';
import { parseModel } from '../definition/parse.ts';
import { type OpenLedger, openLedger } from '../ledger/open.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { Failure } from '../model/failure.ts';
import type { SignalEntry } from '../model/signal.ts';
import { openWarehouse } from '../warehouse/open.ts';
import type { OpenWarehouse } from '../warehouse/warehouse.ts';

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
export interface Workspace extends FactWorkspace {
  readonly ledger: OpenLedger;
  readonly run: string;
}

/** A model that an error refuses: could not run, with every diagnostic at hand. */
export class ModelRefused extends Failure {
  readonly diagnostics: readonly Diagnostic[];

  constructor(path: string, diagnostics: readonly Diagnostic[]) {
    const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
    super(
      'model-refused',
      `The model ${path} has ${errors === 1 ? 'an error' : `${errors} errors`}. Correct ${errors === 1 ? 'it' : 'them'} and try again; \`bellwether check\` shows everything.`,
    );
    this.diagnostics = diagnostics;
  }
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
 * Opens a workspace: its model, its warehouse and its ledger.
 *
 * Refuses as `openFacts` does, and with the failures of `openLedger`; what was opened before is closed again.
 */
export async function openWorkspace(options: WholeWorkspaceOptions): Promise<Workspace> {
  const reading = await readUsableModel(options);
  const [warehouse, ledger] = await Promise.allSettled([
    openWarehouse(warehouseOptions(options)),
    openLedger({ directory: join(options.directory, DATA_FOLDER), url: options.configuration.ledgerUrl }),
  ]);
  if (warehouse.status === 'fulfilled' && ledger.status === 'fulfilled') {
    const close = async (): Promise<void> => {
      await Promise.all([warehouse.value.close(), ledger.value.close()]);
    };
    return { ...reading, warehouse: warehouse.value, ledger: ledger.value, run: options.run, close };
  }
  if (warehouse.status === 'fulfilled') await warehouse.value.close();
  if (ledger.status === 'fulfilled') await ledger.value.close();
  throw warehouse.status === 'rejected' ? warehouse.reason : (ledger as PromiseRejectedResult).reason;
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
