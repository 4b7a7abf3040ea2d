import { addMonths, DAY, HOUR, isWithin, startOfDay } from './calendar.ts';
import { type Frame, PLANTED } from './planted.ts';
import { type Random, randomOf } from './random.ts';

type Pathway = 'top_down' | 'bottom_up' | 'mixed';

/** Size bands of the example model. */
export type Band = 'smb' | 'mid_market' | 'enterprise';

/** What an account is by nature, before anything happens to it. Instants in epoch milliseconds, `Infinity`: never. */
export interface AccountPlan {
  readonly index: number;
  readonly id: string;
  readonly isProspect: boolean;
  readonly created: number;
  readonly leadCreated: number;
  /** How the account came in before it paid. */
  readonly entry: 'direct' | 'trial' | 'free';
  /** First day of the first paid contract; never for prospects and trials that do not convert. */
  readonly paidOn: number;
  readonly pathway: Pathway;
  readonly term: 'annual' | 'monthly';
  readonly employees: number;
  readonly band: Band;
  readonly industry: string;
  readonly users: number;
  /** Seats of the first deal, and people who could use the product. */
  readonly seats: number;
  readonly addressableSeats: number;
  readonly job: string;
  readonly isBroad: boolean;
  readonly isIntense: boolean;
  readonly loginsPerActiveDay: number;
  /** The planted milestone, in time. */
  readonly milestoneAt: number;
  /** First export; the milestone where it was in time. */
  readonly firstExportAt: number;
  readonly ridingAt: number;
  readonly sizeAt: number;
  readonly survivalAt: number;
  readonly hasSponsor: boolean;
  readonly sponsorLostAt: number;
}

const PURPOSE = 1;
const MEAN_USERS: Readonly<Record<Band, number>> = { smb: 5, mid_market: 12, enterprise: 34 };
const BAND_SHARES: Readonly<Record<Band, number>> = { smb: 0.4, mid_market: 0.4, enterprise: 0.2 };
const EMPLOYEES: Readonly<Record<Band, readonly [number, number]>> = {
  smb: [18, 49],
  mid_market: [50, 500],
  enterprise: [501, 5_200],
};
const INDUSTRIES = { fintech: 0.27, saas: 0.32, retail: 0.21, logistics: 0.16, media: 0.02, health: 0.02 };
const USERS_SPREAD = 0.5;
/** Three early users and a sponsor. */
const FEWEST_USERS = 4;
const MONTHS_A_YEAR = 12;

/** Mean users of an account under `BAND_SHARES`, to which the sizes are scaled. */
const MEAN_OF_BANDS = Object.entries(BAND_SHARES).reduce((sum, [b, share]) => sum + share * MEAN_USERS[b as Band], 0);

/** What the account of that number is by nature. */
export function planAccount(frame: Frame, index: number): AccountPlan {
  const random = randomOf(frame.seed, index, PURPOSE);
  const isProspect = random.chance(PLANTED.prospects);
  const created = drawCreated(frame, random);
  const pathway = random.weighted(PLANTED.pathways);
  const entered = drawEntry(created, pathway, random);
  const band = random.weighted(BAND_SHARES);
  const employees = logUniform(EMPLOYEES[band], random);
  const milestones = drawMilestones(frame, created, employees, random);
  const hasSponsor = random.chance(PLANTED.sponsor.share);
  const lostAfter = (random.exponential() / PLANTED.sponsor.lossPerYear) * 365 * DAY;
  const { perActiveDay } = PLANTED.decoys.login;
  const nature = {
    index,
    id: `acc-${String(index + 1).padStart(5, '0')}`,
    isProspect,
    created,
    leadCreated: created - random.whole(3, 90) * DAY,
    entry: entered.entry,
    paidOn: isProspect ? Number.POSITIVE_INFINITY : entered.paidOn,
    pathway: entered.pathway,
    term: random.chance(PLANTED.contracts.annual) ? ('annual' as const) : ('monthly' as const),
    employees: Math.round(employees),
    band,
    industry: random.weighted(INDUSTRIES),
    users: drawUsers(frame, band, random),
    job: random.weighted(PLANTED.job.shares),
    isBroad: random.chance(PLANTED.broadAccounts),
    isIntense: random.chance(PLANTED.frequencies.intenseAccounts),
    loginsPerActiveDay: logUniform(perActiveDay, random),
    ...milestones,
    hasSponsor,
    sponsorLostAt: hasSponsor
      ? workingHour(Math.max(created, entered.paidOn) + 30 * DAY + lostAfter, random)
      : Number.POSITIVE_INFINITY,
  };
  return { ...nature, ...seatsFor(frame, nature) };
}

function drawCreated(frame: Frame, random: Random): number {
  const { share, upToDays } = PLANTED.olderThanTracking;
  const isOlder = random.chance(share);
  const at = isOlder
    ? random.between(frame.start - upToDays * DAY, frame.start - DAY)
    : frame.start + (frame.end - DAY - frame.start) * random.next() ** PLANTED.arrivalPower;
  const instant = workingHour(at, random);
  // Nothing of an account's first days may fall into an outage, or what was planted could not be seen.
  return isWithin(frame.outage, instant) ? frame.outage.to + (instant - startOfDay(instant)) : instant;
}

function workingHour(at: number, random: Random): number {
  return Number.isFinite(at) ? startOfDay(at) + Math.floor(random.between(8 * HOUR, 15 * HOUR)) : at;
}

function logUniform([low, high]: readonly [number, number], random: Random): number {
  return low * (high / low) ** random.next();
}

function drawUsers(frame: Frame, band: Band, random: Random): number {
  const mean = (MEAN_USERS[band] * frame.usersPerAccount) / MEAN_OF_BANDS;
  const drawn = mean * Math.exp(USERS_SPREAD * random.normal() - USERS_SPREAD ** 2 / 2);
  return Math.max(FEWEST_USERS, Math.round(drawn));
}

/** Seats for all users and some to spare; those who could use it are no more than the company has people. */
function seatsFor(
  frame: Frame,
  { index, employees, users }: Pick<AccountPlan, 'index' | 'employees' | 'users'>,
): Pick<AccountPlan, 'seats' | 'addressableSeats'> {
  const random = randomOf(frame.seed, index, PURPOSE, 1);
  const seats = Math.ceil(users / random.between(0.55, 1));
  const wanted = Math.round(seats / logUniform(PLANTED.threshold.capacity, random));
  return { seats, addressableSeats: Math.max(seats, Math.min(wanted, employees)) };
}

/** Share of those who could use the product that the first deal has seats for. */
export function capacityOf({ seats, addressableSeats }: Pick<AccountPlan, 'seats' | 'addressableSeats'>): number {
  return seats / addressableSeats;
}

/** Trials are rolled out from above; bottom-up and mixed accounts use a free plan for some weeks before they pay. */
function drawEntry(
  created: number,
  pathway: Pathway,
  random: Random,
): Pick<AccountPlan, 'entry' | 'paidOn' | 'pathway'> {
  const day = startOfDay(created);
  const { share, days, conversion } = PLANTED.trials;
  const isTrial = random.chance(share);
  const converts = random.chance(conversion);
  const freeDays = random.whole(16, 28);
  if (isTrial) {
    return { entry: 'trial', pathway: 'top_down', paidOn: converts ? day + days * DAY : Number.POSITIVE_INFINITY };
  }
  if (pathway === 'top_down') return { entry: 'direct', pathway, paidOn: day };
  return { entry: 'free', pathway, paidOn: day + freeDays * DAY };
}

type Milestones = Pick<AccountPlan, 'milestoneAt' | 'firstExportAt' | 'ridingAt' | 'sizeAt' | 'survivalAt'>;

function drawMilestones(frame: Frame, created: number, employees: number, random: Random): Milestones {
  const { milestone, lateMilestone, decoys } = PLANTED;
  const never = Number.POSITIVE_INFINITY;
  const inTime = (): number =>
    withoutOutage(frame, () => created + random.between(0.3, milestone.withinDays - 0.2) * DAY);
  const reaches = random.chance(milestone.share);
  const milestoneAt = reaches ? inTime() : never;
  const isLate = random.chance(lateMilestone.share);
  const lateAt = created + random.between(lateMilestone.fromDay, lateMilestone.toDay) * DAY;
  const rides = random.chance(reaches ? decoys.riding.shareOfReachers : decoys.riding.shareOfOthers);
  const logit = decoys.size.intercept + decoys.size.slope * Math.log(employees / PLANTED.size.referenceEmployees);
  const isSize = random.chance(1 / (1 + Math.exp(-logit)));
  const monthsToSurvival = random.exponential() / decoys.survival.perMonth;
  return {
    milestoneAt,
    firstExportAt: reaches ? milestoneAt : isLate ? lateAt : never,
    ridingAt: rides ? inTime() : never,
    sizeAt: isSize ? inTime() : never,
    survivalAt: created + (monthsToSurvival * 365 * DAY) / MONTHS_A_YEAR,
  };
}

function withoutOutage(frame: Frame, draw: () => number): number {
  let at = Math.floor(draw());
  while (isWithin(frame.outage, at)) at = Math.floor(draw());
  return at;
}

/** The days on which the account may leave, from the first on: the end of every month or year that it paid for. */
export function* exitDays(plan: AccountPlan, until: number): Generator<number> {
  if (!Number.isFinite(plan.paidOn)) return;
  const months = monthsOf(plan);
  for (let count = 1; ; count += 1) {
    const day = addMonths(plan.paidOn, months * count);
    if (day > until) return;
    yield day;
  }
}

/** Months that one contract period of the account lasts. */
export function monthsOf(plan: AccountPlan): number {
  return plan.term === 'annual' ? MONTHS_A_YEAR : 1;
}
