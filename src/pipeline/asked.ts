import { CLAIM_AGES } from '../evidence/claim.ts';
import { groundOf } from '../evidence/ground.ts';
import { primaryAgeOf } from '../evidence/sensitivity.ts';
import { openDealings } from './dealings.ts';
import type { Engines } from './engines.ts';
import { MONTHLY, openHistory, openPanel, openPast, WEEKLY } from './evidence.ts';
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
  STANDARD,
} from './questions.ts';
import { openTellings } from './tellings.ts';
import { openAreaDays, openBeginnings } from './usage.ts';

/** As of when to ask: null means the completeness of the behavioural sources. */
interface AskedAs {
  readonly asOf: number | null;
  readonly now: Date;
}

/** A question about the evidence, asked as its command asks it where nobody says otherwise. */
export interface Question {
  /** As the command is called: `lead-time`. */
  readonly name: string;
  /** What it answers, as a question. */
  readonly asks: string;
  /** The answer, as the command's `--json` prints it. */
  readonly answer: (engines: Engines, asked: AskedAs) => Promise<unknown>;
}

/** The seed of the commands. */
const SEED = 1;

const past = async (engines: Engines, { asOf, now }: AskedAs, ageDays: readonly number[] = []) => ({
  model: engines.model,
  ...(await openPast(engines, { asOf, now, ageDays, everyDays: MONTHLY })),
});

const panel = async (engines: Engines, { asOf, now }: AskedAs, everyDays: number = MONTHLY) => ({
  model: engines.model,
  panel: await openPanel(engines, { asOf, now, everyDays }),
});

const history = async (engines: Engines, asOf: number | null, ageDays: readonly number[]) => ({
  model: engines.model,
  history: await openHistory(engines, { asOf, ageDays }),
});

const groups = { ...STANDARD.groups, seed: SEED };
const search = { ...STANDARD.thresholds, splitMs: null, seed: SEED };

/** Every question about the evidence. */
export const QUESTIONS: readonly Question[] = [
  {
    name: 'ground',
    asks: 'Is there enough to test anything?',
    answer: async (engines, { asOf }) => {
      const opened = await history(engines, asOf, [primaryAgeOf(engines.model.activation.milestones)]);
      const tellings = await openTellings(engines, asOf);
      return { ...groundOf(opened.history), sensitivity: askSensitivity(opened, tellings, STANDARD.sensitivity) };
    },
  },
  {
    name: 'milestones',
    asks: 'Does reaching something by an age go with staying, or with becoming a customer?',
    answer: async (engines, { asOf }) => {
      const reports = askMilestones(await history(engines, asOf, STANDARD.milestones.windows), STANDARD.milestones);
      return reports.flatMap(({ rows }) => rows);
    },
  },
  {
    name: 'sequences',
    asks: 'Does the order in which features are first used go with staying?',
    answer: async (engines, { asOf }) =>
      askSequences(await history(engines, asOf, STANDARD.sequences.ages), STANDARD.sequences),
  },
  {
    name: 'roles',
    asks: 'Is a feature area one for expansion, or one for use and staying?',
    answer: async (engines, asked) =>
      askRoles(
        await past(engines, asked, [STANDARD.roles.ageDays]),
        await openAreaDays(engines, asked.asOf),
        STANDARD.roles,
      ),
  },
  {
    name: 'segments',
    asks: 'Do members of a segment stay or expand at another rate than others?',
    answer: async (engines, asked) => askSegments(await past(engines, asked), groups),
  },
  {
    name: 'jobs',
    asks: 'Which job converts at the highest rate and keeps its customers best?',
    answer: async (engines, asked) =>
      askJobs(await past(engines, asked), await openDealings(engines, asked.asOf), { ...groups, ...STANDARD.jobs }),
  },
  {
    name: 'ghosts',
    asks: 'Does the average of a firmographic segment describe a customer that exists?',
    answer: async (engines, asked) => askGhosts(await past(engines, asked), { ...groups, ...STANDARD.ghosts }),
  },
  {
    name: 'expansion',
    asks: 'When do accounts expand, and how are they won?',
    answer: async (engines, asked) => {
      const dealings = await openDealings(engines, asked.asOf);
      const { moments, sales } = askExpansion(await past(engines, asked), dealings, groups);
      return [...moments, ...sales];
    },
  },
  {
    name: 'claims',
    asks: 'What of the claims about all companies is so in this one?',
    answer: async (engines, asked) =>
      askClaims(await past(engines, asked, CLAIM_AGES), await openBeginnings(engines, asked.asOf), groups),
  },
  {
    name: 'dimensions',
    asks: 'Does behaviour predict churn better than industry and size?',
    answer: async (engines, asked) => {
      const choice = { ...STANDARD.dimensions, splitMs: null, seed: SEED };
      const { rows, claim } = askDimensions(await panel(engines, asked), choice);
      return [...rows, { kind: 'claim', ...claim }];
    },
  },
  {
    name: 'thresholds',
    asks: 'At which value of a signal do those who leave part from those who stay?',
    answer: async (engines, asked) => askThresholds(await panel(engines, asked), search).rows,
  },
  {
    name: 'calibrate',
    asks: 'Which shipped numbers would these thresholds set otherwise?',
    answer: async (engines, asked) => {
      const opened = await panel(engines, asked);
      return askCalibration(opened, engines.modelText, askThresholds(opened, search), STANDARD.thresholds.horizonDays);
    },
  },
  {
    name: 'divergence',
    asks: 'How many weeks before a churn do signals part from those of accounts that stay?',
    answer: async (engines, asked) =>
      askDivergence(await panel(engines, asked, WEEKLY), { ...STANDARD.divergence, seed: SEED }).rows,
  },
  {
    name: 'lead-time',
    asks: 'How long before a churn does each indicator begin to fire?',
    answer: async (engines, asked) =>
      askLeadTimes(await panel(engines, asked, WEEKLY), { ...STANDARD.leadTime, seed: SEED }).rows,
  },
  {
    name: 'drift',
    asks: 'Do the numbers in the model still describe today’s customers?',
    answer: async (engines, asked) => {
      const opened = await panel(engines, asked);
      const reviews = askReviews(opened, await publishedAt(engines), asked.asOf, asked.now);
      return [
        ...askDrift(opened, null).map((row) => ({ kind: 'signal', ...row })),
        ...reviews.map((row) => ({ kind: 'review', ...row })),
      ];
    },
  },
];
