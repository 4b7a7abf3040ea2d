import { CLAIM_AGES, testClaims } from '../evidence/claim.ts';
import type { Dealings } from '../evidence/dealings.ts';
import { testDimensions } from '../evidence/dimension.ts';
import { testDivergence } from '../evidence/divergence.ts';
import { groundOf } from '../evidence/ground.ts';
import type { History } from '../evidence/history.ts';
import { indicatorsOf } from '../evidence/indicator.ts';
import { testJobs } from '../evidence/job.ts';
import { testLeadTimes } from '../evidence/lead_time.ts';
import { testMilestones } from '../evidence/milestone.ts';
import { modelThresholds } from '../evidence/model_threshold.ts';
import type { Panel } from '../evidence/panel.ts';
import { dimensionSection } from '../evidence/report/dimension_section.ts';
import { groundSection } from '../evidence/report/ground_section.ts';
import { claimSection, jobSection, segmentSection } from '../evidence/report/group_section.ts';
import { milestoneSection } from '../evidence/report/milestone_section.ts';
import { reportPage, type Section } from '../evidence/report/page.ts';
import { thresholdSection } from '../evidence/report/threshold_section.ts';
import { divergenceSection, leadTimeSection } from '../evidence/report/warning_section.ts';
import { testSegments } from '../evidence/segment.ts';
import { panelSignals } from '../evidence/signal.ts';
import { testThresholds } from '../evidence/threshold.ts';
import { SIGNAL_CATALOGUE } from '../profile/catalogue.ts';
import { openDealings } from './dealings.ts';
import type { Engines } from './engines.ts';
import { openPanel, openPast } from './evidence.ts';

/** What to report on: as-of null means the completeness of the behavioural sources. */
export interface ReportRequest {
  readonly asOf: number | null;
  readonly now: Date;
  readonly seed: number;
  readonly onProgress: (done: number, all: number) => void;
}

const WINDOWS = [14, 30, 60];
const COUNTS = [1, 3];
const YEAR_DAYS = 365;
const HALF_YEAR_DAYS = 180;
const QUARTER_DAYS = 90;
const MONTH_DAYS = 28;
const WEEK_DAYS = 7;
const WEEKS = 52;
const CONTROLS = 4;
const PERMUTATIONS = 199;
const RESAMPLES = 499;

/** The evidence as one self-contained page, and the questions that it answers. */
export async function buildReport(
  engines: Engines,
  request: ReportRequest,
): Promise<{ readonly page: string; readonly sections: readonly string[] }> {
  const { model } = engines;
  const ageDays = [...new Set([...WINDOWS, ...CLAIM_AGES])];
  const { history, panel } = await openPast(engines, { ...request, everyDays: MONTH_DAYS, ageDays });
  const ground = groundOf(history);
  const milestones = testMilestones(history, {
    windows: WINDOWS,
    counts: COUNTS,
    horizonDays: YEAR_DAYS,
    areas: model.taxonomy.features,
    workflows: model.taxonomy.workflows,
    declared: model.activation.milestones,
  });
  const sections: readonly Section[] = [
    groundSection(ground, model.currency),
    milestoneSection(history, milestones),
    ...groupSections(engines, request, history, panel, await openDealings(engines, request.asOf)),
    ...monthlySections(engines, request, panel),
    ...(await weeklySections(engines, request)),
  ];
  const frame = {
    company: model.name,
    followedThrough: ground.followedThrough,
    modelVersion: model.version,
    writtenAt: request.now,
  };
  return { page: reportPage(frame, sections), sections: sections.map(({ id }) => id) };
}

function groupSections(
  { model }: Engines,
  { seed }: ReportRequest,
  history: History,
  panel: Panel,
  dealings: Dealings,
): readonly Section[] {
  const { features } = model.taxonomy;
  const horizonDays = YEAR_DAYS;
  const jobs = testJobs(history, panel, dealings, {
    jobs: model.jobs.map(({ name }) => name),
    bands: model.bands.map(({ name }) => name),
    horizonDays,
    conversionDays: HALF_YEAR_DAYS,
    seed,
  });
  const claims = testClaims(history, panel, {
    core: features.filter(({ isCore }) => isCore).map(({ name }) => name),
    secondary: features.filter(({ isEntry }) => !isEntry).map(({ name }) => name),
    overlay: model.segments.find(({ isOverlay }) => isOverlay)?.name ?? null,
    horizonDays,
    seed,
  });
  return [
    segmentSection(testSegments(history, panel, { segments: model.segments, horizonDays, seed })),
    jobSection(jobs, model.currency),
    claimSection(claims),
  ];
}

function monthlySections({ model }: Engines, request: ReportRequest, panel: Panel): readonly Section[] {
  const signals = panelSignals(model, SIGNAL_CATALOGUE);
  const horizonDays = HALF_YEAR_DAYS;
  const dimensions = testDimensions(panel, {
    signals,
    bands: model.bands.map(({ name }) => name),
    horizonDays,
    splitMs: null,
    resamples: RESAMPLES,
    seed: request.seed,
  });
  const thresholds = testThresholds(panel, {
    signals,
    horizonDays,
    splitMs: null,
    permutations: PERMUTATIONS,
    seed: request.seed,
    model: modelThresholds(model),
  });
  return [dimensionSection(dimensions), thresholdSection(thresholds)];
}

async function weeklySections(engines: Engines, request: ReportRequest): Promise<readonly Section[]> {
  const { model } = engines;
  const panel = await openPanel(engines, { ...request, everyDays: WEEK_DAYS });
  const divergence = testDivergence(panel, {
    signals: panelSignals(model, SIGNAL_CATALOGUE),
    bands: model.bands.map(({ name }) => name),
    weeks: WEEKS,
    controls: CONTROLS,
    permutations: PERMUTATIONS,
    seed: request.seed,
  });
  const leadTimes = testLeadTimes(panel, {
    indicators: indicatorsOf(model, SIGNAL_CATALOGUE, panel),
    horizonDays: QUARTER_DAYS,
    earlyDays: QUARTER_DAYS,
    gapDays: model.assignment.overlayExitDays,
    resamples: RESAMPLES,
    seed: request.seed,
  });
  return [divergenceSection(divergence, WEEKS), leadTimeSection(leadTimes)];
}
