import { z } from 'zod';
import { instant, maybeNumber, maybeText } from './words.ts';

const interval = z.tuple([z.number(), z.number()]).nullable().meta({ description: "Wilson's, at 95%" });

const funnel = z
  .object({
    unit: z.enum(['accounts', 'users']),
    begun: z.int().meta({ description: 'Accounts from their creation, users from their first activity' }),
    complete: z.int(),
    unknown: z.int().meta({ description: 'In no other number' }),
    whyUnknown: z.string(),
    notBegun: z.int().meta({ description: 'Users who were never active; in no other number' }),
    steps: z.array(
      z.object({
        step: z.string(),
        entered: z.int().meta({ description: 'Those who took the step before' }),
        reached: z.int(),
        share: maybeNumber,
        interval,
        stalled: z.int().meta({ description: 'Not taken, and 7 days have passed since the step before' }),
        onTheWay: z.int().meta({ description: 'Not taken, and 7 days have not passed yet' }),
        medianDays: maybeNumber.meta({ description: 'From the step before, over those who took both' }),
      }),
    ),
    largest: maybeText.meta({ description: 'The step before which most stall; null: nobody does, or too few began' }),
    sentence: z.string(),
  })
  .meta({ id: 'Funnel', description: 'A sequence of activation: who came to each step, who took it, who stalls' });

const stalledUser = z.object({
  accountId: z.string(),
  name: maybeText.meta({ description: 'Of the account' }),
  userId: z.string(),
  step: z.string(),
  tier: maybeText,
  daysSinceLastActivity: maybeNumber,
});

const stalledAccount = z.object({
  accountId: z.string(),
  name: maybeText,
  step: z.string(),
  segment: maybeText,
  relationship: z.string(),
  csm: maybeText,
  arr: maybeNumber,
});

const workflow = z
  .object({
    workflow: z.string(),
    withinDays: z.number(),
    closed: z.int().meta({ description: 'Runs started in 60 days that were completed, or whose window has passed' }),
    open: z.int(),
    users: z.int(),
    completed: z.int(),
    completion: maybeNumber,
    interval,
    medianDays: maybeNumber,
    steps: z.array(z.object({ step: z.string(), entered: z.int(), reached: z.int(), dropped: z.int() })),
    largest: maybeText,
    sentence: z.string(),
  })
  .meta({ id: 'WorkflowFunnel' });

const group = z
  .object({
    name: z.string(),
    users: z.int().meta({ description: 'Who used any feature area in 60 days' }),
    areas: z.array(z.object({ area: z.string(), used: z.int(), share: maybeNumber, interval })),
  })
  .meta({ id: 'AreaGroup' });

/** Where users and accounts stall, and which area serves which segment. */
export const activationBody = z.object({
  asOf: instant,
  measuredAt: instant.meta({ description: 'Up to when events were read: their completeness, where that is earlier' }),
  currency: z.string(),
  users: funnel,
  accounts: funnel,
  stalledUsers: z.array(stalledUser).meta({ description: 'For each step the ten who were active last' }),
  stalledAccounts: z.array(stalledAccount).meta({ description: 'By ARR; those that left are not listed' }),
  workflows: z.array(workflow),
  areas: z.object({
    bySegment: z.array(group),
    byTier: z.array(group),
    inNoSegment: z.int(),
    segmentSentence: z.string(),
    tierSentence: z.string(),
  }),
  order: z.object({
    accounts: z.array(z.int()).meta({ description: 'That had used at least one, two, three areas' }),
    unknown: z.int(),
    areas: z.array(
      z.object({
        area: z.string(),
        places: z.array(z.int()).meta({ description: 'Accounts whose first, second, third area it was' }),
        shares: z.array(maybeNumber),
        intervals: z.array(interval),
        adopted: z.int(),
        medianDays: maybeNumber,
      }),
    ),
    orders: z.array(z.object({ order: z.array(z.string()), accounts: z.int() })),
    sentence: z.string(),
  }),
});
