import { z } from 'zod';
import { nextCursor } from '../page.ts';
import { moveBody } from './move.ts';
import { instant, maybeNumber, maybeText } from './words.ts';

/** One segment with who is in it. */
const segmentItem = z
  .object({
    name: z.string(),
    isOverlay: z.boolean(),
    rule: z.string(),
    accounts: z.int(),
    arr: maybeNumber.meta({ description: 'Null where it has accounts and the ARR of none is known' }),
    arrUnknown: z.int(),
    share: maybeNumber,
    arrShare: maybeNumber,
    health: z.object({ low: z.number(), median: z.number(), high: z.number() }).nullable(),
    cohorts: z.record(z.string(), z.int()),
    valueTiers: z.record(z.string(), z.int()),
    leaving: z.int(),
    entering: z.int(),
    ineligible: z.int(),
    coverage: z.object({ model: z.string(), ratio: maybeNumber }).nullable(),
    covered: z.int(),
    people: z.int().nullable(),
    salesPlay: maybeText,
    expansionTriggers: z.array(z.string()),
    churnIndicators: z.array(z.string()),
  })
  .meta({ id: 'Segment', description: 'One segment with who is in it, and how it is worked' });

/** Every segment, in the precedence of the model. */
export const segmentsBody = z.object({ segments: z.array(segmentItem) });

/** A page of moves. */
export const movesBody = z.object({ moves: z.array(moveBody), next: nextCursor });

const flow = z.object({
  period: z.string().meta({ description: 'First day of the period' }),
  from: maybeText,
  to: maybeText,
  cause: z.string(),
  moves: z.int(),
});

const net = z.object({
  period: z.string(),
  segment: z.string(),
  came: z.int(),
  left: z.int(),
  net: z.int(),
});

/** Recorded moves by period, from where and to where, and what each segment gained. */
export const flowBody = z.object({
  period: z.enum(['day', 'week', 'month', 'quarter']),
  flows: z.array(flow),
  net: z.array(net),
});

/** What was said of accounts as of a day, as it was recorded then. */
export const recordedBody = z.object({
  asOf: instant,
  accounts: z.array(
    z.object({
      accountId: z.string(),
      segment: maybeText,
      home: maybeText,
      since: instant,
      cause: z.string(),
      modelVersion: z.string(),
    }),
  ),
  next: nextCursor,
});
