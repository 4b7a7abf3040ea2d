import { benjaminiHochberg } from '../stats/multiple_testing.ts';
import { randomStream } from '../stats/random.ts';
import { type Calendar, type CustomerRow, calendarOf } from './calendar.ts';
import { alertsOf, closeGaps, type Firing, hasFallenSilent, lastFiring, type Track } from './firing.ts';
import { DAY_MS } from './history.ts';
import type { Indicator } from './indicator.ts';
import { type Contrast, contrastOf, type Days, daysOf, type MatchedFiring } from './lead_contrast.ts';
import type { Panel } from './panel.ts';
import { type Alarm, alarmOf } from './precision.ts';
import { type Churn, type Control, churnsOf, controlsFor } from './renewal_control.ts';
import { accountsForLeast, type Verdict, verdictOf, whyNotHolds } from './verdict.ts';
import { writePercent } from './wording.ts';

type Pair = readonly [number, number];

/** A share of churns beside the same share of renewals of retained accounts, and what to make of it. */
interface Beside extends Contrast {
  readonly q: number | null;
  readonly verdict: Verdict;
}

/** One indicator: a row of `evidence lead-time --json`. */
export interface LeadTimeRow {
  readonly indicator: string;
  readonly path: string;
  readonly segment: string | null;
  /** Churns of accounts that it was asked of, and those before which it fired. */
  readonly n: number;
  readonly fired: number;
  /** Before which it had fired in the last half year, and was silent again in the last 30 days. */
  readonly fellSilent: number;
  /** Days from the start of the last unbroken firing to the churn, and to the end of the term: of those it fired for. */
  readonly leadDays: Days | null;
  readonly termLeadDays: Days | null;
  /** Firing that reaches within 30 days of the end. */
  readonly detection: Beside;
  /** The same, begun at least `earlyDays` before. */
  readonly early: Beside;
  readonly earlyDays: number;
  readonly precision: Alarm | null;
  readonly recall: Alarm | null;
  /** Share of all account-quarters that churn within the horizon. */
  readonly baseRate: number | null;
  readonly alerts: number;
  readonly alertsPerMonth: { readonly per: 'csm' | '100 accounts'; readonly alerts: number } | null;
  readonly horizonDays: number;
  readonly tried: number;
  readonly estimate: number | null;
  readonly interval: Pair | null;
  readonly p: number | null;
  readonly q: number | null;
  readonly verdict: Verdict;
  readonly needed: { readonly reason: string | null; readonly accounts: number | null } | null;
  readonly sentence: string;
}

/** What to look at; `earlyDays` is how early a warning is worth something (90). */
export interface LeadTimeOptions {
  readonly indicators: readonly Indicator[];
  readonly earlyDays: number;
  /** A silence or an unknown of fewer days does not end a firing: how long the model waits before At-Risk is left. */
  readonly gapDays: number;
  readonly horizonDays: number;
  readonly resamples: number;
  readonly seed: number;
}

/** Every indicator, and what was looked at. */
export interface LeadTimeReport {
  readonly rows: readonly LeadTimeRow[];
  readonly churns: number;
  /** Churns with a retained account at a renewal of the same week and age. */
  readonly matched: number;
  readonly calendar: Calendar;
}

const MOST_CONTROLS = 4;
const WORTH_POINTS = 0.05;

/**
 * How long before a churn does each indicator of the model begin to fire, and does it do so more than elsewhere?
 *
 * Churns are compared with retained accounts at a renewal of the same week and age, since an indicator that always fires
 * precedes every churn. Weekly landmarks: a start is known to the week; gaps shorter than `gapDays` end no firing. Lead times that began before anybody looked are
 * censored (Kaplan-Meier median). q corrects over indicators, apart for firing at all and for firing early.
 */
export function testLeadTimes(panel: Panel, options: LeadTimeOptions): LeadTimeReport {
  const calendar = calendarOf(panel);
  const byAccount = groupByAccount(calendar.rows);
  const churns = churnsOf(byAccount);
  const pools = churns.map((churn, place) => controlsFor(churn, byAccount, randomStream(options.seed, 'lead', place)));
  const measured = options.indicators.map((indicator) => measure(indicator, byAccount, churns, pools, options.gapDays));
  const contrast = (earlyDays: number) =>
    measured.map(({ sets }) => contrastOf(sets, earlyDays, calendar.laterMs, churns.length));
  const [detections, earlies] = [contrast(0), contrast(options.earlyDays)];
  const [detected, early] = [detections, earlies].map(besideOf);
  const tried = detections.filter(({ p }) => p !== null).length;
  const rows = measured.map((one, place) =>
    rowOf(panel, calendar, one, { detection: detected?.[place], early: early?.[place], tried }, options),
  );
  return { rows, churns: churns.length, matched: pools.filter(({ length }) => length > 0).length, calendar };
}

/** Rows of each account, in order of time. */
function groupByAccount(rows: readonly CustomerRow[]): ReadonlyMap<string, readonly CustomerRow[]> {
  const groups = new Map<string, CustomerRow[]>();
  for (const row of rows) {
    const group = groups.get(row.accountId);
    if (group === undefined) groups.set(row.accountId, [row]);
    else group.push(row);
  }
  return groups;
}

interface Measured {
  readonly indicator: Indicator;
  readonly sets: readonly MatchedFiring[];
  readonly tracks: readonly Track[];
}

function measure(
  indicator: Indicator,
  byAccount: ReadonlyMap<string, readonly CustomerRow[]>,
  churns: readonly Churn[],
  pools: readonly (readonly Control[])[],
  gapDays: number,
): Measured {
  const { fires, asks } = indicator;
  if (fires === null) return { indicator, sets: [], tracks: [] };
  const tracks = new Map(
    [...byAccount].map(([id, rows]): [string, Track] => [
      id,
      closeGaps({ rows, fires: rows.map((row) => asks(row) && fires(row) === true) }, gapDays),
    ]),
  );
  const firingAt = (id: string, endMs: number): Firing | null => {
    const track = tracks.get(id);
    return track === undefined ? null : lastFiring(track, endMs);
  };
  const isAsked = (rows: readonly CustomerRow[], endMs: number): boolean => {
    const last = rows.findLast(({ landmarkMs }) => landmarkMs < endMs);
    return last !== undefined && asks(last);
  };
  const sets = churns.flatMap((churn, place): readonly MatchedFiring[] => {
    if (!isAsked(churn.rows, churn.churnMs)) return [];
    const controls = (pools[place] ?? []).filter(({ rows, renewalMs }) => isAsked(rows, renewalMs));
    const chosen = controls.slice(0, MOST_CONTROLS);
    return [
      {
        churnMs: churn.churnMs,
        termEndMs: churn.termEndMs,
        firing: firingAt(churn.accountId, churn.churnMs),
        hasFallenSilent: hasFallenSilent(tracks.get(churn.accountId) ?? { rows: [], fires: [] }, churn.churnMs),
        controls: chosen.map(({ accountId, renewalMs }) => firingAt(accountId, renewalMs)),
      },
    ];
  });
  return { indicator, sets, tracks: [...tracks.values()] };
}

interface Tested extends Contrast {
  readonly isSameLater: boolean | null;
  readonly reason: string | null;
}

function besideOf(contrasts: readonly Tested[]): readonly (Beside & { readonly reason: string | null })[] {
  const qs = benjaminiHochberg(contrasts.map(({ p }) => p));
  return contrasts.map(({ isSameLater, reason, ...contrast }, place) => {
    const q = qs[place] ?? null;
    const { differenceInterval: interval } = contrast;
    if (q === null || interval === null) return { ...contrast, q, verdict: 'too_little_data', reason };
    const claim = { q, interval, isSameLater };
    return { ...contrast, q, verdict: verdictOf({ ...claim, worth: WORTH_POINTS }), reason: whyNotHolds(claim) };
  });
}

type Said = Beside & { readonly reason: string | null };

function rowOf(
  panel: Panel,
  calendar: Calendar,
  { indicator, sets, tracks }: Measured,
  said: { readonly detection: Said | undefined; readonly early: Said | undefined; readonly tried: number },
  options: LeadTimeOptions,
): LeadTimeRow {
  if (said.detection === undefined || said.early === undefined) throw new Error('an indicator was not compared');
  const { reason: cause, ...detection } = said.detection;
  const { reason: _, ...early } = said.early;
  const fired = sets.flatMap(({ firing, churnMs, termEndMs }) =>
    firing === null ? [] : [{ ...firing, churnMs, termEndMs }],
  );
  const alarm = alarmOf(tracks, indicator, calendar, options);
  const reason = indicator.fires === null ? 'it reads lists or days, which the panel does not hold' : cause;
  const row = {
    indicator: indicator.name,
    path: indicator.path,
    segment: indicator.segment,
    n: sets.length,
    fired: fired.length,
    fellSilent: sets.filter((set) => set.hasFallenSilent).length,
    leadDays: daysOf(fired.map(({ leadDays, isAtLeast }) => ({ days: leadDays, isAtLeast }))),
    termLeadDays: daysOf(
      fired.flatMap(({ startMs, termEndMs, isAtLeast }) =>
        termEndMs === null || termEndMs <= startMs ? [] : [{ days: (termEndMs - startMs) / DAY_MS, isAtLeast }],
      ),
    ),
    detection,
    early,
    earlyDays: options.earlyDays,
    ...alarm,
    ...alertRate(panel, calendar, tracks),
    horizonDays: options.horizonDays,
    tried: said.tried,
    estimate: detection.difference,
    interval: detection.differenceInterval,
    p: detection.p,
    q: detection.q,
    verdict: detection.verdict,
    needed:
      detection.verdict === 'too_little_data'
        ? { reason, accounts: accountsForLeast(tracks.length, detection.n) }
        : null,
  };
  return { ...row, sentence: sentenceOf(row) };
}

const MONTH_DAYS = 30.4375;

function alertRate(panel: Panel, calendar: Calendar, tracks: readonly Track[]) {
  const alerts = tracks.reduce((sum, track) => sum + alertsOf(track).length, 0);
  const landmarks = new Set(calendar.rows.map(({ landmarkMs }) => landmarkMs)).size;
  const months = (calendar.followedMs - calendar.firstMs) / (MONTH_DAYS * DAY_MS);
  if (tracks.length === 0 || landmarks === 0 || !(months > 0)) return { alerts, alertsPerMonth: null };
  const csms = panel.texts('csm');
  const named = new Set(calendar.rows.flatMap(({ index }) => csms[index] ?? [])).size;
  const per = named > 0 ? ('csm' as const) : ('100 accounts' as const);
  const units = named > 0 ? named : calendar.rows.length / landmarks / 100;
  return { alerts, alertsPerMonth: { per, alerts: alerts / months / units } };
}

function sentenceOf(row: Omit<LeadTimeRow, 'sentence'>): string {
  const { detection, early, leadDays } = row;
  const where = row.segment === null ? row.indicator : `${row.indicator} (${row.segment})`;
  if (row.n === 0) return `${where}: not judged, ${row.needed?.reason ?? 'no account that it is asked of churned'}.`;
  const days = leadDays?.median == null ? '' : `, in the middle ${Math.round(leadDays.median)} days before`;
  const firing = `${where}: it was firing before ${row.fired} of ${row.n} churns${days}`;
  const silent =
    row.fellSilent === 0
      ? ''
      : `; before ${row.fellSilent} more it had fired in the half year before and was silent again`;
  const found = `${firing}${silent}`;
  if (detection.share === null || detection.controlShare === null) {
    return `${found}. Not compared with accounts that stayed: ${row.needed?.reason ?? 'too few'}.`;
  }
  const beside = `${found}; where both can be compared, before ${writePercent(detection.share)} of churns and ${writePercent(detection.controlShare)} of the renewals of accounts that stayed. ${row.earlyDays} days ahead it had begun for ${writePercent(early.share ?? 0)} and ${writePercent(early.controlShare ?? 0)}`;
  if (row.verdict === 'holds') return `${beside}. It fires before churns more than chance explains.`;
  if (row.verdict === 'fails') return `${beside}. A difference worth acting on can be ruled out.`;
  return `${beside}. That is too little to tell: ${row.needed?.reason}.`;
}
