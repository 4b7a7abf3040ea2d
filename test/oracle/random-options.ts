import type { Random } from './random.ts';

/** Families of facts and peculiarities that a random world may hold; each can be switched off to shrink by hand. */
export const FAMILIES = [
  'absentTables',
  'accountLinks',
  'amendments',
  'anonymousSource',
  'contracts',
  'costs',
  'coverage',
  'currencies',
  'duplicates',
  'edges',
  'exclusions',
  'icp',
  'identities',
  'meters',
  'needs',
  'notes',
  'nps',
  'opportunities',
  'ownSignals',
  'registerCoverage',
  'releases',
  'sponsors',
  'tickets',
  'touches',
  'traits',
  'unattributed',
  'undeclared',
  'userless',
  'workflows',
] as const;

export type Family = (typeof FAMILIES)[number];

/** Families that only appear when asked for: an explicit statement about a register. */
const OFF_UNLESS_ASKED: readonly Family[] = ['registerCoverage'];

export interface WorldOptions {
  readonly accounts?: number;
  readonly users?: number;
  /** About so many. */
  readonly events?: number;
  /** Length of the history in days. */
  readonly days?: number;
  readonly families?: Partial<Readonly<Record<Family, boolean>>>;
}

/** Sizes with their defaults, and which families are on. */
export interface Plan {
  readonly accounts: number;
  readonly users: number;
  readonly events: number;
  readonly start: number;
  /** The main as-of: a midnight. */
  readonly end: number;
  readonly has: (family: Family) => boolean;
}

/** The plan of a world from its options; sizes that they leave open are drawn. */
export function planOf(random: Random, options: WorldOptions): Plan {
  const start = Date.UTC(2024, 0, 1);
  const sizes = {
    accounts: random.pick([3, 6, 12, 20]),
    users: random.pick([10, 30, 60]),
    events: random.pick([400, 1000, 2500]),
  };
  return {
    accounts: options.accounts ?? sizes.accounts,
    users: options.users ?? sizes.users,
    events: options.events ?? sizes.events,
    start,
    end: start + (options.days ?? 520) * 86_400_000,
    has: (family) => options.families?.[family] ?? !OFF_UNLESS_ASKED.includes(family),
  };
}
