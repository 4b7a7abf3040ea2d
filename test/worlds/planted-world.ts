import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseModel } from '../../src/definition/parse.ts';
import { type MilestoneRow, testMilestones } from '../../src/evidence/milestone.ts';
import { importSources } from '../../src/ingest/import-sources.ts';
import { openHistory } from '../../src/pipeline/evidence.ts';
import { SIGNAL_CATALOGUE } from '../../src/profile/catalogue.ts';
import { PLANTED } from '../../src/simulate/planted.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { openWarehouse } from '../../src/warehouse/open.ts';

/** What evidence said of one planted world. */
export interface WorldSaid {
  readonly seed: number;
  readonly churned: number;
  readonly tried: number;
  readonly primary: Pick<MilestoneRow, 'verdict' | 'hazardRatio' | 'hazardInterval' | 'p' | 'carriedBy'>;
  /** The interval of the milestone's hazard ratio holds what was planted. */
  readonly isTruthInside: boolean;
  /** Decoys that hold by themselves at some age, by name and age: they are no milestones. */
  readonly standing: readonly string[];
  /** The survival decoy as the naive comparison has it. */
  readonly naive: { readonly hazardRatio: number | null; readonly p: number | null } | null;
}

/** Simulates a world of the given size in an empty folder, imports it, and asks for its milestones. */
export async function tryWorld(
  directory: string,
  size: { readonly seed: number; readonly accounts: number; readonly months: number },
): Promise<WorldSaid> {
  await simulate({ ...size, end: '2026-11-21' }, directory);
  const modelText = readFileSync(join(directory, 'bellwether.yaml'), 'utf8');
  const { model } = parseModel(modelText, { file: 'bellwether.yaml', catalogue: SIGNAL_CATALOGUE });
  if (model === null) throw new Error('the simulated model is refused');
  const warehouse = await openWarehouse({ directory: join(directory, '.bellwether') });
  try {
    const now = new Date(Date.UTC(2026, 10, 22, 12));
    await importSources({ warehouse, model, directory, environment: () => undefined, now });
    const history = await openHistory({ model, warehouse, run: 'world' }, { asOf: null, ageDays: [14, 30, 60] });
    const report = testMilestones(history, {
      windows: [14, 30, 60],
      counts: { times: [1, 3], users: [2, 3, 5] },
      horizonDays: 365,
      areas: model.taxonomy.features,
      workflows: model.taxonomy.workflows,
      declared: model.activation.milestones,
    });
    return said(size.seed, report.rows, report.tried, report.landmarks[1]?.events ?? 0);
  } finally {
    await warehouse.close();
  }
}

function said(seed: number, rows: readonly MilestoneRow[], tried: number, churned: number): WorldSaid {
  const primary = rows.find(({ family }) => family === 'primary');
  if (primary === undefined) throw new Error('the model names a primary milestone');
  const { survival, size, riding } = PLANTED.decoys;
  const decoys: readonly string[] = [survival.event, size.event, riding.event];
  const survivor = rows.find(({ candidate, windowDays }) => candidate === survival.event && windowDays === 60);
  const { verdict, hazardRatio, hazardInterval, p, carriedBy } = primary;
  const planted = PLANTED.milestone.hazardRatio;
  return {
    seed,
    churned,
    tried,
    primary: { verdict, hazardRatio, hazardInterval, p, carriedBy },
    isTruthInside: hazardInterval !== null && hazardInterval[0] <= planted && planted <= hazardInterval[1],
    standing: rows
      .filter((row) => decoys.includes(row.candidate) && row.verdict === 'holds' && row.carriedBy === null)
      .map((row) => `${row.candidate} at ${row.windowDays} days`),
    naive: survivor?.naive ?? null,
  };
}
