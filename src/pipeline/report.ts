import { CLAIM_AGES } from '../evidence/claim.ts';
import type { Dealings } from '../evidence/dealings.ts';
import { groundOf } from '../evidence/ground.ts';
import { thinPanel } from '../evidence/panel.ts';
import { calibrationSection } from '../evidence/report/calibration_section.ts';
import { dimensionSection } from '../evidence/report/dimension_section.ts';
import { driftSection } from '../evidence/report/drift_section.ts';
import { expansionSection } from '../evidence/report/expansion_section.ts';
import { ghostSection } from '../evidence/report/ghost_section.ts';
import { groundSection } from '../evidence/report/ground_section.ts';
import { claimSection, jobSection, segmentSection } from '../evidence/report/group_section.ts';
import { milestoneSection } from '../evidence/report/milestone_section.ts';
import { reportPage, type Section } from '../evidence/report/page.ts';
import { roleSection } from '../evidence/report/role_section.ts';
import { sensitivitySections } from '../evidence/report/sensitivity_section.ts';
import { sequenceSection } from '../evidence/report/sequence_section.ts';
import { thresholdSection } from '../evidence/report/threshold_section.ts';
import { divergenceSection, leadTimeSection } from '../evidence/report/warning_section.ts';
import { primaryAgeOf } from '../evidence/sensitivity.ts';
import type { AreaDays, Beginning } from '../evidence/usage.ts';
import { openDealings } from './dealings.ts';
import type { Engines } from './engines.ts';
import { MONTHLY, openPast, WEEKLY } from './evidence.ts';
import { publishedAt } from './published.ts';
import {
  askCalibration,
  askClaims,
  askDimensions,
  askDivergence,
  askDrift,
  askExpansion,
  askGhosts,
  askJobs,
  askLeadTimes,
  askMilestones,
  askReviews,
  askRoles,
  askSegments,
  askSensitivity,
  askSequences,
  askThresholds,
  type Past,
  STANDARD,
} from './questions.ts';
import { openTellings } from './tellings.ts';
import { openAreaDays, openBeginnings } from './usage.ts';

/** What to report on: as-of null means the completeness of the behavioural sources. */
export interface ReportRequest {
  readonly asOf: number | null;
  readonly now: Date;
  readonly seed: number;
  readonly onProgress: (done: number, all: number) => void;
}

/** What the facts tell beside what happened to accounts. */
interface Beside {
  readonly dealings: Dealings;
  readonly beginnings: readonly Beginning[];
}

/** The evidence as one self-contained page, and the questions that it answers: each as its command would by itself. */
export async function buildReport(
  engines: Engines,
  request: ReportRequest,
): Promise<{ readonly page: string; readonly sections: readonly string[] }> {
  const { model } = engines;
  const ageDays = [
    ...new Set([
      ...STANDARD.milestones.windows,
      ...STANDARD.sequences.ages,
      STANDARD.roles.ageDays,
      ...CLAIM_AGES,
      primaryAgeOf(model.activation.milestones),
    ]),
  ];
  const { asOf } = request;
  const beside = { dealings: await openDealings(engines, asOf), beginnings: await openBeginnings(engines, asOf) };
  const tellings = await openTellings(engines, asOf);
  const areaDays = await openAreaDays(engines, asOf);
  const published = await publishedAt(engines);
  const weekly = { model, ...(await openPast(engines, { ...request, everyDays: WEEKLY, ageDays })) };
  const monthly = { ...weekly, panel: thinPanel(weekly.panel, MONTHLY) };
  const ground = groundOf(weekly.history);
  const sections: readonly Section[] = [
    groundSection(ground, model.currency),
    ...sensitivitySections(askSensitivity(monthly, tellings, STANDARD.sensitivity)),
    ...ageSections(monthly, areaDays),
    ...signalSections(monthly, engines.modelText, request),
    ...warningSections(weekly, request),
    ...groupSections(monthly, beside, request),
    driftSection(askDrift(monthly, null), askReviews(monthly, published, asOf, request.now)),
  ];
  const frame = {
    company: model.name,
    followedThrough: ground.followedThrough,
    modelVersion: model.version,
    writtenAt: request.now,
  };
  return { page: reportPage(frame, sections), sections: sections.map(({ id }) => id) };
}

/** What accounts did by an age. */
function ageSections(past: Past, areaDays: AreaDays): readonly Section[] {
  return [
    milestoneSection(past.history, askMilestones(past, STANDARD.milestones)),
    sequenceSection(askSequences(past, STANDARD.sequences)),
    roleSection(askRoles(past, areaDays, STANDARD.roles)),
  ];
}

/** What signals say on a day, and what that means for the numbers in the rules. */
function signalSections(past: Past, modelText: string, { seed }: ReportRequest): readonly Section[] {
  const thresholds = askThresholds(past, { ...STANDARD.thresholds, splitMs: null, seed });
  const calibration = askCalibration(past, modelText, thresholds, STANDARD.thresholds.horizonDays);
  return [
    dimensionSection(askDimensions(past, { ...STANDARD.dimensions, splitMs: null, seed })),
    thresholdSection(thresholds),
    calibrationSection(calibration),
  ];
}

/** What is seen in the weeks before a churn. */
function warningSections(past: Past, { seed }: ReportRequest): readonly Section[] {
  return [
    divergenceSection(askDivergence(past, { ...STANDARD.divergence, seed }), STANDARD.divergence.weeks),
    leadTimeSection(askLeadTimes(past, { ...STANDARD.leadTime, seed })),
  ];
}

/** What groups of accounts are worth telling apart. */
function groupSections(past: Past, { dealings, beginnings }: Beside, { seed }: ReportRequest): readonly Section[] {
  const choice = { ...STANDARD.groups, seed };
  const claims = askClaims(past, beginnings, choice);
  return [
    segmentSection(askSegments(past, choice)),
    ghostSection(askGhosts(past, { ...choice, ...STANDARD.ghosts })),
    jobSection(askJobs(past, dealings, { ...choice, ...STANDARD.jobs }), past.model.currency),
    expansionSection(
      askExpansion(past, dealings, choice),
      claims.find(({ claim }) => claim === 'recoverable-arr'),
      past.model.currency,
    ),
    claimSection(claims),
  ];
}
