import type { Calibration } from '../evidence/calibrate.ts';
import type { DimensionRow } from '../evidence/dimension.ts';
import type { Claim } from '../evidence/dimension_claim.ts';
import type { DivergenceRow } from '../evidence/divergence.ts';
import type { CellRow, MixRow } from '../evidence/ghost_row.ts';
import type { TwinRow } from '../evidence/ghost_twin.ts';
import type { Ground } from '../evidence/ground.ts';
import type { JobRow } from '../evidence/job_row.ts';
import type { LeadTimeRow } from '../evidence/lead_time.ts';
import type { MilestoneRow } from '../evidence/milestone.ts';
import type { SegmentPairRow, SegmentRow } from '../evidence/segment_row.ts';
import type { ThresholdRow } from '../evidence/threshold.ts';

/**
 * What `GET /api/v1/evidence/{question}` answers, by question, as `evidence QUESTION --json` prints it: a page that reads
 * an answer reads what the test of the question wrote. The other questions are shown by their sentences alone.
 */
export interface EvidenceAnswers {
  readonly ground: Ground;
  readonly milestones: readonly MilestoneRow[];
  readonly segments: readonly (SegmentRow | SegmentPairRow)[];
  readonly jobs: readonly JobRow[];
  readonly ghosts: readonly (CellRow | MixRow | TwinRow)[];
  readonly dimensions: readonly (DimensionRow | (Claim & { readonly kind: 'claim' }))[];
  readonly thresholds: readonly ThresholdRow[];
  readonly calibrate: Calibration;
  readonly divergence: readonly DivergenceRow[];
  readonly 'lead-time': readonly LeadTimeRow[];
}

/** A row of the answer to a question whose answer is rows. */
export type EvidenceRow<Question extends keyof EvidenceAnswers> =
  EvidenceAnswers[Question] extends readonly (infer Row)[] ? Row : never;
