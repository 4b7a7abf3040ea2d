// What is said over the wire, as types alone: all that the client and the pages may know of the server.

/** One answer of `GET /api/v1/users/{id}/experience`: what the product shows a user, and what it does not. */
export interface ExperienceBody {
  readonly userId: string;
  readonly account: { readonly id: string; readonly name: string | null };
  /** Instant of which all of it is true, ISO text. */
  readonly asOf: string;
  /** Segment of the account, and the one it would have without At-Risk; null: in none, or unknown. */
  readonly segment: string | null;
  readonly home: string | null;
  readonly tier: string | null;
  readonly cohort: string | null;
  readonly lifecycle: string | null;
  readonly archetype: string | null;
  readonly valueTier: string | null;
  readonly stalledStep: string | null;
  readonly nextStep: { readonly step: string; readonly position: number; readonly of: number } | null;
  readonly nextFeatures: { readonly features: readonly NextFeatureBody[]; readonly whyNone: string | null };
  readonly doNotShow: {
    readonly features: readonly { readonly feature: string; readonly because: 'suppressed' | 'finished' }[];
    readonly steps: readonly string[];
    readonly newFeatures: boolean;
  };
  readonly isOverridden: boolean;
  /** Whether a move of the account waits for a person to look; what is said is what was before it. */
  readonly isHeld: boolean;
  /** Inputs of the rules that are missing for the account. */
  readonly unknown: readonly UnknownBody[];
}

/** A feature area worth showing, and which of the three grounds speaks for it. */
interface NextFeatureBody {
  readonly feature: string;
  readonly basis: 'segment' | 'overall' | 'peers';
  readonly segment: string | null;
  readonly difference: number | null;
  readonly interval: readonly [number, number] | null;
  readonly share: number | null;
  readonly peers: number | null;
  readonly job: string | null;
  readonly reason: string;
}

/** An input that a rule reads and that is missing, with the reason in words. */
interface UnknownBody {
  readonly signal: string;
  readonly reason: string;
}

/** One answer of `GET /api/v1/accounts/{id}`. Instants are ISO text; nulls are unknown. */
export interface AccountBody {
  readonly accountId: string;
  readonly asOf: string;
  readonly name: string | null;
  readonly relationship: string;
  readonly eligible: boolean | null;
  readonly segment: string | null;
  readonly since: string | null;
  readonly home: string | null;
  readonly isOverridden: boolean;
  readonly isHeld: boolean;
  readonly cohort: string | null;
  readonly lifecycle: string | null;
  readonly direction: string | null;
  readonly archetype: string | null;
  readonly valueTier: string | null;
  readonly job: string | null;
  readonly arr: number | null;
  readonly score: number | null;
  readonly health: number | null;
  readonly isActivated: boolean | null;
  readonly stepsReached: number | null;
  readonly suppressed: readonly string[];
  readonly unknown: readonly UnknownBody[];
  readonly users: number;
  /** The last fact of every source of every table, and when it came. */
  readonly inputs: readonly ArrivalBody[];
}

/** The last arrival of one input. */
export interface ArrivalBody {
  readonly table: string;
  readonly source: string;
  readonly receivedAt: string;
  readonly happenedAt: string | null;
}

/** One recorded change of assignment, as `GET /api/v1/stream` sends it. */
export interface MoveBody {
  readonly moveId: number;
  readonly accountId: string;
  readonly at: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly home: string | null;
  readonly cause: string;
  readonly recordedAt: string;
  readonly modelVersion: string;
}

/** A refusal (RFC 9457), with what to do next; kinds add members of their own. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly next: string;
  /** Accounts to choose from, where one must be named. */
  readonly accounts?: readonly string[];
}
