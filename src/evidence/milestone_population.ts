import { type AgeLandmark, type AgeRow, ageLandmark, prospectLandmark } from './age_landmark.ts';
import type { History } from './history.ts';

/** How long an account was watched after a landmark, and whether what is asked about came. */
export interface MilestoneOutcome {
  readonly days: number;
  readonly isEvent: boolean;
  /** Days up to which a share can be told of it. */
  readonly knownDays: number;
  readonly isLinked: boolean;
  /** Days to the next end of a term known at the landmark; null where none was. */
  readonly termDays: number | null;
}

/** One account at an age, as milestones look at it. */
export type MilestoneSubject = AgeRow<MilestoneOutcome>;

/** The accounts of a population at an age. */
export type MilestoneLandmark = AgeLandmark<MilestoneOutcome>;

/** Whom milestones are asked of, and what is wanted of them. */
export interface Population {
  readonly name: 'customers' | 'prospects';
  /** What shares are shares of. */
  readonly outcome: 'retained' | 'converted';
  /** What a milestone is claimed to do to the hazard: -1 less of the event, 1 more of it. */
  readonly claimed: -1 | 1;
  /** Whether the model's primary milestone is the one comparison named beforehand: it is named for staying. */
  readonly hasPrimary: boolean;
  readonly landmark: (history: History, ageDays: number) => MilestoneLandmark;
  /** Share with the outcome, of the share to whom the event has not come. */
  readonly shareOf: (survival: number) => number;
  /** The accounts, those to whom the event came, and those with the outcome at the horizon, in words. */
  readonly words: { readonly accounts: string; readonly came: string; readonly are: string; readonly away: string };
}

/** Customers at an age: do they stay? */
export const CUSTOMERS: Population = {
  name: 'customers',
  outcome: 'retained',
  claimed: -1,
  hasPrimary: true,
  landmark: (history, ageDays) => {
    const { rows, ...rest } = ageLandmark(history, ageDays);
    const watched = rows.map(({ outcome, ...row }) => {
      const { days, isChurned, isLinked, termDays } = outcome;
      return { ...row, outcome: { days, isEvent: isChurned, knownDays: days, isLinked, termDays } };
    });
    return { ...rest, rows: watched };
  },
  shareOf: (survival) => survival,
  words: { accounts: 'customers', came: 'churned', are: 'are still customers', away: 'no customers then' },
};

/** Trials and prospects at an age: do they become customers? */
export const PROSPECTS: Population = {
  name: 'prospects',
  outcome: 'converted',
  claimed: 1,
  hasPrimary: false,
  landmark: (history, ageDays) => {
    const { rows, ...rest } = prospectLandmark(history, ageDays);
    const watched = rows.map(({ outcome, ...row }) => {
      const { days, isConverted, knownDays, isLinked } = outcome;
      return { ...row, outcome: { days, isEvent: isConverted, knownDays, isLinked, termDays: null } };
    });
    return { ...rest, rows: watched };
  },
  shareOf: (survival) => 1 - survival,
  words: {
    accounts: 'trials and prospects',
    came: 'converted',
    are: 'are customers',
    away: 'customers already, merged or too young',
  },
};

/** All populations: customers first. */
export const POPULATIONS: readonly Population[] = [CUSTOMERS, PROSPECTS];
