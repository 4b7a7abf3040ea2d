import { DAY, millis } from './instants.ts';

/** The rules' own answer of one evaluation; null where the account is in no segment then (prospect, churned). */
export interface RawAnswer {
  /** Instant of the evaluation: a midnight, or live any instant. */
  readonly day: Date;
  readonly raw: string | null;
  readonly home: string | null;
}

/** A segment set by a person, from `from` (included) to `until` (excluded). */
export interface Override {
  readonly segment: string;
  readonly from: Date;
  readonly until: Date;
}

/** Parameters of D11 and D17. */
export interface AssignmentRules {
  readonly asOf: Date;
  /** Name of the segment that lies over the home segments. */
  readonly overlay: string;
  /** Days for which another answer must have stood, by the segment entered; `dwellDays` for all others. */
  readonly dwellDaysOf: Readonly<Record<string, number>>;
  readonly dwellDays: number;
  readonly overlayExitDays: number;
  readonly windowDays: number;
  readonly overrides: readonly Override[];
  /** Midnights on which an applied model edit or a declared merger takes effect without dwell. */
  readonly immediate: readonly Date[];
}

/** Which segment, since when, and what is waiting. */
export interface Assignment {
  readonly segment: string | null;
  /** The evaluation at which it became the assignment, within the window; null without a segment. */
  readonly since: Date | null;
  readonly isOverridden: boolean;
  /** What the rules alone would have assigned. */
  readonly withoutOverride: string | null;
  readonly waiting: { readonly segment: string; readonly on: Date } | null;
}

interface State {
  readonly segment: string | null;
  readonly since: number | null;
  /** Another answer that has been the same on every daily evaluation since `from`. */
  readonly other: { readonly segment: string; readonly from: number } | null;
}

const isMidnight = (instant: number): boolean => instant % DAY === 0;

function neededDays(rules: AssignmentRules, current: string, next: string): number {
  return current === rules.overlay ? rules.overlayExitDays : (rules.dwellDaysOf[next] ?? rules.dwellDays);
}

function step(state: State, answer: RawAnswer, rules: AssignmentRules): State {
  const { raw } = answer;
  const now = millis(answer.day);
  if (raw === null) return { segment: null, since: null, other: null };
  if (raw === state.segment) return { ...state, other: null };
  const isAtOnce =
    state.segment === null || raw === rules.overlay || rules.immediate.some((instant) => millis(instant) === now);
  if (isAtOnce) return { segment: raw, since: now, other: null };
  const from = state.other?.segment === raw ? state.other.from : now;
  if (now - from >= neededDays(rules, state.segment, raw) * DAY) return { segment: raw, since: now, other: null };
  return { ...state, other: { segment: raw, from } };
}

/** The evaluations that count: those at midnights in the window, and the one at T itself, live or not. */
function counted(answers: readonly RawAnswer[], rules: AssignmentRules): RawAnswer[] {
  const at = millis(rules.asOf);
  return answers
    .filter(({ day }) => millis(day) <= at && millis(day) > at - rules.windowDays * DAY)
    .filter(({ day }) => isMidnight(millis(day)) || millis(day) === at)
    .sort((a, b) => millis(a.day) - millis(b.day));
}

/**
 * The assignment as of T as a function of the raw answers of the window up to T (D11): it begins with the first of
 * them; another answer becomes the assignment once it has been the same on every daily evaluation for the dwell; the
 * overlay is entered at once, on a live evaluation too. A live answer other than the overlay starts or ends nothing.
 */
export function assignmentOf(answers: readonly RawAnswer[], rules: AssignmentRules): Assignment {
  let state: State = { segment: null, since: null, other: null };
  for (const answer of counted(answers, rules)) {
    const isLive = !isMidnight(millis(answer.day));
    if (!isLive || answer.raw === rules.overlay || answer.raw === null || state.segment === null) {
      state = step(state, answer, rules);
    }
  }
  const { segment, since, other } = state;
  const waiting =
    segment === null || other === null
      ? null
      : { segment: other.segment, on: new Date(other.from + neededDays(rules, segment, other.segment) * DAY) };
  const at = millis(rules.asOf);
  const override = rules.overrides.find(({ from, until }) => millis(from) <= at && at < millis(until));
  if (override !== undefined && segment !== null) {
    return { segment: override.segment, since: override.from, isOverridden: true, withoutOverride: segment, waiting };
  }
  return {
    segment,
    since: since === null ? null : new Date(since),
    isOverridden: false,
    withoutOverride: segment,
    waiting,
  };
}
