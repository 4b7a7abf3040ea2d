import type { BreakerParameters } from '../definition/model.ts';

/** Why a segment changed (D16). */
type Cause =
  | 'first assignment'
  | 'behaviour'
  | 'passing of time'
  | 'outcome'
  | 'value ranking'
  | 'late data'
  | 'model edit'
  | 'manual override'
  | 'override ended'
  | 'merger'
  | 'eligibility';

/** What was recorded of an account, or what a run says of it now. Instants in milliseconds. */
export interface Record {
  readonly accountId: string;
  readonly segment: string | null;
  readonly home: string | null;
  readonly raw: string | null;
  readonly since: number | null;
  readonly isOverridden: boolean;
}

/** A change of assignment, with its cause. */
export interface Move {
  readonly accountId: string;
  /** When the new assignment began. */
  readonly at: number;
  readonly from: string | null;
  readonly to: string | null;
  readonly home: string | null;
  readonly cause: Cause;
}

/** What tells the causes apart for one account. */
export interface Circumstances {
  readonly isModelEdited: boolean;
  /** The recomputed answer of the day of the last record is not what was recorded then. */
  readonly isRewritten: boolean;
  readonly isMerged: boolean;
  /** Null: not known. */
  readonly relationshipBefore: string | null;
  readonly relationship: string | null;
  readonly valueTierBefore: string | null;
  readonly valueTier: string | null;
  readonly cohortBefore: string | null;
  readonly cohort: string | null;
  /** Whether the account had an event in the day before the new answer was first given. */
  readonly hadEvents: boolean;
}

/** The change between what was recorded and what a run says; null where there is none. */
export function moveOf(before: Record | null, now: Record, circumstances: Circumstances, asOf: number): Move | null {
  const from = before?.segment ?? null;
  if (from === now.segment) return null;
  const cause = causeOf(before, now, circumstances);
  return { accountId: now.accountId, at: now.since ?? asOf, from, to: now.segment, home: now.home, cause };
}

function causeOf(before: Record | null, now: Record, told: Circumstances): Cause {
  if (now.isOverridden && !before?.isOverridden) return 'manual override';
  if (before?.isOverridden && !now.isOverridden) return 'override ended';
  if (told.isMerged) return 'merger';
  if (now.segment === null) return 'outcome';
  if (before === null || before.segment === null) return 'first assignment';
  if (told.isModelEdited) return 'model edit';
  if (told.isRewritten) return 'late data';
  if (told.relationshipBefore !== null && told.relationshipBefore !== told.relationship) return 'outcome';
  if (told.valueTierBefore !== told.valueTier && told.cohortBefore === told.cohort) return 'value ranking';
  return told.hadEvents ? 'behaviour' : 'passing of time';
}

const COUNTED: ReadonlySet<Cause> = new Set<Cause>(['behaviour', 'passing of time', 'late data', 'value ranking']);

/** Whether the circuit breaker opens, and why; null where it stays closed. */
export interface BreakerInput {
  readonly moves: readonly Move[];
  /** Moves of the counted causes recorded in the 24 hours before. */
  readonly recordedLately: number;
  readonly customers: number;
  /** Sources whose arrivals fell by half against the same weekday. */
  readonly fallenSources: readonly string[];
}

/** The reason for which moves are held (D16); null: they go out. First assignments and model edits do not count. */
export function breakerReason(input: BreakerInput, parameters: BreakerParameters): string | null {
  const counted = input.moves.filter((move) => COUNTED.has(move.cause)).length + input.recordedLately;
  const limit = Math.max(parameters.minimum, parameters.share * input.customers);
  if (counted >= parameters.minimum && counted > parameters.share * input.customers) {
    return `${counted} accounts would move within 24 hours; more than ${Math.floor(limit)} is held for a person to look at`;
  }
  const [fallen] = input.fallenSources;
  if (fallen === undefined || input.moves.length === 0) return null;
  return `arrivals from ${input.fallenSources.join(', ')} fell by half against the same weekday`;
}
