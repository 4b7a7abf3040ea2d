import { z } from 'zod';
import { instant, maybeNumber } from './words.ts';

const trend = z
  .object({
    accountId: z.string(),
    signal: z.string(),
    values: z.array(maybeNumber).meta({ description: 'One a week, the earliest first; null: unknown' }),
    usual: z
      .object({ low: z.number(), high: z.number() })
      .nullable()
      .meta({ description: 'Quartiles of its own weeks before those; null: fewer than four are known' }),
  })
  .meta({ id: 'Trend', description: 'A signal of one account week by week, beside its own past' });

/** Trends of some accounts. */
export const trendsBody = z.object({
  asOfs: z.array(instant).meta({ description: 'The instants of the values' }),
  trends: z.array(trend),
});
