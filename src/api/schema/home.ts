import { z } from 'zod';
import { instant, maybeNumber, maybeText } from './words.ts';

const homeAccount = z
  .object({
    accountId: z.string(),
    name: maybeText,
    relationship: z.string(),
    eligible: z.boolean().nullable(),
    segment: maybeText,
    since: instant.nullable(),
    home: maybeText,
    valueTier: maybeText,
    valueScore: maybeNumber,
    arr: maybeNumber,
    health: maybeNumber,
    csm: maybeText,
    archetype: maybeText,
    job: maybeText,
    firmographics: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  })
  .meta({ id: 'HomeAccount', description: 'An account as the three questions read it' });

const listed = z.object({
  accounts: z.array(homeAccount).meta({ description: 'The first of them' }),
  total: z.int(),
  arr: maybeNumber.meta({ description: 'Of all of them; null: of none is it known' }),
  arrUnknown: z.int(),
});

const kind = z
  .object({
    dimension: z.string(),
    value: z.string(),
    customers: z.int(),
    best: z.int().meta({ description: 'Of those, in the two highest value tiers' }),
    share: z.number(),
    interval: z.array(z.number()).meta({ description: '95%' }),
    elsewhere: maybeNumber.meta({ description: 'The share among all other customers' }),
    q: z.number().meta({ description: 'After all kinds that were tried' }),
    verdict: z.enum(['holds', 'too_little_data']),
    open: z.int().meta({ description: 'Prospects, trials and free accounts of this kind' }),
  })
  .meta({ id: 'Kind', description: 'A kind of company, and how often its customers are among the best' });

/** The three questions, the segments behind them, and what changed. */
export const homeBody = z
  .object({
    asOf: instant,
    best: listed,
    atRisk: listed,
    more: z.object({ kinds: z.array(kind), tried: z.int(), customers: z.int() }),
    segments: z.array(
      z.object({
        name: z.string(),
        isOverlay: z.boolean(),
        accounts: z.int(),
        arr: maybeNumber,
        arrUnknown: z.int(),
        came: z.int(),
        left: z.int(),
        net: z.int(),
      }),
    ),
    flowDays: z.int(),
    changes: z.object({
      since: instant,
      moves: z.array(
        z.object({
          accountId: z.string(),
          name: maybeText,
          at: instant,
          from: maybeText,
          to: maybeText,
          cause: z.string(),
        }),
      ),
    }),
  })
  .meta({ id: 'Home', description: 'The three questions, the segments behind them, and what changed since yesterday' });
