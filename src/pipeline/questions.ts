import type { Model } from '../definition/model.ts';
import { type Calibration, calibrate } from '../evidence/calibrate.ts';
import type { Vocabulary } from '../evidence/candidate.ts';
import { testClaims } from '../evidence/claim.ts';
import type { ClaimRow } from '../evidence/claim_row.ts';
import type { Dealings } from '../evidence/dealings.ts';
import { type DimensionOptions, type DimensionReport, testDimensions } from '../evidence/dimension.ts';
import { type DivergenceOptions, type DivergenceReport, testDivergence } from '../evidence/divergence.ts';
import { type DriftRow, type ReviewRow, reviewsOf, testDrift } from '../evidence/drift.ts';
import { type ExpansionRow, testExpansion } from '../evidence/expansion.ts';
import { type GhostOptions, testGhosts } from '../evidence/ghost.ts';
import type { CellRow, MixRow } from '../evidence/ghost_row.ts';
import type { TwinRow } from '../evidence/ghost_twin.ts';
import type { History } from '../evidence/history.ts';
import { firingOver, indicatorsOf } from '../evidence/indicator.ts';
import { type JobOptions, testJobs } from '../evidence/job.ts';
import type { JobRow } from '../evidence/job_row.ts';
import { type LeadTimeOptions, type LeadTimeReport, testLeadTimes } from '../evidence/lead_time.ts';
import { type MilestoneOptions, type MilestoneReport, testMilestones } from '../evidence/milestone.ts';
import { POPULATIONS } from '../evidence/milestone_population.ts';
import { modelThresholds } from '../evidence/model_threshold.ts';
import type { Panel } from '../evidence/panel.ts';
import { type RoleOptions, testRoles } from '../evidence/role.ts';
import { testAreaReversion } from '../evidence/role_reversion.ts';
import type { AreaReversionRow, ReversionRow, RoleRow } from '../evidence/role_row.ts';
import { rulesOn } from '../evidence/rule_trial.ts';
import { describeSales, type SaleRow } from '../evidence/sale.ts';
import { testSegments } from '../evidence/segment.ts';
import type { SegmentPairRow, SegmentRow } from '../evidence/segment_row.ts';
import { type SensitivityOptions, type SensitivityRow, sensitivityOf } from '../evidence/sensitivity.ts';
import { type SequenceOptions, type SequenceRow, testSequences } from '../evidence/sequence.ts';
import { panelSignals } from '../evidence/signal.ts';
import type { Tellings } from '../evidence/telling.ts';
import { type ThresholdOptions, type ThresholdReport, testThresholds } from '../evidence/threshold.ts';
import type { AreaDays, Beginning } from '../evidence/usage.ts';
import { SIGNAL_CATALOGUE } from '../profile/catalogue.ts';

/** A model, and what happened under it. */
export interface Past {
  readonly model: Model;
  readonly history: History;
  readonly panel: Panel;
}

/** How far to look ahead, and by which seed. */
export interface GroupChoice {
  readonly horizonDays: number;
  readonly seed: number;
}

const YEAR_DAYS = 365;
const HALF_YEAR_DAYS = 180;
const QUARTER_DAYS = 90;
const SHUFFLES = 199;
const DRAWS = 499;

/** How each question is asked where nobody says otherwise: what the commands default to, and what the report shows. */
export const STANDARD = {
  milestones: { windows: [14, 30, 60], counts: { times: [1, 3], users: [2, 3, 5] }, horizonDays: YEAR_DAYS },
  sensitivity: { horizonDays: YEAR_DAYS },
  groups: { horizonDays: YEAR_DAYS },
  jobs: { conversionDays: HALF_YEAR_DAYS },
  ghosts: { leastAccounts: 30, twins: 10 },
  sequences: { ages: [60, 90], horizonDays: YEAR_DAYS, leastAccounts: 20 },
  roles: { ageDays: 60, horizonDays: YEAR_DAYS },
  dimensions: { horizonDays: HALF_YEAR_DAYS, resamples: DRAWS },
  thresholds: { horizonDays: HALF_YEAR_DAYS, permutations: SHUFFLES },
  divergence: { weeks: 52, controls: 4, permutations: SHUFFLES },
  leadTime: { horizonDays: HALF_YEAR_DAYS, earlyDays: QUARTER_DAYS, resamples: SHUFFLES },
} as const;

/** Signals of use in which twins are compared. */
const USE = [
  'active_users_30d',
  'seat_breadth',
  'stickiness',
  'feature_breadth_30d',
  'core_features_30d',
  'sessions_30d',
  'momentum_60d',
  'activity_change_14d',
  'power_users',
  'users_in_decline',
  'workflow_completion_30d',
  'tickets_30d',
  'nps_latest',
  'sponsor_active_30d',
] as const;

function vocabularyOf({ taxonomy, activation }: Model): Vocabulary {
  return { areas: taxonomy.features, workflows: taxonomy.workflows, declared: activation.milestones };
}

const namesOf = (parts: readonly { readonly name: string }[]): readonly string[] => parts.map(({ name }) => name);

/** Does it matter in which of the ways that the facts offer churn is told? Looks at the age of `primaryAgeOf`. */
export function askSensitivity(
  { model, history }: Omit<Past, 'panel'>,
  tellings: Tellings,
  choice: Pick<SensitivityOptions, 'horizonDays'>,
): readonly SensitivityRow[] {
  return sensitivityOf(history, tellings, { ...choice, ...vocabularyOf(model) });
}

/** Does reaching something by an age go with staying, or with becoming a customer? Customers first, then trials and prospects. */
export function askMilestones(
  { model, history }: Omit<Past, 'panel'>,
  choice: Pick<MilestoneOptions, 'windows' | 'counts' | 'horizonDays'>,
): readonly MilestoneReport[] {
  const asked = { ...choice, ...vocabularyOf(model) };
  return POPULATIONS.map((population) => testMilestones(history, asked, population));
}

/** Does the order in which features are first used go with staying? */
export function askSequences(
  { model, history }: Omit<Past, 'panel'>,
  choice: Omit<SequenceOptions, 'areas'>,
): readonly SequenceRow[] {
  const areas = namesOf(model.taxonomy.features.filter(({ isEntry, isHelp }) => !isEntry && !isHelp));
  return testSequences(history, { ...choice, areas });
}

/** Is a feature area one for expansion, or one for use and staying, and what does stopping to use it go with? */
export function askRoles(
  { model, history, panel }: Past,
  areaDays: AreaDays,
  choice: Omit<RoleOptions, 'areas'>,
): readonly (RoleRow | ReversionRow | AreaReversionRow)[] {
  const areas = namesOf(model.taxonomy.features.filter(({ isHelp }) => !isHelp));
  return [...testRoles(history, panel, { ...choice, areas }), ...testAreaReversion(history, panel, areaDays, areas)];
}

/** Do members of a segment stay or expand at another rate than others? */
export function askSegments(
  { model, history, panel }: Past,
  choice: GroupChoice,
): readonly (SegmentRow | SegmentPairRow)[] {
  return testSegments(history, panel, { segments: model.segments, ...choice });
}

/** Which job converts at the highest rate and keeps its customers best? */
export function askJobs(
  { model, history, panel }: Past,
  dealings: Dealings,
  choice: Pick<JobOptions, 'horizonDays' | 'conversionDays' | 'seed'>,
): readonly JobRow[] {
  return testJobs(history, panel, dealings, { jobs: namesOf(model.jobs), bands: namesOf(model.bands), ...choice });
}

/** Does the average of a firmographic segment describe a customer that exists? */
export function askGhosts(
  { model, history, panel }: Past,
  choice: Pick<GhostOptions, 'leastAccounts' | 'horizonDays' | 'twins' | 'seed'>,
): readonly (MixRow | CellRow | TwinRow)[] {
  return testGhosts(history, panel, { columns: [...namesOf(model.bands), 'industry'], signals: USE, ...choice });
}

/** When do accounts expand, and how are they won? */
export function askExpansion(
  { model, history, panel }: Past,
  dealings: Dealings,
  choice: Pick<GroupChoice, 'horizonDays'>,
): { readonly moments: readonly ExpansionRow[]; readonly sales: readonly SaleRow[] } {
  const firing = firingOver(model, SIGNAL_CATALOGUE, panel);
  const homes = model.segments.filter(({ isOverlay }) => !isOverlay);
  const triggers = homes.flatMap(({ name: segment, motion }) =>
    motion.expansionTriggers.map(({ name, when }) => ({ segment, name, fires: firing(when) })),
  );
  return {
    moments: testExpansion(history, panel, { segments: namesOf(homes), triggers, ...choice }),
    sales: describeSales(panel, dealings, model.bands[0]?.name ?? 'industry'),
  };
}

/** What of the claims about all companies is so in this one? */
export function askClaims(
  { model, history, panel }: Past,
  beginnings: readonly Beginning[],
  choice: GroupChoice,
): readonly ClaimRow[] {
  const { features } = model.taxonomy;
  return testClaims(history, panel, {
    core: namesOf(features.filter(({ isCore }) => isCore)),
    secondary: namesOf(features.filter(({ isEntry }) => !isEntry)),
    beginnings,
    overlay: model.segments.find(({ isOverlay }) => isOverlay)?.name ?? null,
    ...choice,
  });
}

/** Does behaviour predict churn better than industry and size? */
export function askDimensions(
  { model, panel }: Omit<Past, 'history'>,
  choice: Omit<DimensionOptions, 'signals' | 'bands'>,
): DimensionReport {
  return testDimensions(panel, {
    signals: panelSignals(model, SIGNAL_CATALOGUE),
    bands: namesOf(model.bands),
    ...choice,
  });
}

/** At which value of a signal do those who leave part from those who stay? */
export function askThresholds(
  { model, panel }: Omit<Past, 'history'>,
  choice: Omit<ThresholdOptions, 'signals' | 'model'>,
): ThresholdReport {
  return testThresholds(panel, {
    signals: panelSignals(model, SIGNAL_CATALOGUE),
    model: modelThresholds(model),
    ...choice,
  });
}

/** Which shipped numbers would these thresholds set otherwise? `modelText`: the model file as it stands. */
export function askCalibration(
  { model, panel }: Omit<Past, 'history'>,
  modelText: string,
  thresholds: ThresholdReport,
  horizonDays: number,
): Calibration {
  const tryRule = rulesOn(panel, thresholds.calendar, model, SIGNAL_CATALOGUE, horizonDays);
  return calibrate(model, modelText, thresholds.rows, tryRule);
}

/** Which signals of customers have moved since a reference day? */
export function askDrift({ model, panel }: Omit<Past, 'history'>, referenceMs: number | null): readonly DriftRow[] {
  return testDrift(panel, { signals: panelSignals(model, SIGNAL_CATALOGUE), referenceMs });
}

/** Which rules are past their review? `publishedMs`: when they were last reviewed; `asOf`: the day asked about, null: the last. */
export function askReviews(
  { model, panel: { landmarks } }: Omit<Past, 'history'>,
  publishedMs: number | null,
  asOf: number | null,
  now: Date,
): readonly ReviewRow[] {
  const last = landmarks.at(-1) ?? now.getTime();
  return reviewsOf(model, publishedMs, Math.max(asOf ?? last, last));
}

/** How many weeks before a churn do signals part from those of accounts that stay? */
export function askDivergence(
  { model, panel }: Omit<Past, 'history'>,
  choice: Omit<DivergenceOptions, 'signals' | 'bands'>,
): DivergenceReport {
  return testDivergence(panel, {
    signals: panelSignals(model, SIGNAL_CATALOGUE),
    bands: namesOf(model.bands),
    ...choice,
  });
}

/** How long before a churn does each indicator begin to fire? */
export function askLeadTimes(
  { model, panel }: Omit<Past, 'history'>,
  choice: Omit<LeadTimeOptions, 'indicators' | 'gapDays'>,
): LeadTimeReport {
  return testLeadTimes(panel, {
    indicators: indicatorsOf(model, SIGNAL_CATALOGUE, panel),
    gapDays: model.assignment.overlayExitDays,
    ...choice,
  });
}
