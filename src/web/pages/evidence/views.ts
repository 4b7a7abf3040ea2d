import type { View } from './view.ts';
import { calibrateView } from './views/calibrate.tsx';
import { dimensionsView } from './views/dimensions.tsx';
import { divergenceView } from './views/divergence.tsx';
import { ghostsView } from './views/ghosts.tsx';
import { jobsView } from './views/jobs.tsx';
import { leadTimeView } from './views/lead-time.tsx';
import { milestonesView } from './views/milestones.tsx';
import { claimsView, driftView, expansionView, rolesView, sequencesView } from './views/plain.tsx';
import { segmentsView } from './views/segments.tsx';
import { thresholdsView } from './views/thresholds.tsx';

/** Every question that is shown, in the order of the list; `ground` stands above all of them. */
export const VIEWS: readonly View[] = [
  milestonesView,
  sequencesView,
  rolesView,
  segmentsView,
  jobsView,
  ghostsView,
  expansionView,
  dimensionsView,
  thresholdsView,
  calibrateView,
  divergenceView,
  leadTimeView,
  driftView,
  claimsView,
];
