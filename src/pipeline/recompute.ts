import { SIGNAL_CATALOGUE } from '../profile/catalogue.ts';
import { computeProfiles, dropProfiles } from '../profile/profile.ts';
import { answerNames, writeAnswers } from '../segment/answer.ts';
import { batchesOfAll } from './batches.ts';
import type { Engines } from './engines.ts';
import { factExtent, staleDays } from './freshness.ts';

const DAY_MS = 86_400_000;

/** How far a recomputation has come, in days. */
export type Progress = (done: number, all: number) => void;

/** The evaluations of which the assignment as of T is a function: the midnights of the window, and T itself. */
export function windowDays(asOf: number, days: number): readonly number[] {
  const last = Math.floor(asOf / DAY_MS) * DAY_MS;
  const midnights = Array.from({ length: days }, (_, index) => last - (days - 1 - index) * DAY_MS);
  return [...new Set([...midnights.filter((day) => day > asOf - days * DAY_MS), asOf])];
}

/** Brings the raw answers of the window up to T up to date with the facts; returns the days that were computed. */
export async function recomputeAnswers(
  engines: Engines,
  asOf: number,
  now: Date,
  run: string,
  onProgress?: Progress,
): Promise<number> {
  const { model, warehouse } = engines;
  const { first } = await factExtent(engines, asOf);
  const wanted = windowDays(asOf, model.assignment.windowDays).filter(
    (day) => first === null || day > first || day === asOf,
  );
  const signals = new Set(answerNames(model));
  const stale = await staleDays(engines, wanted);
  onProgress?.(0, stale.length);
  let computed = 0;
  for (const asOfs of await batchesOfAll(engines, stale)) {
    const name = `${run}_w`;
    try {
      const onMeasured = (done: number, all: number) =>
        onProgress?.(computed + Math.floor((asOfs.length * done) / all), stale.length);
      const what = { model, asOfs, signals, entity: 'account' } as const;
      const tables = await computeProfiles(warehouse, { ...what, run: name, onProgress: onMeasured });
      await writeAnswers(warehouse, model, SIGNAL_CATALOGUE, tables.accounts, asOfs, now.getTime());
    } finally {
      await dropProfiles(warehouse, name);
    }
    computed += asOfs.length;
    onProgress?.(computed, stale.length);
  }
  return stale.length;
}
