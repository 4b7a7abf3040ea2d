import { SIGNAL_CATALOGUE } from '../profile/catalogue.ts';
import { allOf } from '../profile/lane.ts';
import { computeProfiles, dropProfiles } from '../profile/profile.ts';
import { type Answer, answerNames, answersFor, readAnswers } from '../segment/answer.ts';
import type { ProfileRow } from './accounts.ts';
import { instantsTogether, withChosen } from './chosen.ts';
import type { Engines } from './engines.ts';
import { type Standing, standingsFrom } from './movement.ts';
import { type Present, profileRow } from './present.ts';
import { recomputeAnswers, windowDays } from './recompute.ts';

const DAY_MS = 86_400_000;

/** Which account, and what of it. Instants in milliseconds. */
export interface StandingRequest {
  readonly accountId: string;
  readonly asOf: number;
  readonly now: Date;
  /** Profiles of that many days up to the as-of are read beside. */
  readonly days: number;
  readonly signals: readonly string[];
}

/** What the facts say of one account: answers of its window, and its profiles of some days; both the earliest first. */
export interface AccountPast {
  readonly answers: readonly Answer[];
  readonly rows: readonly ProfileRow[];
}

/** Tells what the facts say of one account. */
export type PastReader = (engines: Engines, request: StandingRequest) => Promise<AccountPast>;

/** The standing of one account as of an instant, and its profiles of the days up to it; null where there is no such account on that day. */
export async function accountStanding(
  engines: Engines,
  request: StandingRequest,
  readPast: PastReader = accountPast,
): Promise<{ readonly standing: Standing | null; readonly rows: readonly ProfileRow[] }> {
  const { answers, rows } = await readPast(engines, request);
  const [standing = null] = await standingsFrom(engines, request.asOf, answers);
  return { standing, rows };
}

/**
 * Computes the days of one account together. The midnights of the window are read as they are kept, and computed for
 * everybody only where they are not; the instant itself is computed for this account alone.
 */
export async function accountPast(
  engines: Engines,
  { accountId, asOf, now, days, signals }: StandingRequest,
): Promise<AccountPast> {
  const { warehouse, model, run } = engines;
  const from = windowDays(asOf, model.assignment.windowDays)[0] ?? asOf;
  const asOfs = Array.from({ length: days + 1 }, (_, index) => asOf - (days - index) * DAY_MS);
  return withChosen(engines, [accountId], 'one', async (only) => {
    const name = `${run}_one_w`;
    try {
      const asked = new Set([...answerNames(model), ...signals]);
      const what = { model, asOfs, signals: asked, entity: 'account', chunk: instantsTogether(1) } as const;
      const computed = computeProfiles(warehouse, { ...what, run: name, only });
      await allOf([computed, recomputeAnswers(engines, Math.floor(asOf / DAY_MS) * DAY_MS, now, run)]);
      const { accounts } = await computed;
      const [present, past, rows] = await Promise.all([
        answersFor(warehouse, model, SIGNAL_CATALOGUE, `(SELECT * FROM ${accounts} WHERE as_of = ${asOf})`),
        readAnswers(warehouse, model.version, from, asOf - 1, only),
        warehouse.rows(`SELECT * FROM ${accounts} ORDER BY as_of`, profileRow),
      ]);
      return { answers: [...past, ...present], rows };
    } finally {
      await dropProfiles(warehouse, name);
    }
  });
}

/** The same from the profile that the live loop computed last; the standing is null where that is of another instant. */
export async function presentStanding(
  engines: Engines,
  present: Present,
  { accountId, asOf }: { readonly accountId: string; readonly asOf: number },
): Promise<{ readonly standing: Standing | null; readonly row: ProfileRow }> {
  const { warehouse, model } = engines;
  const at = present.rowAt(accountId, asOf);
  if (at === null) return { standing: null, row: {} };
  const from = windowDays(asOf, model.assignment.windowDays)[0] ?? asOf;
  const [now, past, rows] = await Promise.all([
    answersFor(warehouse, model, SIGNAL_CATALOGUE, at),
    readAnswers(warehouse, model.version, from, asOf - 1, at),
    warehouse.rows(`SELECT * FROM ${at}`, profileRow),
  ]);
  const [standing = null] = await standingsFrom(engines, asOf, [...past, ...now]);
  return { standing, row: rows[0] ?? {} };
}
