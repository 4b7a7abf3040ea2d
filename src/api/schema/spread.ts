import { z } from 'zod';
import { diagnostic } from './model.ts';
import { instant, maybeText } from './words.ts';

const quantiles = z.object({
  ...{ least: z.number(), p10: z.number(), p25: z.number(), median: z.number() },
  ...{ p75: z.number(), p90: z.number(), most: z.number() },
});

const bins = z.object({
  ...{ low: z.number(), high: z.number(), counts: z.array(z.int()) },
  above: z.int().meta({ description: 'How many lie above `high`: a long tail is counted and not drawn to scale' }),
});

const spread = z
  .object({
    of: z.int().meta({ description: 'Everybody who is counted: known and unknown together' }),
    known: z.int(),
    unknown: z.object({ missing: z.int(), notYet: z.int(), none: z.int() }),
    quantiles: quantiles.nullable().meta({ description: 'Of numbers; null: none is known' }),
    bins: bins.nullable().meta({ description: 'Of numbers: bins of equal width, the same before and after' }),
    values: z
      .array(z.object({ value: z.string(), count: z.int() }))
      .nullable()
      .meta({ description: 'Of texts: the most frequent' }),
  })
  .meta({ id: 'Spread', description: 'How the values of a signal lie among those who are counted' });

const signalSpread = z
  .object({
    name: z.string(),
    entity: z.enum(['account', 'user']),
    unit: z.string(),
    type: z.string(),
    meaning: z.string(),
    inputs: z.array(z.string()),
    requirement: z.string(),
    definition: maybeText.meta({ description: 'Of an own signal: what it measures, in words' }),
    before: spread.nullable().meta({ description: 'Under what is in force; null: it has no such signal' }),
    after: spread.nullable().meta({ description: 'Under the draft; null: none, or it has no such signal' }),
  })
  .meta({ id: 'SignalSpread', description: 'A signal, and how it spreads' });

const excludedCount = z.object({ users: z.int(), accounts: z.int(), events: z.int() });
const leftOut = z.object({ id: z.string(), name: maybeText, events: z.int() });
const leftOutList = z.object({
  count: z.int(),
  first: z.array(leftOut).meta({ description: 'Those with the most events first' }),
});
const both = z.object({ account: leftOutList, user: leftOutList });
const counted = z.object({ before: z.int(), after: z.int().nullable() });

/** How signals spread among customers, under what is in force and under a draft. */
export const spreadBody = z
  .object({
    asOf: instant,
    base: z.string().meta({ description: 'Version that is in force' }),
    draft: maybeText,
    customers: counted,
    users: counted.meta({ description: 'Users of customers' }),
    signals: z.array(signalSpread).meta({ description: 'Own ones first; of a draft those that spread otherwise' }),
    exclude: z.object({ users: maybeText, accounts: maybeText }),
    excluded: z.object({
      ...{ before: excludedCount, after: excludedCount },
      out: both.meta({ description: 'Who is left out by it, and not without it' }),
      back: both.meta({ description: 'Who counts again' }),
    }),
    unmeasured: z.array(z.string()).meta({ description: 'Changed parts that this answer leaves out, until measured' }),
  })
  .meta({ id: 'Spreads', description: 'How signals spread among customers, and who is left out of all of them' });

/** A text of which to tell how its signals spread. */
export const draftToSpread = z
  .strictObject({
    text: z.string().max(1_000_000),
    measure: z.boolean().default(false).meta({ description: 'Measure all that spreads otherwise; takes seconds' }),
    renamed: z
      .record(z.string().max(200), z.string().max(200))
      .default({})
      .meta({ description: 'Own signals of the draft by name, with the name under which they are in force' }),
  })
  .meta({ id: 'DraftToSpread', examples: [{ text: 'version: 1\nname: Acme\n' }] });

/** How a draft spreads otherwise, or what is wrong with it. */
export const draftSpreadBody = z.object({
  diagnostics: z.array(diagnostic),
  spread: spreadBody.nullable().meta({ description: 'Null: an error refuses the draft' }),
});
