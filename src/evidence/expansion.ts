import { cumulativeIncidence, incidenceAt } from '../stats/cumulative_incidence.ts';
import { benjaminiHochberg } from '../stats/multiple_testing.ts';
import { verdictOnClaim } from './age_contrast.ts';
import { strataOf } from './age_landmark.ts';
import { atRisk, type CustomerRow } from './calendar.ts';
import { accountsToSettle, type Contrast, contrastGroups, whyUnsettled } from './contrast.ts';
import type { History } from './history.ts';
import type { Panel, PanelRow } from './panel.ts';
import { expansionStretch, firstOfEach, type Stretch } from './stretch.ts';
import type { Verdict } from './verdict.ts';
import { writeCount, writePercentWithin } from './wording.ts';

type Pair = readonly [number, number];

/** Time to expansion from a moment, in a segment: a row of `evidence expansion --json`. */
export interface ExpansionRow {
  readonly kind: 'entry' | 'trigger';
  readonly segment: string;
  /** Name of the trigger; null: from entering the segment. */
  readonly trigger: string | null;
  /** Accounts, and those that expanded within the horizon. */
  readonly n: number;
  readonly expanded: number;
  /** Share expanded by the horizon; churn competes. */
  readonly estimate: number | null;
  readonly interval: Pair | null;
  /** Days until half of the accounts have expanded; null: not reached within the horizon. */
  readonly medianDays: number | null;
  /** Of a trigger: how often accounts expand where it fires, against the same segment where it does not. */
  readonly hazardRatio: number | null;
  readonly hazardInterval: Pair | null;
  readonly p: number | null;
  /** Benjamini-Hochberg over triggers. */
  readonly q: number | null;
  readonly tried: number;
  readonly horizonDays: number;
  readonly verdict: Verdict;
  readonly needed: { readonly reason: string | null; readonly accounts: number | null } | null;
  readonly sentence: string;
}

/** An expansion trigger of a segment's motion; `fires` null: it reads what the panel does not hold. */
export interface ExpansionTrigger {
  readonly segment: string;
  readonly name: string;
  readonly fires: ((row: PanelRow) => boolean | null) | null;
}

/** What to ask. */
export interface ExpansionOptions {
  readonly segments: readonly string[];
  readonly triggers: readonly ExpansionTrigger[];
  readonly horizonDays: number;
}

/**
 * When do accounts expand, from entering a segment and from the first firing of an expansion trigger? (R160)
 *
 * Each account once per moment: its first landmark in the home segment, or there with the trigger firing; landmarks stand
 * every 28 days, so that a start is known to a month. Aalen-Johansen, churn competes. A trigger is tested against
 * landmarks of its segment at which it does not fire, clustered by account, within the landmark.
 */
export function testExpansion(history: History, panel: Panel, options: ExpansionOptions): readonly ExpansionRow[] {
  const rows = atRisk(panel);
  const inside = (segment: string) => rows.filter(({ home }) => home === segment);
  const entries = options.segments
    .filter((segment) => inside(segment).length > 0)
    .map((segment) => rowOf({ kind: 'entry', segment, trigger: null }, inside(segment), options, NO_TEST));
  const contrasts = options.triggers.map((trigger) => contrastOf(history, inside(trigger.segment), trigger, options));
  const qs = benjaminiHochberg(contrasts.map((contrast) => contrast?.p ?? null));
  const tried = qs.filter((q) => q !== null).length;
  const triggers = options.triggers.map(({ segment, name, fires }, index) => {
    const fired = fires === null ? [] : inside(segment).filter((row) => fires(row) === true);
    const test = { contrast: contrasts[index] ?? null, q: qs[index] ?? null, tried };
    return rowOf({ kind: 'trigger', segment, trigger: name }, fired, options, test);
  });
  return [...entries, ...triggers];
}

interface Test {
  readonly contrast: Contrast | null;
  readonly q: number | null;
  readonly tried: number;
}

const NO_TEST: Test = { contrast: null, q: null, tried: 0 };

function contrastOf(
  history: History,
  rows: readonly CustomerRow[],
  { fires }: ExpansionTrigger,
  { horizonDays }: ExpansionOptions,
): Contrast | null {
  if (fires === null) return null;
  const watched = rows.flatMap((row) => {
    const stretch = expansionStretch(row, horizonDays);
    const isFiring = fires(row);
    return stretch === null || isFiring === null ? [] : [{ stretch, side: isFiring ? 1 : 0 }];
  });
  return contrastGroups(
    watched.map(({ stretch }) => stretch),
    {
      side: Uint8Array.from(watched, ({ side }) => side),
      strata: strataOf(watched.map(({ stretch }) => ({ stratum: String(stretch.landmarkMs) }))),
      followedMs: history.followedMs,
    },
  );
}

function rowOf(
  named: Pick<ExpansionRow, 'kind' | 'segment' | 'trigger'>,
  rows: readonly CustomerRow[],
  { horizonDays }: ExpansionOptions,
  { contrast, q, tried }: Test,
): ExpansionRow {
  const stretches = firstOfEach(rows).flatMap((row) => expansionStretch(row, horizonDays) ?? []);
  const told = incidenceOf(stretches, horizonDays);
  const verdict = contrast === null ? ('too_little_data' as const) : verdictOnClaim(contrast, q, 1);
  const reason = contrast === null ? reasonOf(named.kind) : whyUnsettled(contrast, q);
  const accounts = contrast === null ? null : accountsToSettle(contrast);
  const row = {
    ...named,
    n: stretches.length,
    expanded: stretches.filter(({ cause }) => cause === 1).length,
    ...told,
    hazardRatio: contrast?.hazardRatio ?? null,
    hazardInterval: contrast?.interval ?? null,
    p: contrast?.p ?? null,
    q,
    tried,
    horizonDays,
    verdict,
    needed: verdict === 'too_little_data' ? { reason, accounts } : null,
  };
  return { ...row, sentence: sentenceOf(row) };
}

function reasonOf(kind: ExpansionRow['kind']): string {
  return kind === 'entry' ? 'a description: nothing is claimed' : 'the trigger reads what landmarks do not hold';
}

function incidenceOf(stretches: readonly Stretch[], horizonDays: number) {
  const curve = cumulativeIncidence(
    { time: stretches.map(({ days }) => days), cause: stretches.map(({ cause }) => cause) },
    1,
  );
  const at = incidenceAt(curve, horizonDays);
  const half = curve.incidence.findIndex((share) => share >= 0.5);
  return {
    estimate: at?.incidence ?? null,
    interval: at?.interval ?? null,
    medianDays: half < 0 ? null : Math.round(curve.time[half] ?? 0),
  };
}

function sentenceOf(row: Omit<ExpansionRow, 'sentence'>): string {
  const from =
    row.trigger === null ? `${row.segment}, from entering it` : `${row.segment}, from ${row.trigger} first firing`;
  if (row.estimate === null)
    return `${from}: ${writeCount(row.n, 'account')}, too few to follow for ${row.horizonDays} days.`;
  const half = row.medianDays === null ? 'half is not reached' : `half by day ${row.medianDays}`;
  const seen = `${from}: of ${writeCount(row.n, 'account')} ${writePercentWithin(row.estimate, row.interval)} have expanded within ${row.horizonDays} days (${half})`;
  if (row.trigger === null) return `${seen}.`;
  if (row.verdict === 'holds')
    return `${seen}. Where it fires accounts expand at ${(row.hazardRatio ?? 1).toFixed(1)} times the rate of the segment where it does not.`;
  if (row.verdict === 'fails')
    return `${seen}. That it announces expansion to an extent worth acting on can be ruled out.`;
  const accounts = row.needed?.accounts ?? null;
  const more = accounts === null ? '' : `; about ${writeCount(accounts, 'account')} would settle it`;
  return `${seen}. Whether it announces expansion cannot be told yet: ${row.needed?.reason ?? 'too little data'}${more}.`;
}
