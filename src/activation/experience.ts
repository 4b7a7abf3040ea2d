import type { AccountAnswer, UserAnswer } from './answer.ts';
import type { AnswerBook } from './book.ts';
import type { Guide } from './guide.ts';
import { finishedAreas, type NextFeatures, nextFeatures } from './next-feature.ts';
import { offerOf } from './offer.ts';

/** A step of the user sequence: its name, its place from 1, and how many steps there are. */
interface Step {
  readonly step: string;
  readonly position: number;
  readonly of: number;
}

/** A feature area that is not to be shown, and why. */
interface Hidden {
  readonly feature: string;
  readonly because: 'suppressed' | 'finished';
}

/** What the product shows one user, and what it does not (X10, R130 to R133). Nulls are unknown, or nothing to tell. */
export interface Experience {
  readonly userId: string;
  readonly account: { readonly id: string; readonly name: string | null };
  /** Instant of which all of it is true, ISO text. */
  readonly asOf: string;
  readonly segment: string | null;
  readonly home: string | null;
  readonly tier: string | null;
  readonly cohort: string | null;
  readonly lifecycle: string | null;
  readonly archetype: string | null;
  readonly valueTier: string | null;
  /** The step at which the user has not gone on for seven days. */
  readonly stalledStep: string | null;
  /** The step to point at: for new users the next one, for all others the one at which they stopped. */
  readonly nextStep: Step | null;
  readonly nextFeatures: NextFeatures;
  readonly doNotShow: {
    readonly features: readonly Hidden[];
    /** Steps of the user sequence that the user has taken. */
    readonly steps: readonly string[];
    /** Whether features that the user does not know are to be kept away. */
    readonly newFeatures: boolean;
  };
  readonly isOverridden: boolean;
  readonly isHeld: boolean;
  readonly unknown: AccountAnswer['unknown'];
}

/** What is asked: a user, and the account in which; null: the only one. */
export interface Question {
  readonly userId: string;
  readonly accountId: string | null;
}

/** An experience, or why there is none. `accounts` are those that the user belongs to. */
export type Told =
  | { readonly kind: 'told'; readonly experience: Experience }
  | { readonly kind: 'unknown-user' }
  | { readonly kind: 'not-in-account'; readonly accounts: readonly string[] }
  | { readonly kind: 'account-needed'; readonly accounts: readonly string[] };

/**
 * What the product shows a user now, from the book alone.
 *
 * Refuses to choose between several accounts: the caller knows in which the user works, and the answers differ.
 */
export function experienceOf(book: AnswerBook, guide: Guide, { userId, accountId }: Question): Told {
  const accounts = book.accountsOf(userId);
  if (accounts.length === 0) return { kind: 'unknown-user' };
  const [only] = accounts;
  if (accountId === null && accounts.length > 1) return { kind: 'account-needed', accounts };
  const chosen = accountId ?? only ?? '';
  const account = book.account(chosen);
  const user = book.user(chosen, userId);
  if (account === null || user === null) return { kind: 'not-in-account', accounts };
  return { kind: 'told', experience: experienceIn(book, guide, account, user) };
}

function experienceIn(book: AnswerBook, guide: Guide, account: AccountAnswer, user: UserAnswer): Experience {
  const offer = offerOf(user.tier);
  return {
    userId: user.userId,
    account: { id: account.accountId, name: account.name },
    asOf: new Date(account.asOf).toISOString(),
    segment: account.segment,
    home: account.home,
    tier: user.tier,
    cohort: account.cohort,
    lifecycle: account.lifecycle,
    archetype: account.archetype,
    valueTier: account.valueTier,
    stalledStep: user.stalledStep,
    nextStep: stepOf(guide, offer.step === 'next' ? nextStep(guide, user) : user.stalledStep),
    nextFeatures: nextFeatures(guide, account, user, (job) => book.peers(job)),
    doNotShow: {
      features: hiddenAreas(guide, account, user),
      steps: guide.userSteps.slice(0, user.stepsReached),
      newFeatures: offer.features === null,
    },
    isOverridden: account.isOverridden,
    isHeld: account.isHeld,
    unknown: account.unknown,
  };
}

function nextStep({ userSteps }: Guide, { stepsReached }: UserAnswer): string | null {
  return userSteps[stepsReached] ?? null;
}

function stepOf({ userSteps }: Guide, step: string | null): Step | null {
  if (step === null) return null;
  return { step, position: userSteps.indexOf(step) + 1, of: userSteps.length };
}

function hiddenAreas(guide: Guide, account: AccountAnswer, user: UserAnswer): readonly Hidden[] {
  const suppressed = account.suppressed.map((feature): Hidden => ({ feature, because: 'suppressed' }));
  const finished = finishedAreas(guide, account, user)
    .filter(({ name }) => !account.suppressed.includes(name))
    .map(({ name }): Hidden => ({ feature: name, because: 'finished' }));
  return [...suppressed, ...finished];
}
