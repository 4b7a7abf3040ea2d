import { z } from 'zod';
import { nextCursor } from '../page.ts';
import { instant, maybeNumber, maybeText } from './words.ts';

/** A user in an account, as is said now. */
export const userItem = z
  .object({
    userId: z.string(),
    accountId: z.string(),
    accountName: maybeText.optional().meta({ description: 'Where users of several accounts are listed' }),
    tier: maybeText,
    stalledStep: maybeText.meta({ description: 'Null: every step reached, or no activity yet' }),
    stepsReached: z.int(),
    features: z.array(z.string()).meta({ description: 'Feature areas used in the last 60 days' }),
  })
  .meta({ id: 'User', description: 'A user in an account, as is said now' });

/** A page of users. */
export const usersBody = z.object({
  asOf: instant.nullable(),
  total: z.int(),
  users: z.array(userItem),
  counts: z
    .object({
      tier: z.record(z.string(), z.int()),
      stalledStep: z.record(z.string(), z.int()),
      using: z.record(z.string(), z.int()),
    })
    .optional()
    .meta({ description: 'Of all that were asked for, where users of several accounts are listed' }),
  next: nextCursor,
});

/** A user in an account, recomputed as of a day. */
export const pastUser = z
  .object({
    accountId: z.string(),
    userId: z.string(),
    asOf: instant,
    tier: maybeText,
    stalledStep: maybeText,
    firstSeenDays: maybeNumber,
    daysSinceLastActivity: maybeNumber,
    events30d: maybeNumber,
    activeDaysPerWeek28d: maybeNumber,
    coreFeatures30d: maybeNumber,
    activationDepth: maybeNumber,
    workflowCompletion30d: maybeNumber,
    dropOffStep: maybeText,
    inDecline: maybeNumber,
    frequencyNow: maybeNumber.meta({ description: 'Active days a week in the last two weeks' }),
    frequencyBaseline: maybeNumber.meta({ description: 'Active days a week in the 30 days before those: their own' }),
    frequencyDecline: maybeNumber.meta({ description: 'How far it fell below their own, as a fraction' }),
  })
  .meta({ id: 'PastUser', description: 'A user in an account, recomputed as of a day' });

/** A page of users as of a day. */
export const pastUsersBody = z.object({ users: z.array(pastUser), next: nextCursor });
