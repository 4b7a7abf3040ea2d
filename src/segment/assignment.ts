import type { Model } from '../definition/model.ts';

const DAY_MS = 86_400_000;

/** The raw answer of one evaluation; null: in no segment then. Instants in milliseconds. */
export interface RawAnswer {
  readonly asOf: number;
  readonly raw: string | null;
  readonly home: string | null;
}

/** A segment that a person set, from `from` (included) to `until` (excluded). */
export interface OverrideSpan {
  readonly segment: string;
  readonly from: number;
  readonly until: number;
}

/** What the dwell needs to know of a model (D11). */
export interface DwellRules {
  readonly overlay: string | null;
  readonly dwellDays: Readonly<Record<string, number>>;
  readonly defaultDwellDays: number;
  readonly overlayExitDays: number;
  readonly windowDays: number;
  /** Midnights at which an applied model edit or a declared merger takes effect without dwell. */
  readonly immediateAt: readonly number[];
}

/** Another raw segment that is waiting out its dwell, and the day on which it would become the assignment. */
interface Waiting {
  readonly segment: string;
  readonly moveOn: number;
}

/** Which segment, since when (within the window), what waits, and what the rules alone would have said. */
export interface Assignment {
  readonly segment: string | null;
  readonly since: number | null;
  readonly waiting: Waiting | null;
  readonly isOverridden: boolean;
  readonly ruled: string | null;
}

/** The dwell rules of a model. */
export function dwellRules(model: Model, immediateAt: readonly number[] = []): DwellRules {
  return {
    overlay: model.segments.find((segment) => segment.isOverlay)?.name ?? null,
    dwellDays: Object.fromEntries(model.segments.map((segment) => [segment.name, segment.dwellDays])),
    defaultDwellDays: model.assignment.dwellDays,
    overlayExitDays: model.assignment.overlayExitDays,
    windowDays: model.assignment.windowDays,
    immediateAt,
  };
}

interface Standing {
  readonly segment: string | null;
  readonly since: number | null;
  readonly challenger: string | null;
  readonly challengedAt: number;
}

const NOWHERE: Standing = { segment: null, since: null, challenger: null, challengedAt: 0 };

function dwellOf(rules: DwellRules, from: string | null, to: string): number {
  const days = from === rules.overlay ? rules.overlayExitDays : (rules.dwellDays[to] ?? rules.defaultDwellDays);
  return days * DAY_MS;
}

function advance(standing: Standing, { asOf, raw }: RawAnswer, rules: DwellRules): Standing {
  if (raw === null) return NOWHERE;
  if (raw === standing.segment) return { ...standing, challenger: null };
  const entered: Standing = { segment: raw, since: asOf, challenger: null, challengedAt: 0 };
  if (standing.segment === null || raw === rules.overlay || rules.immediateAt.includes(asOf)) return entered;
  const challengedAt = raw === standing.challenger ? standing.challengedAt : asOf;
  if (asOf - challengedAt >= dwellOf(rules, standing.segment, raw)) return entered;
  return { ...standing, challenger: raw, challengedAt };
}

/**
 * The assignment as of T: a pure function of the raw answers of the window `(T - windowDays, T]` (D11).
 *
 * It begins with the first of them. Another answer becomes the assignment once every daily evaluation has given it for
 * the dwell of the segment entered (out of the overlay: the overlay's own); into the overlay at once, by an evaluation
 * between midnights too. An evaluation between midnights starts no dwell and ends none. An account in no segment leaves
 * at once, and has no dwell when it comes back. An override lies over all that while it lasts.
 */
export function assign(
  answers: readonly RawAnswer[],
  asOf: number,
  rules: DwellRules,
  overrides: readonly OverrideSpan[],
): Assignment {
  const window = answers
    .filter((answer) => answer.asOf <= asOf && answer.asOf > asOf - rules.windowDays * DAY_MS)
    .sort((a, b) => a.asOf - b.asOf);
  let standing = NOWHERE;
  for (const answer of window) {
    const isMidnight = answer.asOf % DAY_MS === 0;
    const isTelling = answer.raw === null || answer.raw === rules.overlay || standing.segment === null;
    if (isMidnight || (answer.asOf === asOf && isTelling)) standing = advance(standing, answer, rules);
  }
  const { segment, since, challenger, challengedAt } = standing;
  const waiting =
    segment === null || challenger === null
      ? null
      : { segment: challenger, moveOn: challengedAt + dwellOf(rules, segment, challenger) };
  const override = overrides.find((span) => span.from <= asOf && asOf < span.until);
  if (override === undefined || segment === null)
    return { segment, since, waiting, isOverridden: false, ruled: segment };
  return { segment: override.segment, since: override.from, waiting, isOverridden: true, ruled: segment };
}
