import { z } from 'zod';
import { lackingOf } from '../definition/check/missing_outputs.ts';
import type { Segment } from '../definition/model.ts';
import { reviewsOf } from '../evidence/drift.ts';
import type { Engines } from './engines.ts';
import { readAnswer } from './evidence-store.ts';
import { publishedAt } from './published.ts';

/** Where a segment stands in its life (X07). */
type LifeState = 'hypothesis' | 'validated' | 'operational' | 'stale';

const interval = z.tuple([z.number(), z.number()]).nullable();
const figureSchema = z.object({ estimate: z.number().nullable(), interval });
const evidenceSchema = z.array(
  z.looseObject({
    kind: z.string(),
    basis: z.string(),
    segment: z.string().optional(),
    ...figureSchema.partial().shape,
    expansion: figureSchema.optional(),
    horizonDays: z.number().nullish(),
    n: z.unknown(),
    verdict: z.string(),
    sentence: z.string(),
  }),
);

type Figure = z.infer<typeof figureSchema>;

/** What the evidence says of a segment. */
interface SegmentEvidence {
  /** Share that stays, and share that expands, within the horizon. */
  readonly retention: Figure;
  readonly expansion: Figure;
  readonly horizonDays: number | null;
  readonly accounts: number;
  readonly verdict: string;
  readonly sentence: string;
}

/** A segment's place in its life, and why: a row of `segments standing --json`. */
export interface SegmentStanding {
  readonly segment: string;
  readonly state: LifeState;
  /** Why, and what to do next. */
  readonly because: string;
  /** Of what every segment needs before it can be worked (R014, R015), what it lacks. */
  readonly lacks: readonly string[];
  readonly review_due_on: string | null;
  /** Null: nobody has asked for the evidence yet. */
  readonly evidence: SegmentEvidence | null;
  readonly evidence_as_of: string | null;
}

/** Where every segment of the model in force stands in its life, from the evidence that is kept. */
export async function segmentStandings(engines: Engines, now: Date): Promise<readonly SegmentStanding[]> {
  const stored = await readAnswer(engines, { question: 'segments', asOf: null });
  const rows = stored?.answer == null ? [] : evidenceSchema.parse(JSON.parse(stored.answer));
  const reviews = reviewsOf(engines.model, await publishedAt(engines), now.getTime());
  return engines.model.segments.map((segment, index) => {
    const basis = segment.isOverlay ? 'raw' : 'home';
    const own = (wanted: string) =>
      rows.find((row) => row.kind === 'segment' && row.segment === segment.name && row.basis === wanted);
    const evidence = evidenceOf(own('raw') ?? own(basis));
    const review = reviews[index];
    const lacks = Object.values(lackingOf(segment)).flat();
    const told = { lacks, evidence, isStale: review?.isStale === true, dueOn: review?.dueOn ?? null };
    return {
      segment: segment.name,
      ...stateOf(segment, told),
      ...{ lacks, evidence },
      review_due_on: told.dueOn,
      evidence_as_of: stored?.asOf ?? null,
    };
  });
}

function evidenceOf(row: z.infer<typeof evidenceSchema>[number] | undefined): SegmentEvidence | null {
  if (row === undefined) return null;
  const nothing: Figure = { estimate: null, interval: null };
  return {
    retention: { estimate: row.estimate ?? null, interval: row.interval ?? null },
    expansion: row.expansion ?? nothing,
    horizonDays: row.horizonDays ?? null,
    accounts: typeof row.n === 'number' ? row.n : 0,
    verdict: row.verdict,
    sentence: row.sentence,
  };
}

/**
 * Stale where its review is overdue; else operational where it was validated and lacks nothing, validated where its members
 * stay or expand measurably differently, and a hypothesis until then (R095). Pure.
 */
function stateOf(
  { name }: Pick<Segment, 'name'>,
  {
    lacks,
    evidence,
    isStale,
    dueOn,
  }: {
    readonly lacks: readonly string[];
    readonly evidence: Pick<SegmentEvidence, 'verdict'> | null;
    readonly isStale: boolean;
    readonly dueOn: string | null;
  },
): { readonly state: LifeState; readonly because: string } {
  const isValidated = evidence?.verdict === 'holds';
  if (isStale)
    return { state: 'stale', because: `Its review was due on ${dueOn}. Look at it, and publish what you find.` };
  if (isValidated && lacks.length === 0)
    return {
      state: 'operational',
      because: `Members of ${name} behave differently, and it has all that it takes to work it.`,
    };
  if (isValidated)
    return { state: 'validated', because: `Members behave differently. To be worked it lacks ${words(lacks)}.` };
  if (evidence === null)
    return { state: 'hypothesis', because: 'Nobody has asked yet whether its members stay or expand differently.' };
  return {
    state: 'hypothesis',
    because:
      evidence.verdict === 'fails'
        ? 'Its members stay and expand as all others do. Merge it, or sharpen its rule.'
        : 'There is too little data yet to tell whether its members stay or expand differently.',
  };
}

const words = (names: readonly string[]): string => names.map((name) => name.replaceAll('_', ' ')).join(', ');
