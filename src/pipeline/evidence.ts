import { scopeOf } from '../definition/scopes.ts';
import { type History, readHistory } from '../evidence/history.ts';
import { calendarLandmarks, emptyPanel, type Panel, readPanel } from '../evidence/panel.ts';
import { SIGNAL_CATALOGUE } from '../profile/catalogue.ts';
import { buildHistory, dropHistory } from '../profile/history.ts';
import { computeProfiles, dropProfiles } from '../profile/profile.ts';
import { writeAnswers } from '../segment/answer.ts';
import type { Engines } from './engines.ts';
import { resolveAsOf } from './run.ts';

type Source = Pick<Engines, 'warehouse' | 'model' | 'run'>;

/** What to look back on: as-of null means the completeness of the behavioural sources. */
export interface EvidenceRequest {
  readonly asOf: number | null;
  /** Ages in whole days at which milestones are looked at. */
  readonly ageDays: readonly number[];
}

/** Reads what happened to every account until a day: all that evidence over ages looks at. */
export async function openHistory(engines: Source, request: EvidenceRequest): Promise<History> {
  const { warehouse, model } = engines;
  const through = await resolveAsOf(engines, request.asOf);
  const run = `${engines.run}_evidence`;
  try {
    const tables = await buildHistory(warehouse, { model, run, through, ageDays: request.ageDays });
    return await readHistory(warehouse, tables, through, model.outcomes.inactiveDays);
  } finally {
    await dropHistory(warehouse, run);
  }
}

/** Days between calendar landmarks at which customers are compared. */
export const MONTHLY = 28;
/** Days between calendar landmarks at which accounts are followed towards an end. */
export const WEEKLY = 7;

/** What to look at week by week: as-of null means the completeness of the behavioural sources. */
export interface PanelRequest {
  readonly asOf: number | null;
  readonly now: Date;
  readonly everyDays: number;
  readonly onProgress?: (done: number, all: number) => void;
}

/** Days that a window of the shipped signals looks back; before them a landmark would see half of it. */
const WINDOW_DAYS = 60;

/** Computes every account at every calendar landmark, with the rules' own answers under this model, and what happened after. */
export async function openPanel(engines: Source, request: PanelRequest): Promise<Panel> {
  return (await openPast(engines, { ...request, ageDays: [] })).panel;
}

/** What happened to every account, and every account at every calendar landmark, up to the same day. */
export async function openPast(
  engines: Source,
  request: PanelRequest & EvidenceRequest,
): Promise<{ readonly history: History; readonly panel: Panel }> {
  const history = await openHistory(engines, request);
  return { history, panel: await panelOver(engines, history, request) };
}

async function panelOver(engines: Source, history: History, request: PanelRequest): Promise<Panel> {
  const { warehouse, model } = engines;
  const from = history.eventsFromMs ?? history.throughMs;
  const { everyDays } = request;
  const asOfs = calendarLandmarks(from, history.throughMs, { everyDays, windowDays: WINDOW_DAYS });
  const run = `${engines.run}_panel`;
  const { names, typeOf } = scopeOf('account', model, SIGNAL_CATALOGUE);
  const isNumber = (name: string) => ['number', 'flag'].includes(String(typeOf(name)));
  const columns = { numbers: names.filter(isNumber), texts: names.filter((name) => typeOf(name) === 'text') };
  if (asOfs.length === 0) return emptyPanel(columns);
  try {
    const onProgress = request.onProgress ?? (() => undefined);
    const tables = await computeProfiles(warehouse, { model, asOfs, run, onProgress });
    await writeAnswers(warehouse, model, SIGNAL_CATALOGUE, tables.accounts, asOfs, request.now.getTime());
    const source = {
      profiles: tables.accounts,
      answers: `${warehouse.database}.answers`,
      modelVersion: model.version,
      ...columns,
    };
    return await readPanel(warehouse, source, history);
  } finally {
    await dropProfiles(warehouse, run);
  }
}
