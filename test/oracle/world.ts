import type { Model } from '../../src/definition/model.ts';
import type { NullReason } from '../../src/model/signal.ts';
import type { FactTableName } from '../../src/model/table.ts';
import type { AccountRow, EventRow, Facts, UserRow } from './rows.ts';

/** Plain predicates that stand for the conditions of the model; a name that is absent means "no condition". */
export interface Predicates {
  /** By feature area. */
  readonly features: Readonly<Record<string, (event: EventRow) => boolean>>;
  /** By milestone. */
  readonly milestones: Readonly<Record<string, (event: EventRow) => boolean>>;
  /** By own signal. */
  readonly signals: Readonly<Record<string, (event: EventRow) => boolean>>;
  readonly excludeUser: ((row: UserRow) => boolean) | null;
  readonly excludeAccount: ((row: AccountRow) => boolean) | null;
  /** The top-level conditions of the ICP, joined by `and`; null is unknown. */
  readonly icp: readonly ((row: AccountRow) => boolean | null)[];
}

/** What a table covers: both null where nothing is known (no rows and nothing stated). `completeThrough` is exclusive. */
export interface Coverage {
  readonly coversFrom: Date | null;
  readonly completeThrough: Date | null;
}

/**
 * A small customer world: facts, the model that reads them, and plain predicates for the model's conditions.
 *
 * What is connected and what is covered stand in `model.sources`; `coverageOf` fills in the defaults.
 */
export interface World {
  readonly facts: Facts;
  readonly model: Model;
  readonly predicates: Predicates;
}

/** Values of signals by name; a null has its reason in the `nulls` beside it. */
export type SignalValues = Readonly<Record<string, number | string | null>>;

export type NullReasons = Readonly<Record<string, NullReason>>;

/** Everything the oracle says of one account as of an instant. */
export interface AccountProfile {
  readonly account_id: string;
  readonly signals: SignalValues;
  readonly nulls: NullReasons;
  /** What was assumed: created, customer, margin, nrr, cost, churn. */
  readonly assumed: readonly string[];
  /** Null for a churned account; see `computed_cohort`. */
  readonly cohort: string | null;
  readonly computed_cohort: string | null;
  readonly lifecycle: string | null;
  readonly direction: string | null;
  readonly relationship: string;
  readonly archetype: string | null;
  readonly size_band: string | null;
  readonly value_tier: string | null;
  /** Null where unknown; true where the model has no ICP. */
  readonly eligible: boolean | null;
  readonly raw: string | null;
  readonly home: string | null;
  readonly likely_segment: string | null;
}

/** Everything the oracle says of one user in one account as of an instant. */
export interface UserProfile {
  readonly account_id: string;
  readonly user_id: string;
  readonly signals: SignalValues;
  readonly nulls: NullReasons;
  readonly tier: string | null;
}

export interface Profile {
  readonly accounts: readonly AccountProfile[];
  readonly users: readonly UserProfile[];
}

/** Tables that are streams (docs/decisions/0001, 1). */
export const STREAMS: readonly FactTableName[] = ['events', 'tickets', 'nps', 'costs', 'touches', 'meters'];
