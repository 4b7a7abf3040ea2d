import { DAY, millis } from './instants.ts';
import { dayAfter, type Random } from './random.ts';
import type { Plan } from './random-options.ts';
import type { AccountLinkRow, AccountRow, IdentityRow, UserRow } from './rows.ts';

/** An account row with every optional column empty but those given. */
export function accountRow(account_id: string, more: Partial<AccountRow> = {}): AccountRow {
  return {
    account_id,
    created: null,
    lead_created: null,
    name: null,
    domain: null,
    employees: null,
    revenue: null,
    industry: null,
    sub_industry: null,
    country: null,
    region: null,
    funding_stage: null,
    tech_stack: [],
    addressable_seats: null,
    parent_id: null,
    csm: null,
    ae: null,
    traits: {},
    ...more,
  };
}

/** A users row with every optional column empty but those given. */
export function userRow(account_id: string, user_id: string, more: Partial<UserRow> = {}): UserRow {
  return {
    user_id,
    account_id,
    email: null,
    role: null,
    seniority: null,
    department: null,
    is_sponsor: null,
    is_champion: null,
    from: null,
    to: null,
    traits: {},
    ...more,
  };
}

/** Who takes part in a random world: declared and undeclared accounts, users and their accounts. */
export interface Cast {
  readonly accounts: readonly AccountRow[];
  /** Every account that facts name, declared or not. */
  readonly accountIds: readonly string[];
  readonly people: readonly UserRow[];
  /** Users by the account in which they mostly work. */
  readonly members: readonly { readonly account: string; readonly user: string }[];
  readonly identities: readonly IdentityRow[];
  readonly links: readonly AccountLinkRow[];
  /** Identifiers under which a user's events may also come. */
  readonly otherIds: ReadonlyMap<string, readonly string[]>;
}

/** Identifiers whose order by code point differs from that by UTF-16 unit stand among the plain ones. */
const ODD_IDS = ['\u{1f600}corp', '｢x｣', 'Zeta', 'a10', 'a9'];

function createdOf(random: Random, plan: Plan): Date | null {
  if (random.chance(0.08)) return null;
  const edges = [30, 60, 44, 120, 0, 30.000_001].map((days) => new Date(Math.round(plan.end - days * DAY)));
  if (plan.has('edges') && random.chance(0.15)) return random.pick(edges);
  const day = random.chance(0.7) ? random.int(150, 460) : random.int(0, 519);
  return new Date(millis(dayAfter(plan.start, day)) + (random.chance(0.5) ? 0 : random.int(0, DAY - 1)));
}

function randomAccount(random: Random, plan: Plan, id: string): AccountRow {
  const hasTestName = plan.has('exclusions') && random.chance(0.06);
  return accountRow(id, {
    created: createdOf(random, plan),
    name: hasTestName ? `Test ${id}` : (random.maybe(0.8, () => `Company ${id}`) ?? random.blank()),
    employees: random.maybe(0.85, () => random.pick([3, 20, 49, 50, 120, 500, 501, 900, 2000, 5000])),
    industry: random.maybe(0.8, () => random.pick(['fintech', 'saas', 'retail'])) ?? random.blank(),
    addressable_seats: random.maybe(0.3, () => random.pick([5, 20, 100, 0])),
    country: random.maybe(0.5, () => random.pick(['DE', 'US'])) ?? random.blank(),
    tech_stack: random.chance(0.3) ? ['snowflake', 'dbt'].slice(0, random.int(1, 2)) : [],
  });
}

/** Rows of one person in one account: the first row, and later ones that change role, flags or end. */
function rowsOf(random: Random, plan: Plan, account: string, user: string, email: string | null): UserRow[] {
  const details = (): Partial<UserRow> => ({
    email,
    seniority: random.maybe(0.6, () => random.pick(['executive', 'vp', 'manager', 'analyst'])) ?? random.blank(),
    department: random.maybe(0.6, () => random.pick(['finance', 'sales', 'it'])) ?? random.blank(),
    is_sponsor: plan.has('sponsors') ? random.pick([true, false, false, null]) : null,
    is_champion: random.pick([true, false, null]),
  });
  const rows: UserRow[] = [];
  let from: Date | null = random.maybe(0.6, () => dayAfter(plan.start, random.int(100, 470)));
  for (let i = random.pick([1, 1, 1, 2, 3]); i > 0; i--) {
    const begun: number = from === null ? plan.start : millis(from);
    const to: Date | null = i > 1 || random.chance(0.15) ? dayAfter(begun, random.int(5, 120)) : null;
    rows.push(userRow(account, user, { ...details(), from, to }));
    if (to === null) break;
    from = dayAfter(millis(to), random.pick([0, 0, 0, 10, -3]));
  }
  return rows;
}

/** The accounts, users, identities and links of a random world. */
export function randomCast(random: Random, plan: Plan): Cast {
  const declared = Array.from({ length: plan.accounts }, (_, i) => ODD_IDS[i - 3] ?? `acc-${i}`);
  const undeclared = plan.has('undeclared') ? ['ghost-1', 'ghost-2'] : [];
  const accountIds = [...declared, ...undeclared];
  const members: { account: string; user: string }[] = [];
  const people: UserRow[] = [];
  for (let i = 0; i < plan.users; i++) {
    const user = `user-${i}`;
    const email = plan.has('exclusions') && random.chance(0.05) ? `${user}@acme.com` : `${user}@client.io`;
    const homes = random.chance(0.12) ? [random.pick(accountIds), random.pick(accountIds)] : [random.pick(accountIds)];
    for (const account of new Set(homes)) {
      members.push({ account, user });
      const isKnown = !plan.has('undeclared') || random.chance(0.85);
      if (isKnown) people.push(...rowsOf(random, plan, account, user, random.chance(0.9) ? email : null));
    }
  }
  const { identities, otherIds } = randomIdentities(random, plan, members);
  return {
    accounts: declared.map((id) => randomAccount(random, plan, id)),
    accountIds,
    people,
    members,
    identities,
    links: randomLinks(random, plan, accountIds),
    otherIds,
  };
}

function randomIdentities(random: Random, plan: Plan, members: readonly { readonly user: string }[]) {
  const identities: IdentityRow[] = [];
  const otherIds = new Map<string, string[]>();
  if (!plan.has('identities')) return { identities, otherIds };
  for (const { user } of members) {
    if (otherIds.has(user) || !random.chance(0.2)) continue;
    const time = new Date(millis(dayAfter(plan.start, random.int(300, 540))) + random.int(0, DAY - 1));
    const isAlias = random.chance(0.4);
    const other = `${isAlias ? 'old' : 'anon'}-${user}`;
    identities.push({
      time,
      user_id: user,
      anonymous_id: isAlias ? random.blank() : other,
      previous_id: isAlias ? other : random.blank(),
    });
    otherIds.set(user, [other]);
    if (random.chance(0.3)) {
      const first = `first-${user}`;
      identities.push({
        time: new Date(millis(time) - random.int(-20, 40) * DAY),
        user_id: other,
        anonymous_id: first,
        previous_id: null,
      });
      otherIds.set(user, [other, first]);
    }
  }
  return { identities, otherIds };
}

function randomLinks(random: Random, plan: Plan, ids: readonly string[]): AccountLinkRow[] {
  if (!plan.has('accountLinks') || ids.length < 3 || !random.chance(0.6)) return [];
  const link = (): AccountLinkRow => {
    const account_id = random.pick(ids);
    const into = random.chance(0.3) ? `${account_id}-new` : random.pick(ids.filter((id) => id !== account_id));
    return {
      account_id,
      into_account_id: into,
      at: dayAfter(plan.start, random.int(350, 530)),
      kind: random.pick(['renamed', 'merged']),
    };
  };
  return Array.from({ length: random.int(1, 2) }, link);
}
