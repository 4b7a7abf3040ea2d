import { z } from 'zod';
import { instant, maybeNumber, maybeText } from './words.ts';

const figure = z.object({ estimate: maybeNumber, interval: z.array(z.number()).nullable() });

/** Where every segment stands in its life. */
export const standingBody = z.object({
  segments: z.array(
    z
      .object({
        segment: z.string(),
        state: z.enum(['hypothesis', 'validated', 'operational', 'stale']),
        because: z.string().meta({ description: 'Why, and what to do next' }),
        lacks: z.array(z.string()),
        reviewDueOn: maybeText,
        evidence: z
          .object({
            retention: figure,
            expansion: figure,
            horizonDays: maybeNumber,
            accounts: z.int(),
            verdict: z.string(),
            sentence: z.string(),
          })
          .nullable()
          .meta({ description: 'Null: nobody has asked for the evidence yet' }),
        evidenceAsOf: instant.nullable(),
      })
      .meta({ id: 'SegmentStanding' }),
  ),
});

const counts = z.record(z.string(), z.int());

/** Who is really inside each firmographic band. */
export const mixBody = z.object({
  asOf: instant.nullable(),
  currency: z.string(),
  mix: z.array(
    z
      .object({
        band: z.string(),
        value: maybeText.meta({ description: 'Null: it is unknown' }),
        customers: z.int(),
        arr: maybeNumber,
        arrUnknown: z.int(),
        cohorts: counts,
        segments: counts,
      })
      .meta({ id: 'BandMix' }),
  ),
});

const heading = z
  .object({
    accountId: z.string(),
    name: maybeText,
    segment: maybeText,
    arr: maybeNumber,
    cohortBefore: maybeText,
    cohort: maybeText,
    direction: maybeText,
    kind: z.enum(['turned', 'turning']),
  })
  .meta({ id: 'Heading', description: 'An account whose cohort has turned, or whose use is turning' });

/** Where accounts went over a period. */
export const migrationBody = z.object({
  since: instant,
  until: instant,
  currency: z.string(),
  flows: z.array(
    z.object({ from: maybeText, to: maybeText, accounts: z.int(), arr: maybeNumber, arrUnknown: z.int() }),
  ),
  segments: z.array(
    z.object({
      name: z.string(),
      atStart: z.int(),
      came: z.int(),
      left: z.int(),
      atEnd: z.int(),
      netArr: z.number(),
    }),
  ),
  causes: z.array(z.object({ cause: z.string(), moves: z.int() })),
  towardPower: z.array(heading),
  towardAtRisk: z.array(heading),
});
