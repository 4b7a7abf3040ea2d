import type { Entity } from '../../model/signal.ts';
import type { FactTableName } from '../../model/table.ts';

/** A number of accounts, and the ARR behind them in the workspace's currency. */
export interface Weight {
  readonly accounts: number;
  readonly arr: number;
}

/** What was counted in the data as of a day, for the checks that need data. Plain: whoever has SQL fills it in. */
export interface Observations {
  /** Customers as of the day. */
  readonly customers: Weight;
  /** Customers for which no home segment's rule held, so that the fallback placed them, by the segment it gave. */
  readonly fallback: readonly (Weight & { readonly segment: string })[];
  /** Customers for which several home segments' rules held, by those segments in their precedence. */
  readonly overlaps: readonly (Weight & { readonly segments: readonly string[] })[];
  /** Customers by segment. */
  readonly segments: readonly (Weight & { readonly segment: string })[];
  /** Fact tables with rows, and how many. */
  readonly tables: readonly { readonly table: FactTableName; readonly rows: number }[];
  /** Events by name, and whether any of them carried a user. */
  readonly events: readonly { readonly event: string; readonly rows: number; readonly withUser: number }[];
  /** How many of the listed accounts or users have a value for a signal, and how many lack it as MISSING. */
  readonly signals: readonly {
    readonly entity: Entity;
    readonly name: string;
    readonly listed: number;
    readonly known: number;
    readonly missing: number;
  }[];
  /** Filled values of firmographic columns among customers. */
  readonly attributes: readonly { readonly name: string; readonly known: number }[];
  /** Users with any activity, and how many of them ever took each step of `user_sequence`. */
  readonly users: number;
  readonly userSteps: readonly { readonly step: string; readonly users: number }[];
  /** Accounts with a coded statement whose source is an interview. */
  readonly interviews: number;
}
