/** What is said of one account at an instant, as the product and the pages read it. Instants in milliseconds. */
export interface AccountAnswer {
  readonly accountId: string;
  readonly asOf: number;
  readonly name: string | null;
  readonly relationship: string;
  readonly eligible: boolean | null;
  /** The assignment: after dwell, override and hold. */
  readonly segment: string | null;
  readonly since: number | null;
  readonly home: string | null;
  readonly isOverridden: boolean;
  /** Whether a move of it waits for a person to look. */
  readonly isHeld: boolean;
  readonly cohort: string | null;
  readonly lifecycle: string | null;
  readonly direction: string | null;
  readonly archetype: string | null;
  readonly valueTier: string | null;
  readonly job: string | null;
  /** What it is on paper: firmographic fields and the model's bands, by name. */
  readonly firmographics: Readonly<Record<string, string | number | null>>;
  /** Who looks after it, as the sources name them. */
  readonly csm: string | null;
  readonly arr: number | null;
  /** What it is worth in the workspace's currency (SIGNALS, `value_score`). */
  readonly valueScore: number | null;
  /** Composite score, 0 to 100. */
  readonly score: number | null;
  readonly health: number | null;
  /** Whether it reached the primary milestone. */
  readonly isActivated: boolean | null;
  /** Steps of the account sequence reached, in order from the first; null: unknown. */
  readonly stepsReached: number | null;
  /** Feature areas that the model keeps from being suggested to its users. */
  readonly suppressed: readonly string[];
  /** Signals that the rules read and that are missing, with the reason in words. */
  readonly unknown: readonly { readonly signal: string; readonly reason: string }[];
}

/** What is said of one user in one account. */
export interface UserAnswer {
  readonly userId: string;
  readonly tier: string | null;
  /** First step of the user sequence not reached; null: all reached, or no activity yet. */
  readonly stalledStep: string | null;
  /** Steps of the user sequence reached, in order from the first. */
  readonly stepsReached: number;
  /** Places in the taxonomy of the feature areas used in the last 60 days, ascending. */
  readonly used: readonly number[];
}

/** One account with its users, as it is written down and read again. */
export interface BookEntry {
  readonly account: AccountAnswer;
  readonly users: readonly UserAnswer[];
}
