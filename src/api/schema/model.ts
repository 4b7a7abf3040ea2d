import { z } from 'zod';
import { instant, maybeNumber, maybeText } from './words.ts';

/** A problem in a model: what is wrong, where, and what to do next. */
export const diagnostic = z
  .object({
    code: z.string(),
    severity: z.enum(['error', 'warning', 'info']),
    message: z.string(),
    place: z.object({
      file: z.string(),
      line: z.int().optional(),
      column: z.int().optional(),
      field: z.string().optional(),
    }),
    suggestion: z.string().optional(),
  })
  .meta({ id: 'Diagnostic', description: 'A problem in a model or a file: what is wrong, where, and what to do next' });

const modelChange = z
  .object({ path: z.string(), words: z.string() })
  .meta({ id: 'ModelChange', description: 'One difference between two models: where in the file, and what in words' });

const publication = z
  .object({
    publicationId: z.int(),
    version: z.string(),
    versionBefore: z.string(),
    note: z.string(),
    author: z.string(),
    publishedAt: instant,
    changes: z.array(modelChange),
    adoptedAt: instant.nullable().meta({ description: 'When everything had been answered under it; null: not yet' }),
  })
  .meta({ id: 'Publication', description: 'A model that somebody published' });

const fileState = z.enum(['same', 'other', 'unwritten', 'none']).meta({
  description:
    'How the file of the workspace stands to what is in force: the same; with changes that nobody published; not written yet; none',
});

/** The model that is in force. */
export const modelBody = z
  .object({
    version: z.string(),
    name: z.string(),
    currency: z.string(),
    text: z.string(),
    parsed: z.record(z.string(), z.unknown()).meta({ description: 'The text as data, as it is written' }),
    recordedAt: instant.nullable().meta({ description: 'When a run first recorded this version' }),
    publication: publication.nullable().meta({ description: 'Null: nobody ever published, so the file is in force' }),
    coming: publication.nullable().meta({ description: 'Published, and not answered by yet' }),
    file: fileState,
  })
  .meta({ id: 'Model', description: 'The model that is in force' });

const version = {
  version: z.string(),
  note: z.string(),
  author: z.string(),
  publishedAt: instant,
  isCurrent: z.boolean(),
};

/** Every version that was ever recorded, the latest first. */
export const versionsBody = z.object({ versions: z.array(z.object(version).meta({ id: 'ModelVersion' })) });

/** One version with its text. */
export const versionBody = z.object({ ...version, text: z.string() }).meta({ id: 'ModelVersionText' });

/** Every publication, the latest first. */
export const publicationsBody = z.object({ publications: z.array(publication) });

/** What is otherwise in one version than in another. */
export const modelDiffBody = z.object({ from: z.string(), to: z.string(), changes: z.array(modelChange) });

const text = z.string().max(1_000_000);

/** A text to look at. */
export const modelToCheck = z
  .strictObject({ text })
  .meta({ id: 'ModelToCheck', examples: [{ text: 'version: 1\nname: Acme\n' }] });

/** What is wrong with a text. */
export const checkedModelBody = z.object({
  version: maybeText.meta({ description: 'Version that it would have; null: an error refuses it' }),
  diagnostics: z.array(diagnostic),
});

/** A text of which to tell what it would change. */
export const modelToPreview = z
  .strictObject({
    text,
    measure: z
      .boolean()
      .default(false)
      .meta({ description: 'Measure what the draft measures otherwise; takes seconds' }),
  })
  .meta({ id: 'ModelToPreview', examples: [{ text: 'version: 1\nname: Acme\n' }] });

const share = { accounts: z.int(), arr: maybeNumber, arrUnknown: z.int() };

/** What a draft would change, by the rules alone. */
const plan = z
  .object({
    asOf: instant,
    base: z.string().meta({ description: 'Version that is in force' }),
    draft: z.string(),
    changes: z.array(modelChange),
    unmeasured: z.array(z.string()).meta({ description: 'Changed parts that this preview leaves out, until measured' }),
    rules: z.array(z.object({ segment: z.string(), signals: z.array(z.string()), dimensions: z.array(z.string()) })),
    customers: z.int(),
    moves: z.array(
      z.object({ accountId: z.string(), name: maybeText, from: maybeText, to: maybeText, arr: maybeNumber }),
    ),
    flows: z.array(z.object({ from: maybeText, to: maybeText, ...share })),
    segments: z.array(
      z.object({
        name: z.string(),
        before: z.object(share).nullable(),
        after: z.object(share).nullable(),
        peopleBefore: maybeNumber,
        peopleAfter: maybeNumber,
      }),
    ),
    alerts: z.array(z.object({ segment: z.string(), name: z.string(), before: z.int(), after: z.int() })),
    unknown: z.array(z.object({ name: z.string(), before: z.int(), after: z.int() })),
  })
  .meta({ id: 'Plan', description: 'What a draft of the model would change against what is in force' });

/** What a text would change, or what is wrong with it. */
export const previewBody = z.object({
  diagnostics: z.array(diagnostic),
  plan: plan.nullable().meta({ description: 'Null: an error refuses the draft' }),
});

const note = z.string().min(1).max(2_000).meta({ description: 'What the change is for; it stays in the history' });

/** A text to publish. */
export const modelToPublish = z
  .strictObject({ text, note })
  .meta({ id: 'ModelToPublish', examples: [{ text: 'version: 1\nname: Acme\n', note: 'A first model' }] });

/** A version to go back to. */
export const modelToRollBack = z
  .strictObject({ version: z.string().min(1).max(200), note })
  .meta({ id: 'ModelToRollBack' });

/** What was published, and how the file of the workspace stands to it. */
export const publishedBody = z.object({ publication, file: fileState }).meta({ id: 'Published' });

const word = z
  .object({
    name: z.string(),
    kind: z.enum(['signal', 'attribute', 'class']),
    type: z.string(),
    unit: maybeText,
    meaning: maybeText,
    dimension: z.string(),
    known: z.int().meta({ description: 'Customers of whom it is known' }),
    missing: z.int().meta({ description: 'Customers of whom there is no data' }),
    histogram: z
      .object({ low: z.number(), high: z.number(), counts: z.array(z.int()) })
      .nullable()
      .meta({ description: 'Of numbers: customers in bins of equal width from low to high' }),
    values: z
      .array(z.object({ value: z.string(), accounts: z.int() }))
      .nullable()
      .meta({ description: 'Of texts: the most frequent, with the customers that have each' }),
  })
  .meta({ id: 'ModelWord', description: 'A name that a condition of accounts may read, and what it says today' });

/** Every name that a condition of accounts may read. */
export const vocabularyBody = z.object({ asOf: instant, customers: z.int(), words: z.array(word) });
