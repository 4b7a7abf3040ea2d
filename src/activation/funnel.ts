import { wilsonInterval } from '../stats/proportion.ts';
import { counted, spoken } from './wording.ts';

/** Those who have begun a sequence, of whom a drop-off can be named. */
const LEAST_BEGUN = 20;

/** One step of a sequence: who came to it, who took it, who stalls before it. */
interface FunnelStep {
  readonly step: string;
  /** Those who took the step before; of the first step: all who have begun. */
  readonly entered: number;
  readonly reached: number;
  /** Of those who entered; null where nobody did. */
  readonly share: number | null;
  /** Wilson's interval of the share. */
  readonly interval: readonly [number, number] | null;
  /** Not taken, and 7 days have passed since the step before. */
  readonly stalled: number;
  /** Not taken, and 7 days have not passed yet: neither reached nor stalled. */
  readonly onTheWay: number;
  /** Median of the days from the step before to this one, over those who took it; null where nobody did. */
  readonly medianDays: number | null;
}

/** A sequence as a funnel. */
export interface Funnel {
  /** `accounts` or `users`: what is counted. */
  readonly unit: 'accounts' | 'users';
  /** Those who have begun: accounts from `created`, users from their first activity. */
  readonly begun: number;
  /** Those who have taken every step. */
  readonly complete: number;
  /** Those of whom it is not known, and why; they are in no other number. */
  readonly unknown: number;
  readonly whyUnknown: string;
  /** Users who are listed and were never active; they are in no other number. No account: 0. */
  readonly notBegun: number;
  readonly steps: readonly FunnelStep[];
  /** The step before which most stall; null where nobody does, or too few have begun. */
  readonly largest: string | null;
  readonly sentence: string;
}

/** Counts by place of the next step, and medians by step. */
export interface FunnelCounts {
  readonly unit: Funnel['unit'];
  readonly steps: readonly string[];
  /** At place k: those who have taken exactly k steps; one more place than there are steps. */
  readonly taken: readonly number[];
  /** At place k: those of them who stall. */
  readonly stalled: readonly number[];
  readonly medianDays: readonly (number | null)[];
  readonly unknown: number;
  readonly whyUnknown: string;
  readonly notBegun: number;
}

/**
 * Where accounts, or users, stall in a sequence (R047, R051). Pure.
 *
 * Of two steps before which equally many stall, the earlier is the largest drop-off. Below `LEAST_BEGUN` none is named.
 * Counts add up: of each step entered = reached + stalled + onTheWay.
 */
export function funnelOf(counts: FunnelCounts): Funnel {
  const { unit, steps: names, taken, unknown, whyUnknown, notBegun } = counts;
  const from = (place: number): number => taken.slice(place).reduce((sum, count) => sum + count, 0);
  const steps = names.map((step, place): FunnelStep => {
    const entered = from(place);
    const reached = from(place + 1);
    const stalled = counts.stalled[place] ?? 0;
    return {
      ...{ step, entered, reached, stalled, onTheWay: entered - reached - stalled },
      share: entered === 0 ? null : reached / entered,
      interval: wilsonInterval({ successes: reached, trials: entered }),
      medianDays: counts.medianDays[place] ?? null,
    };
  });
  const begun = from(0);
  const most = steps.reduce<FunnelStep | null>(
    (best, step) => (step.stalled > (best?.stalled ?? 0) ? step : best),
    null,
  );
  const largest = begun < LEAST_BEGUN ? null : most;
  return {
    ...{ unit, begun, complete: from(names.length), unknown, whyUnknown, notBegun, steps },
    largest: largest?.step ?? null,
    sentence: sentenceOf(counts, begun, steps, largest),
  };
}

function sentenceOf(
  { unit, steps: names }: FunnelCounts,
  begun: number,
  steps: readonly FunnelStep[],
  largest: FunnelStep | null,
): string {
  if (names.length === 0) return `The model names no ${unit === 'accounts' ? 'account_sequence' : 'user_sequence'}`;
  const told = begun === 1 ? unit.slice(0, -1) : unit;
  if (begun < LEAST_BEGUN) {
    return `${begun} ${told} ${begun === 1 ? 'has' : 'have'} begun: too few to say where they stall, ${LEAST_BEGUN} are needed`;
  }
  if (largest === null) return `None of ${counted(begun)} ${unit} that have begun stalls`;
  const place = steps.indexOf(largest);
  const before = names[place - 1];
  const of = before === undefined ? `${unit} that have begun` : `${unit} that took ${spoken(before)}`;
  return `Most ${unit} that stall do so before ${spoken(largest.step)}: ${counted(largest.stalled)} of ${counted(largest.entered)} ${of} have not gone on in 7 days`;
}
