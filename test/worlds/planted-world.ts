import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Model } from '../../src/definition/model.ts';
import { parseModel } from '../../src/definition/parse.ts';
import type { Dealings } from '../../src/evidence/dealings.ts';
import type { History } from '../../src/evidence/history.ts';
import type { Panel } from '../../src/evidence/panel.ts';
import { importSources } from '../../src/ingest/import-sources.ts';
import { openDealings } from '../../src/pipeline/dealings.ts';
import { openHistory, openPanel, WEEKLY } from '../../src/pipeline/evidence.ts';
import { STANDARD } from '../../src/pipeline/questions.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import type { Truth } from '../../src/simulate/truth.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';

/** A simulated world that was imported, as evidence over ages sees it, and what was planted in it. */
export interface PlantedWorld {
  readonly seed: number;
  readonly model: Model;
  readonly truth: Truth;
  readonly history: History;
  /** Looks back on it week by week, which takes most of the time. */
  readonly openCalendar: () => Promise<PlantedCalendar>;
}

/** What evidence over a calendar sees. */
export interface PlantedCalendar {
  readonly dealings: Dealings;
  /** Every week. */
  readonly weekly: Panel;
}

/** Size of a world; 1,000 accounts and 24 months are the default world. */
export interface WorldSize {
  readonly seed: number;
  readonly accounts: number;
  readonly months: number;
}

const END = '2026-11-21';
const NOW = new Date(Date.UTC(2026, 10, 22, 12));

/** Simulates a world in an empty folder, imports it once, and asks it. */
export async function inWorld<Answer>(
  directory: string,
  size: WorldSize,
  ask: (world: PlantedWorld) => Answer | Promise<Answer>,
): Promise<Answer> {
  const truth = await simulate({ ...size, end: END }, directory);
  const modelText = readFileSync(join(directory, 'bellwether.yaml'), 'utf8');
  const { model } = parseModel(modelText, { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
  if (model === null) throw new Error('the simulated model is refused');
  const warehouse = await openWarehouse({ directory: join(directory, '.bellwether') });
  try {
    await importSources({ warehouse, model, directory, environment: () => undefined, now: NOW });
    const source = { model, warehouse, run: 'world' };
    const history = await openHistory(source, { asOf: null, ageDays: STANDARD.milestones.windows });
    const openCalendar = async (): Promise<PlantedCalendar> => ({
      dealings: await openDealings(source, null),
      weekly: await openPanel(source, { asOf: null, now: NOW, everyDays: WEEKLY }),
    });
    return await ask({ seed: size.seed, model, truth, history, openCalendar });
  } finally {
    await warehouse.close();
  }
}
