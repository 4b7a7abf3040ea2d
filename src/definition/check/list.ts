import { bandRanges } from './band_ranges.ts';
import type { DataCheck, Finding, GapKind, ModelCheck, Subject } from './check.ts';
import { counts } from './counts.ts';
import { equalTriggers } from './equal_triggers.ts';
import { hierarchy } from './hierarchy.ts';
import { instrumentation } from './instrumentation.ts';
import { labelSegments } from './label_segments.ts';
import { milestoneCheck } from './milestones.ts';
import { missingOutputs } from './missing_outputs.ts';
import type { Observations } from './observations.ts';
import { placement } from './placement.ts';
import { population } from './population.ts';
import { rareSteps } from './rare_steps.ts';
import { references } from './references.ts';
import { skippedByNone } from './skipped_by_none.ts';
import { taxonomyCheck } from './taxonomy.ts';
import { unreachable } from './unreachable.ts';

/** Every check of the model alone. */
export const MODEL_CHECKS: readonly ModelCheck[] = [
  taxonomyCheck,
  milestoneCheck,
  references,
  labelSegments,
  missingOutputs,
  equalTriggers,
  counts,
  skippedByNone,
  unreachable,
  bandRanges,
  hierarchy,
];

/** Every check that needs data. */
const DATA_CHECKS: readonly DataCheck[] = [instrumentation, rareSteps, population, placement];

const KINDS: readonly GapKind[] = ['instrumentation', 'operationalisation', 'validation'];
const SEVERITIES: readonly Finding['severity'][] = ['error', 'warning', 'info'];

/** What the model alone shows to be wrong or missing, instrumentation first (R155). */
export function checkModel(subject: Subject): readonly Finding[] {
  return inOrder(MODEL_CHECKS.flatMap((check) => check.find(subject)));
}

/** What the data shows to be wrong or missing, instrumentation first (R155). */
export function checkData(subject: Subject, observations: Observations): readonly Finding[] {
  return inOrder(DATA_CHECKS.flatMap((check) => check.find(subject, observations)));
}

/** Instrumentation, then operationalisation, then validation (R155); errors before warnings; else as found. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const rank = ({ kind, severity }: Finding) => KINDS.indexOf(kind) * SEVERITIES.length + SEVERITIES.indexOf(severity);
  return findings.toSorted((a, b) => rank(a) - rank(b));
}
