import { DAY_MS, type History, type PastAccount, type Reach } from '../../src/evidence/history.ts';
import { outcomeAfter } from '../../src/evidence/outcome.ts';
import type { Panel } from '../../src/evidence/panel.ts';
import { type RandomStream, randomStream } from '../../src/stats/random.ts';
import { BEGIN, pastOf } from './past.ts';

/** What a test says of an account of a world of groups; days are counted from `BEGIN`. */
export interface Member {
  readonly id: string;
  readonly created: number;
  readonly churned?: number | undefined;
  /** Day on which it pays half as much again. */
  readonly expanded?: number | undefined;
  readonly band: string;
  readonly texts: Readonly<Record<string, string | null>>;
  readonly numbers: Readonly<Record<string, number>>;
  /** Feature areas by the day of their first use. */
  readonly areas: Readonly<Record<string, number>>;
}

/** A world of groups: everything that questions about groups are asked of. */
export interface GroupWorld {
  readonly history: History;
  readonly panel: Panel;
}

export const FOLLOWED = 730;
const EVERY = 56;
const FIRST = 60;

/** History and panel of members; segment (home and raw), cohort, job and the like are `texts`, the same at every landmark. */
export function worldOf(members: readonly Member[], followed = FOLLOWED): GroupWorld {
  const told = members.map(({ id, created, churned, band }) => ({ id, created, churned, band }));
  const past = pastOf(told, followed, [30, 60]);
  const accounts = past.accounts.map((account, index) => grown(account, members[index] as Member));
  const history = { ...past, accounts };
  const landmarks = Array.from(
    { length: Math.floor((followed - FIRST) / EVERY) + 1 },
    (_, index) => BEGIN + (followed - index * EVERY) * DAY_MS,
  ).reverse();
  const places = landmarks.flatMap((landmarkMs) =>
    members.flatMap((member, cluster) =>
      BEGIN + member.created * DAY_MS < landmarkMs ? [{ landmarkMs, member, cluster }] : [],
    ),
  );
  const rows = places.map(({ landmarkMs, member, cluster }, index) => {
    const account = accounts[cluster] as PastAccount;
    const isGone = member.churned !== undefined && BEGIN + member.churned * DAY_MS <= landmarkMs;
    const home = isGone ? null : (member.texts['segment'] ?? null);
    const outcome = outcomeAfter(history, account, landmarkMs);
    return { index, accountId: member.id, cluster, landmarkMs, isEligible: true, home, raw: home, account, outcome };
  });
  return {
    history,
    panel: {
      landmarks,
      rows,
      numbers: (name) =>
        Float64Array.from(places, ({ member, landmarkMs }) =>
          name === 'account_age_days'
            ? (landmarkMs - BEGIN) / DAY_MS - member.created
            : (member.numbers[name] ?? Number.NaN),
        ),
      texts: (name) => places.map(({ member }) => (name === 'size_band' ? member.band : (member.texts[name] ?? null))),
    },
  };
}

function grown(account: PastAccount, { created, expanded, areas }: Member): PastAccount {
  const at = (day: number) => BEGIN + day * DAY_MS;
  const steps = [{ atMs: at(created + 1), arr: 1000, isCustomer: true }];
  const arr = expanded === undefined ? steps : [...steps, { atMs: at(expanded + 1), arr: 1500, isCustomer: true }];
  const custom = { ...account.apart, arr };
  const reaches = Object.entries(areas).map(
    ([name, day]): Reach => ({ kind: 'area', name, isProxy: false, times: [at(day)], userTimes: [] }),
  );
  return { ...account, apart: custom, linked: custom, reaches };
}

/** Yearly hazards of one drawn account. */
export interface Hazards {
  readonly churn: number;
  readonly expansion: number;
}

const BANDS = ['smb', 'mid_market', 'enterprise'] as const;
const SEGMENTS = ['Alpha', 'Beta', 'Gamma'] as const;
const JOBS = ['reporting', 'monitoring', 'automation', null] as const;
const COHORTS = ['Steady State', 'Power User', 'At Risk'] as const;
const AREAS = ['reports', 'alerts', 'api', 'sharing'] as const;

/** Members whose groups are drawn by chance; `hazardsOf` says what each group has to do with outcomes (nothing: noise). */
export function drawMembers(seed: number, size: number, hazardsOf: (member: Member) => Hazards): readonly Member[] {
  const random = randomStream(seed, 'members');
  return Array.from({ length: size }, (_, index) => {
    const created = Math.floor(random.next() * 400);
    const member = memberOf(random, index, created);
    const { churn, expansion } = hazardsOf(member);
    const churned = created + 1 + Math.ceil((random.exponential() * 365) / churn);
    const expanded = created + 31 + Math.ceil((random.exponential() * 365) / expansion);
    return {
      ...member,
      churned: churned < FOLLOWED ? churned : undefined,
      expanded: expanded < Math.min(churned, FOLLOWED) ? expanded : undefined,
    };
  });
}

function memberOf(random: RandomStream, index: number, created: number): Member {
  const pick = <Value>(values: readonly Value[]): Value => values[random.below(values.length)] as Value;
  const areas = AREAS.filter(() => random.next() < 0.6).map((area) => [area, created + random.below(50)] as const);
  return {
    id: `a${String(index).padStart(4, '0')}`,
    created,
    band: pick(BANDS),
    texts: { segment: pick(SEGMENTS), job: pick(JOBS), cohort: pick(COHORTS), industry: pick(['saas', 'retail']) },
    numbers: {
      arr: 1000,
      employees: 20 + random.below(500),
      sequence_days: random.next() < 0.4 ? 10 : Number.NaN,
      reverted_features: random.below(2),
      core_reverted_features: random.next() < 0.2 ? 1 : 0,
      sessions_30d: random.below(90),
    },
    areas: Object.fromEntries(areas),
  };
}
