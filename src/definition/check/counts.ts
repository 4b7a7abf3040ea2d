import type { Place } from '../../model/diagnostic.ts';
import { type Finding, finding, type ModelCheck } from './check.ts';

/** How many of something a team can work with, and why. */
interface Range {
  readonly what: string;
  readonly field: string;
  readonly least: number;
  readonly most: number;
  readonly tooFew: string;
  readonly tooMany: string;
  readonly requirement: string;
}

const SEGMENTS: Range = {
  what: 'segments',
  field: 'segments',
  least: 3,
  most: 5,
  tooFew: 'with fewer, groups that need different actions share one',
  tooMany: 'with more, a team cannot run a motion for each',
  requirement: 'D4',
};
const JOBS: Range = {
  what: 'jobs',
  field: 'jobs',
  least: 4,
  most: 6,
  tooFew: 'with fewer, different needs share one message',
  tooMany: 'with more, interviews cannot be coded reliably',
  requirement: 'D4',
};
const COHORTS: Range = {
  what: 'cohorts',
  field: 'cohorts',
  least: 3,
  most: 5,
  tooFew: 'with fewer, decline and steady use look alike',
  tooMany: 'with more, nobody remembers what each means',
  requirement: 'R063',
};
const ARCHETYPES: Range = {
  what: 'archetypes',
  field: 'archetypes',
  least: 3,
  most: 5,
  tooFew: 'with fewer, velocity and breadth are not told apart',
  tooMany: 'with more, nobody remembers what each means',
  requirement: 'R011',
};

/** Counts outside the range that a team can work with: a warning with the reason, never a refusal (D4). */
export const counts: ModelCheck = {
  name: 'counts',
  find: ({ model }) => [
    ...outside(SEGMENTS, model.segments, model.file),
    ...(model.jobs.length === 0 ? [] : outside(JOBS, model.jobs, model.file)),
    ...outside(COHORTS, model.cohorts, model.file),
    ...outside(ARCHETYPES, model.archetypes, model.file),
  ],
};

function outside(range: Range, things: readonly { readonly place: Place }[], file: string): readonly Finding[] {
  const count = things.length;
  if (count >= range.least && count <= range.most) return [];
  const reason = count < range.least ? range.tooFew : range.tooMany;
  const head = {
    code: 'count-out-of-range',
    kind: 'operationalisation',
    requirement: range.requirement,
    severity: 'warning',
  } as const;
  const message = `${range.what}: ${count}, where ${range.least} to ${range.most} work: ${reason}`;
  return [finding(head, things.at(-1)?.place ?? { file, field: range.field }, message)];
}
