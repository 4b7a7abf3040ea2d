import { type DataCheck, type Finding, type FindingHead, finding, listed, type Subject } from './check.ts';
import { DIMENSIONS, type Dimension, type DimensionFacts } from './dimension.ts';
import type { Observations } from './observations.ts';

const FIRMOGRAPHIC_ONLY: FindingHead = {
  code: 'firmographic-only',
  kind: 'instrumentation',
  requirement: 'R146',
  severity: 'warning',
};
const BRANCH: FindingHead = { code: 'branch', kind: 'instrumentation', requirement: 'R147', severity: 'info' };
const SCALE: FindingHead = { code: 'scale', kind: 'instrumentation', requirement: 'R149', severity: 'info' };
const NEXT: FindingHead = { code: 'next-step', kind: 'instrumentation', requirement: 'R151', severity: 'info' };
const INTERVIEWS: FindingHead = { code: 'interviews', kind: 'instrumentation', requirement: 'D4', severity: 'warning' };

/** A dimension counts as populated from this share of customers with a value on. */
const MIN_KNOWN_SHARE = 0.1;
const INTERVIEWS_LEAST = 15;
const INTERVIEWS_MOST = 20;

/** A dimension, what is known about it in general, and how much of it the data holds. */
export interface DimensionState extends DimensionFacts {
  /** Largest share of customers with a value, over its sources: 0 to 1. */
  readonly known: number;
  readonly isPopulated: boolean;
}

/** Which dimensions the data holds (R005), beside what each is good for and what it misses (R004, R161). */
export function dimensionStates(observations: Observations): readonly DimensionState[] {
  return DIMENSIONS.map((facts) => {
    const known = knownShare(facts.dimension, observations);
    return { ...facts, known, isPopulated: known >= MIN_KNOWN_SHARE };
  });
}

/** Signals whose being known shows that a dimension has data. */
const WITNESSES: Readonly<Record<Dimension, readonly string[]>> = {
  firmographic: [],
  behavioural: ['active_users_30d', 'events_30d'],
  lifecycle: ['momentum_60d', 'activity_change_14d'],
  needs: ['job'],
  value: ['arr'],
};

function knownShare(dimension: Dimension, { customers, attributes, signals }: Observations): number {
  const witnesses = signals.filter(({ name, entity }) => entity === 'account' && WITNESSES[dimension].includes(name));
  const shares = witnesses.map((signal) => (signal.listed === 0 ? 0 : signal.known / signal.listed));
  if (dimension !== 'firmographic') return Math.max(0, ...shares);
  return Math.max(0, ...attributes.map(({ known }) => (customers.accounts === 0 ? 0 : known / customers.accounts)));
}

/** What the data allows (R147, R162), what the number of customers allows (R149, R150), and what to do next (R151). */
export const population: DataCheck = {
  name: 'population',
  find: (subject, observations) => {
    const populated = new Set(
      dimensionStates(observations)
        .filter((state) => state.isPopulated)
        .map((state) => state.dimension),
    );
    return [
      ...branch(subject, populated),
      scale(subject, observations),
      ...interviews(subject, observations),
      nextStep(subject, populated, observations),
    ];
  },
};

function branch({ model }: Subject, populated: ReadonlySet<Dimension>): readonly Finding[] {
  const at = { file: model.file, field: 'sources' };
  const names = DIMENSIONS.map(({ dimension }) => dimension).filter((dimension) => populated.has(dimension));
  if (populated.has('behavioural')) {
    const isFull = populated.has('needs');
    const message = isFull
      ? `the data holds ${listed(names)}: all three layers, which is ideal`
      : `the data holds ${listed(names)}: usage and CRM, which is what we recommend to begin with`;
    const advice = isFull
      ? 'To align sales motions use all layers; for pricing start from needs.'
      : 'For pricing and messaging add 15 to 20 interviews.';
    return [finding(BRANCH, at, message, advice)];
  }
  if (populated.size === 0) {
    const advice = 'Hypothesise from ICP research, then import accounts and events.';
    return [finding(BRANCH, at, 'the data holds no dimension yet', advice)];
  }
  const message = `the data holds only ${listed(names)}: enough for target market and routing, not for retention or expansion`;
  return [
    finding(
      FIRMOGRAPHIC_ONLY,
      at,
      message,
      'Connect product events next; they predict best and take most work to collect.',
    ),
  ];
}

/** One step at a time: use, then value, then needs, then all of them together. */
function nextStep({ model }: Subject, populated: ReadonlySet<Dimension>, { interviews: count }: Observations): Finding {
  const at = { file: model.file, field: 'sources' };
  if (!populated.has('behavioural'))
    return finding(NEXT, at, 'next: send product events, and read the health score that comes of them');
  if (!populated.has('value')) return finding(NEXT, at, 'next: import contracts, so that value tiers can set coverage');
  if (!populated.has('needs') || count < INTERVIEWS_LEAST) {
    return finding(NEXT, at, `next: interview ${INTERVIEWS_MOST} customers and code what they hired the product for`);
  }
  return finding(
    NEXT,
    at,
    'next: validate the composite segments against retention with `bellwether evidence segments`',
  );
}

function scale({ model }: Subject, { customers }: Observations): Finding {
  const { accounts } = customers;
  const at = { file: model.file, field: 'segments' };
  if (accounts < 50) {
    return finding(
      SCALE,
      at,
      `${accounts} customers are too few for statistics`,
      'Assign by hand with qualitative data; the rules still tell you who changes.',
    );
  }
  if (accounts < 500) {
    return finding(
      SCALE,
      at,
      `${accounts} customers are enough for 3 to 4 segments from use and interviews`,
      'Let `bellwether discover` cluster on behavioural data.',
    );
  }
  return finding(
    SCALE,
    at,
    `${accounts} customers are enough to learn from all layers`,
    'Let `bellwether evidence` set the thresholds.',
  );
}

function interviews({ model }: Subject, { interviews: count }: Observations): readonly Finding[] {
  if (model.jobs.length === 0 || (count >= INTERVIEWS_LEAST && count <= INTERVIEWS_MOST)) return [];
  const at = { file: model.file, field: 'jobs' };
  if (count > INTERVIEWS_MOST) {
    const head: FindingHead = { ...INTERVIEWS, severity: 'info' };
    return [finding(head, at, `${count} interviews are coded; beyond ${INTERVIEWS_MOST} answers mostly repeat`)];
  }
  const message = `${count} interviews are coded where ${INTERVIEWS_LEAST} to ${INTERVIEWS_MOST} are needed to tell jobs apart`;
  const advice =
    'Ask: "What were you trying to accomplish before you bought this?" and "What would you do if it disappeared tomorrow?"';
  return [finding(INTERVIEWS, at, message, advice)];
}
