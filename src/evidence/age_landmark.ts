import { type Conversion, conversionAfter } from './conversion.ts';
import { DAY_MS, type History, type PastAccount, paperKey } from './history.ts';
import { type Outcome, outcomeAfter } from './outcome.ts';

/** One account at an age: what was known of it then, and what happened after. */
export interface AgeRow<After = Outcome> {
  readonly account: PastAccount;
  readonly createdMs: number;
  readonly landmarkMs: number;
  /** Values of all bands together; rows are compared within one of these only. */
  readonly stratum: string;
  readonly activeDays: number;
  readonly outcome: After;
}

/** Rows at one age, and who is not among them. */
export interface AgeLandmark<After = Outcome> {
  readonly ageDays: number;
  readonly rows: readonly AgeRow<After>[];
  readonly left: {
    /** Created before the events begin: what they did is unknown. */
    readonly beforeEvents: number;
    /** Not of this population at that age, no customer or no prospect; or too young. */
    readonly notThere: number;
    readonly outsideIcp: number;
    readonly undated: number;
  };
}

/**
 * Every customer at the moment it was so many days old, one row per account.
 *
 * Who left before is no row, so that nobody is credited for having survived. Accounts known to be outside the ICP are
 * left out; unknown ones are kept.
 */
export function ageLandmark(history: History, ageDays: number): AgeLandmark {
  return landmarkAt(history, ageDays, outcomeAfter);
}

/** Every account that was no customer yet at the moment it was so many days old: trials and prospects. See `ageLandmark`. */
export function prospectLandmark(history: History, ageDays: number): AgeLandmark<Conversion> {
  return landmarkAt(history, ageDays, conversionAfter);
}

function landmarkAt<After>(
  history: History,
  ageDays: number,
  after: (history: History, account: PastAccount, landmarkMs: number) => After | null,
): AgeLandmark<After> {
  const rows: AgeRow<After>[] = [];
  const left = { beforeEvents: 0, notThere: 0, outsideIcp: 0, undated: 0 };
  const eventsFrom = history.eventsFromMs ?? Number.POSITIVE_INFINITY;
  for (const account of history.accounts) {
    const { createdMs } = account;
    if (createdMs === null) left.undated += 1;
    else if (createdMs < eventsFrom) left.beforeEvents += 1;
    else {
      const landmarkMs = createdMs + ageDays * DAY_MS;
      const outcome = after(history, account, landmarkMs);
      const paper = history.papers.get(paperKey(account.accountId, landmarkMs));
      if (outcome === null) left.notThere += 1;
      else if (paper?.isEligible === false) left.outsideIcp += 1;
      else {
        const stratum = Object.values(paper?.bands ?? {})
          .map((band) => band ?? 'unknown')
          .join(' / ');
        const activeDays = account.activeDays.filter((day) => (day + 1) * DAY_MS <= landmarkMs).length;
        rows.push({ account, createdMs, landmarkMs, stratum, activeDays, outcome });
      }
    }
  }
  return { ageDays, rows, left };
}

/** Whole numbers from 0 for the strata of rows, as stratified tests take them. */
export function strataOf(rows: readonly { readonly stratum: string }[]): Int32Array {
  const names = new Map<string, number>();
  return Int32Array.from(rows, ({ stratum }) => {
    const known = names.get(stratum);
    if (known !== undefined) return known;
    names.set(stratum, names.size);
    return names.size - 1;
  });
}
