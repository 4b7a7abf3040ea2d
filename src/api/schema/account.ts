import { z } from 'zod';
import { nextCursor } from '../page.ts';
import { instant, maybeNumber, maybeText } from './words.ts';

/** An input that a rule reads and that is missing, with the reason in words. */
export const unknownInput = z.object({ signal: z.string(), reason: z.string() }).meta({
  id: 'UnknownInput',
  description: 'An input of the rules that is missing, and why',
});

const arrival = z
  .object({ table: z.string(), source: z.string(), receivedAt: instant, happenedAt: instant.nullable() })
  .meta({ id: 'Arrival', description: 'The last arrival of one input' });

/** What is said of an account, now or as of a day; nulls are unknown. */
const said = {
  accountId: z.string(),
  asOf: instant,
  name: maybeText,
  relationship: z.string(),
  eligible: z.boolean().nullable(),
  segment: maybeText,
  since: instant.nullable(),
  home: maybeText,
  isOverridden: z.boolean(),
  cohort: maybeText,
  lifecycle: maybeText,
  direction: maybeText,
  archetype: maybeText,
  valueTier: maybeText,
  job: maybeText,
  firmographics: z
    .record(z.string(), z.union([z.string(), z.number(), z.null()]))
    .meta({ description: 'What it is on paper: firmographic fields and bands, by name' }),
  csm: maybeText,
  arr: maybeNumber,
  valueScore: maybeNumber.meta({ description: 'What it is worth, in the currency of the workspace' }),
  score: maybeNumber.meta({ description: 'Composite score, 0 to 100' }),
  health: maybeNumber,
  unknown: z.array(unknownInput),
};

/** What is said of an account now; nulls are unknown. */
export const accountBody = z
  .object({
    ...said,
    isHeld: z.boolean().meta({ description: 'Whether a move of it waits for a person to look' }),
    isActivated: z.boolean().nullable(),
    stepsReached: z.int().nullable(),
    suppressed: z.array(z.string()),
    users: z.int(),
    inputs: z.array(arrival).meta({ description: 'The last fact of every source of every table, and when it came' }),
  })
  .meta({ id: 'Account', description: 'What is said of an account now' });

/** The last arrival of one input. */
export const arrivalBody = arrival;

/** An account in a list: what is said of it now, or what was recomputed as of a day. */
export const accountItem = z
  .object({
    ...said,
    isHeld: z.boolean().optional().meta({ description: 'Only now' }),
    isActivated: z.boolean().nullable().optional().meta({ description: 'Only now' }),
    stepsReached: z.int().nullable().optional().meta({ description: 'Only now' }),
    raw: maybeText
      .optional()
      .meta({ description: "Only as of a day: the rules' own answer, before dwell and override" }),
    likelySegment: maybeText.optional().meta({ description: 'Only as of a day' }),
    coverage: z
      .object({ segment: z.string(), model: z.string(), ratio: maybeNumber })
      .nullable()
      .optional()
      .meta({ description: 'Only as of a day: how it is looked after' }),
    waiting: z
      .object({ segment: z.string(), moveOn: instant })
      .nullable()
      .optional()
      .meta({ description: 'Only as of a day: the move that it waits for' }),
  })
  .meta({ id: 'AccountItem', description: 'An account in a list' });

/** A page of accounts. */
export const accountsBody = z.object({
  asOf: instant.nullable(),
  total: z.int().meta({ description: 'Accounts that were asked for, on all pages' }),
  accounts: z.array(accountItem),
  facets: z.record(z.string(), z.record(z.string(), z.int())).meta({
    description:
      'Accounts by value, for each field asked for, whatever is chosen of that field itself; the empty text counts the unknown',
  }),
  next: nextCursor,
});

const rulePart = z
  .object({
    text: z.string(),
    english: z.string(),
    truth: z.boolean().nullable().meta({ description: 'Null: unknown' }),
    inputs: z.array(z.object({ name: z.string(), value: z.unknown() })),
    get children() {
      return z.array(rulePart);
    },
  })
  .meta({ id: 'RulePart', description: 'A part of a rule as it stands for one account' });

const rule = rulePart.extend({ segment: z.string(), decides: z.boolean() }).meta({
  id: 'Rule',
  description: 'A rule as it stands for one account',
});

const changedValue = z.object({ name: z.string(), from: z.unknown(), to: z.unknown(), size: maybeNumber });

/** Why an account is where it is. */
export const explanationBody = z
  .object({
    account: accountItem,
    because: z.string().meta({ description: 'The rule that decided, in words' }),
    rules: z.array(rule),
    cohortRules: z.array(rule),
    values: z.array(z.object({ name: z.string(), value: z.unknown(), reason: maybeText })),
    changedLast: z
      .object({
        on: z.string(),
        condition: z.string(),
        from: z.boolean().nullable(),
        to: z.boolean().nullable(),
        inputs: z.array(z.object({ name: z.string(), before: z.unknown(), after: z.unknown() })),
      })
      .nullable(),
    smallestChange: z.object({ changes: z.array(changedValue), to: maybeText }).nullable(),
  })
  .meta({ id: 'Explanation', description: 'Why an account is where it is, and what would move it' });
