import { describe, expect, it } from 'vitest';
import { calibrateBaseline, drawFate } from '../../src/simulate/fate.ts';
import { type AccountPlan, capacityOf, planAccount } from '../../src/simulate/plan.ts';
import { frameOf, PLANTED } from '../../src/simulate/planted.ts';

const YEAR = 365 * 86_400_000;

/** Churns and customer-years within the tracked time, for the accounts that the test picks out. */
class Rate {
  churns = 0;
  years = 0;

  add(from: number, to: number, isChurn: boolean): void {
    this.years += Math.max(0, to - from) / YEAR;
    if (isChurn) this.churns += 1;
  }

  get perYear(): number {
    return this.churns / this.years;
  }
}

interface Life {
  readonly plan: AccountPlan;
  readonly from: number;
  readonly to: number;
  readonly churned: boolean;
}

function livesOf(seed: number): Life[] {
  const frame = frameOf({ seed, accounts: 12_000, end: '2026-11-21' });
  const plans = Array.from({ length: frame.accounts }, (_, index) => planAccount(frame, index));
  const baseline = calibrateBaseline(frame, plans);
  return plans.flatMap((plan) => {
    const { churnOn } = drawFate(frame, plan, baseline);
    const from = Math.max(plan.paidOn, frame.start);
    if (!(from < frame.end) || churnOn < frame.start) return [];
    return [{ plan, from, to: Math.min(churnOn, frame.end), churned: churnOn < frame.end }];
  });
}

function rateOf(lives: readonly Life[], holds: (plan: AccountPlan) => boolean): Rate {
  const rate = new Rate();
  for (const { plan, from, to, churned } of lives) if (holds(plan)) rate.add(from, to, churned);
  return rate;
}

const SEEDS = [1, 2, 3];
const WORLDS = SEEDS.map(livesOf);

/** Ratio of churn rates over all worlds, with 3 standard errors on the log scale. */
function ratio(exposed: (plan: AccountPlan) => boolean, others: (plan: AccountPlan) => boolean): [number, number] {
  const lives = WORLDS.flat();
  const [a, b] = [rateOf(lives, exposed), rateOf(lives, others)];
  return [a.perYear / b.perYear, Math.exp(3 * Math.sqrt(1 / a.churns + 1 / b.churns))];
}

/** The crude ratio of annual customers is nearer to 1 than the hazard ratio: a term has one end. */
const GROUPING = 1.06;

function expectRatio([found, error]: [number, number], planted: number): void {
  expect(found).toBeGreaterThan(planted / error / GROUPING);
  expect(found).toBeLessThan(planted * error * GROUPING);
}

describe('churn', () => {
  it('comes at the planted rate per customer-year', () => {
    for (const lives of WORLDS) {
      const rate = rateOf(lives, () => true);
      const error = (3 * Math.sqrt(rate.churns)) / rate.years;
      expect(Math.abs(rate.perYear - PLANTED.yearlyChurn)).toBeLessThan(error);
    }
  });

  it('is half as frequent after the milestone', () => {
    const reached = (plan: AccountPlan): boolean => Number.isFinite(plan.milestoneAt);
    expectRatio(
      ratio(reached, (plan) => !reached(plan)),
      PLANTED.milestone.hazardRatio,
    );
  });

  it('is half as frequent in one job', () => {
    const good = (plan: AccountPlan): boolean => plan.job === PLANTED.job.good;
    expectRatio(
      ratio(good, (plan) => !good(plan)),
      PLANTED.job.hazardRatio,
    );
  });

  it('steps at the planted share of people with a seat, and is level on both sides of it', () => {
    const { atMost, hazardRatio } = PLANTED.threshold;
    const within =
      (from: number, to: number) =>
      (plan: AccountPlan): boolean =>
        plan.band === 'mid_market' && capacityOf(plan) > from && capacityOf(plan) <= to;
    expectRatio(ratio(within(0, atMost), within(atMost, 1)), hazardRatio);
    expectRatio(ratio(within(0, 0.16), within(0.16, atMost)), 1);
    expectRatio(ratio(within(atMost, 0.45), within(0.45, 1)), 1);
  });

  it('does not depend on the decoys, on logins, on being broad or intense, or on the term', () => {
    const nothing: readonly ((plan: AccountPlan) => boolean)[] = [
      (plan) => plan.isBroad,
      (plan) => plan.isIntense,
      (plan) => plan.loginsPerActiveDay > 0.3,
    ];
    for (const holds of nothing)
      expectRatio(
        ratio(holds, (plan) => !holds(plan)),
        1,
      );
    const reached = (plan: AccountPlan): boolean => Number.isFinite(plan.milestoneAt);
    const rides = (plan: AccountPlan): boolean => Number.isFinite(plan.ridingAt);
    for (const stratum of [true, false]) {
      const within = (plan: AccountPlan): boolean => reached(plan) === stratum;
      expectRatio(
        ratio(
          (plan) => within(plan) && rides(plan),
          (plan) => within(plan) && !rides(plan),
        ),
        1,
      );
    }
  });

  it('doubles at an exit day after the loss of a sponsor, in top-down accounts alone', () => {
    for (const pathway of ['top_down', 'bottom_up'] as const) {
      const [lost, kept] = exitRates(pathway);
      const error = Math.exp(3 * Math.sqrt(1 / lost.churns + 1 / kept.churns));
      const found = Math.log(1 - lost.churns / lost.years) / Math.log(1 - kept.churns / kept.years);
      const { hazardRatioTopDown, hazardRatioElsewhere } = PLANTED.sponsor;
      expectRatio([found, error], pathway === 'top_down' ? hazardRatioTopDown : hazardRatioElsewhere);
    }
  });
});

/** Churns per first renewal of annual customers, by whether the sponsor was lost before it; `years` counts renewals. */
function exitRates(pathway: string): [Rate, Rate] {
  const [lost, kept] = [new Rate(), new Rate()];
  for (const { plan, to } of WORLDS.flat()) {
    const renewal = plan.paidOn + YEAR;
    if (plan.pathway !== pathway || plan.term !== 'annual' || to < renewal - 86_400_000 * 2) continue;
    const rate = plan.sponsorLostAt < renewal ? lost : kept;
    rate.add(0, YEAR, Math.abs(to - renewal) < 2 * 86_400_000);
  }
  return [lost, kept];
}

describe('the milestone', () => {
  it('is reached by the planted share, whatever the size and the age', () => {
    const plans = WORLDS.flat().map(({ plan }) => plan);
    const bands = ['smb', 'mid_market', 'enterprise'] as const;
    for (const group of [plans, ...bands.map((band) => plans.filter((plan) => plan.band === band))]) {
      const share = group.filter((plan) => Number.isFinite(plan.milestoneAt)).length / group.length;
      const error = 3.5 * Math.sqrt((0.4 * 0.6) / group.length);
      expect(Math.abs(share - PLANTED.milestone.share)).toBeLessThan(error);
    }
  });

  it('is followed by the riding decoy, and the size decoy by the size', () => {
    const plans = WORLDS.flat().map(({ plan }) => plan);
    const share = (group: readonly AccountPlan[], holds: (plan: AccountPlan) => boolean): number =>
      group.filter(holds).length / group.length;
    const rides = (plan: AccountPlan): boolean => Number.isFinite(plan.ridingAt);
    const sized = (plan: AccountPlan): boolean => Number.isFinite(plan.sizeAt);
    const reached = plans.filter((plan) => Number.isFinite(plan.milestoneAt));
    const others = plans.filter((plan) => !Number.isFinite(plan.milestoneAt));
    expect(share(reached, rides)).toBeCloseTo(PLANTED.decoys.riding.shareOfReachers, 1);
    expect(share(others, rides)).toBeCloseTo(PLANTED.decoys.riding.shareOfOthers, 1);
    expect(
      share(
        plans.filter((plan) => plan.band === 'smb'),
        sized,
      ),
    ).toBeLessThan(0.15);
    expect(
      share(
        plans.filter((plan) => plan.band === 'enterprise'),
        sized,
      ),
    ).toBeGreaterThan(0.75);
  });
});
